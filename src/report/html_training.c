#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "report/html.h"
#include "report/people_number.h"
#include "report/report_html.h"

/* Settings that people ask for first. */
static const char *const key_settings[][3] = {{"run", "seed", "Seed"},
                                              {"grid", "path", "Grid"},
                                              {"grid", "targets", "Parameters learned"},
                                              {"split", "rule", "Rule of the split"},
                                              {"input", "noise", "Noise on training spectra"},
                                              {"batch", "global", "Spectra per step"},
                                              {"optimiser", "learning_rate", "Learning rate"},
                                              {"stop", "monitor", "Loss that decides when to stop"}};

static void print_settings(const tml_html_page *page)
{
    char value[TML_REPORT_SETTING];

    for (size_t i = 0; i < sizeof key_settings / sizeof key_settings[0]; ++i)
        if (tml_report_setting(page->sources, key_settings[i][0], key_settings[i][1], value))
            tml_html_fact(page->out, key_settings[i][2], "%s", value);
}

static void print_model(FILE *out, const tml_model_contents *model)
{
    tml_html_fact(out, "Epochs", "%lld", (long long)model->epochs);
    if (model->best_epoch >= 0)
        tml_html_fact(out, "Best epoch, whose weights were kept", "%lld, with a loss of %.4g",
                      (long long)model->best_epoch + 1, model->best_loss);
    tml_html_fact(out, "Weights", "%zu", model->weight_count);
    tml_html_fact(out, "Wavelengths", "%zu", model->wavelengths);
    if (model->grid_digest[0] != '\0')
        tml_html_fact(out, "Digest of the grid", "%s", model->grid_digest);
}

static void print_duration(const tml_html_page *page)
{
    const tml_history *history = &page->sources->history;
    const double *seconds = tml_history_column(history, "seconds");
    char text[TML_CLOCK_TEXT];

    if (seconds == NULL || history->rows == 0 || !isfinite(seconds[history->rows - 1]))
        return;
    tml_clock_duration(seconds[history->rows - 1], text);
    tml_html_fact(page->out, "Time of computing", "%s", text);
}

void tml_html_training(tml_html_page *page)
{
    const tml_report_sources *sources = page->sources;
    FILE *out = page->out;

    if (!sources->has_model && !sources->has_history)
        return;
    fputs("<section id=\"training\">\n<h2>Training</h2>\n", out);
    tml_html_facts_begin(out);
    if (sources->has_model)
        print_model(out, &sources->model);
    else
        tml_html_fact(out, "Epochs so far", "%zu; there is no finished model yet", sources->history.rows);
    print_duration(page);
    if (sources->has_ranks)
        tml_html_fact(out, "Ranks of the last job", "%zu", sources->ranks.rows);
    print_settings(page);
    tml_html_table_end(out);
    tml_html_figures(page, TML_FIGURE_OF_TRAINING, 0);
    if (sources->parameters != NULL) {
        fputs("<details>\n<summary>All settings (<code>used_parameters.yml</code>)</summary>\n<pre>", out);
        tml_html_text(out, sources->parameters);
        fputs("</pre>\n</details>\n", out);
    }
    fputs("</section>\n", out);
}
