#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/html.h"
#include "report/people_number.h"
#include "report/report_html.h"
#include "report/symbol.h"
#include "spectra/pixel_state.h"
#include "statistics/noise_misfit.h"

#define NO_PROBABILITY 1e-4
#define SOME_MISFIT 2.0 /* of what noise alone makes */

static void print_flags(FILE *out, uint32_t flags)
{
    bool is_first = true;

    for (int i = 0; i < TML_FLAG_COUNT; ++i) {
        const char *word = tml_result_flag_name(i);

        if ((flags >> i & 1U) == 0)
            continue;
        fprintf(out, "%s<a class=\"flag\" href=\"#flag-%s\">", is_first ? "" : ", ", word);
        for (; *word != '\0'; ++word)
            fputc(*word == '_' ? ' ' : *word, out);
        fputs("</a>", out);
        is_first = false;
    }
}

/* ---- goodness of fit ---- */

static const char *fit_in_words(const tml_object_result *object)
{
    if (!isfinite(object->p))
        return "How well the answer fits the observation is not known: there was no grid to compare with.";
    if (object->p >= 0.05)
        return "The spectrum that this answer implies fits the observation within its errors.";
    if (object->p >= 0.001)
        return "The spectrum that this answer implies fits the observation moderately: it is somewhat "
               "farther away than the errors suggest.";
    return "The spectrum that this answer implies does not fit the observation within its errors: read the "
           "errors of the parameters with caution.";
}

static void print_fit(FILE *out, const tml_object_result *object)
{
    tml_html_row(out, "Goodness of fit");
    fputs("<td>", out);
    if (!isfinite(object->chi2)) {
        fputs("not known", out);
    } else {
        tml_html_print(out, "chi-square %.1f for %.0f degrees of freedom", object->chi2, object->dof);
        if (object->dof > 0.0)
            tml_html_print(out, " (%.2f each)", object->chi2 / object->dof);
        if (isfinite(object->p) && object->p < NO_PROBABILITY)
            fputs("; by chance it would be this large in fewer than 1 of 10,000 cases", out);
        else if (isfinite(object->p))
            tml_html_print(out, "; by chance it would be this large in %.2g %% of cases", 100.0 * object->p);
    }
    fputs("</td>", out);
    tml_html_row_end(out);
}

/* ---- the table ---- */

/* What a source says of a parameter; NULL: nothing. */
static const tml_measure *find_value(const tml_literature *source, const char *name)
{
    for (size_t v = 0; v < source->count; ++v)
        if (strcmp(source->name[v], name) == 0 && isfinite(source->value[v].value))
            return &source->value[v];
    return NULL;
}

static bool says_something(const tml_object_result *object, const tml_literature *source)
{
    for (size_t p = 0; p < object->parameters; ++p)
        if (find_value(source, object->parameter[p].name) != NULL)
            return true;
    return false;
}

static void print_headers(FILE *out, const tml_object_result *object)
{
    const char *headers[10 + TML_OBJECT_LITERATURE] = {"parameter",       "value",         "\u00b1",
                                                       "68 % interval",   "95 % interval", "\u00b1 by noise",
                                                       "\u00b1 by model", "flags"};
    size_t count = 8;

    if (object->grid_point.row >= 0)
        headers[count++] = "best grid point";
    for (size_t i = 0; i < object->facts.literature_count; ++i)
        if (says_something(object, &object->facts.literature[i]))
            headers[count++] = object->facts.literature[i].source;
    headers[count] = NULL;
    tml_html_headers(out, headers);
}

static void print_spread(FILE *out, double sd)
{
    char text[TML_PEOPLE_TEXT];

    tml_people_number(sd, tml_people_decimals(sd), text);
    tml_html_cell(out, "%s", text);
}

static void print_others(FILE *out, const tml_object_result *object, size_t p)
{
    const tml_parameter_result *parameter = &object->parameter[p];
    char text[TML_PEOPLE_PAIR];

    if (object->grid_point.row >= 0) {
        tml_people_number(object->grid_point.parameter[p], TML_PEOPLE_PLAIN, text);
        tml_html_cell(out, "%s", text);
    }
    for (size_t i = 0; i < object->facts.literature_count; ++i) {
        const tml_literature *source = &object->facts.literature[i];
        const tml_measure *found = find_value(source, parameter->name);

        if (!says_something(object, source))
            continue;
        text[0] = '\0';
        if (found != NULL)
            tml_people_measure(found->value, found->sd, text);
        tml_html_cell(out, "%s", text);
    }
}

static void print_parameter(FILE *out, const tml_object_result *object, size_t p)
{
    const tml_parameter_result *parameter = &object->parameter[p];
    char text[TML_PEOPLE_PAIR];

    tml_html_row_of_target(out, parameter->name, parameter->unit);
    tml_people_number(parameter->value, tml_people_decimals(parameter->sd), text);
    tml_html_cell(out, "%s", text);
    print_spread(out, parameter->sd);
    tml_people_interval(parameter->p16, parameter->p84, parameter->sd, text);
    tml_html_cell(out, "%s", text);
    tml_people_interval(parameter->p2_5, parameter->p97_5, parameter->sd, text);
    tml_html_cell(out, "%s", text);
    print_spread(out, parameter->sd_noise);
    print_spread(out, parameter->sd_model);
    fputs("<td>", out);
    print_flags(out, parameter->flags);
    fputs("</td>", out);
    print_others(out, object, p);
    tml_html_row_end(out);
}

/* ---- facts ---- */

static void print_measure(FILE *out, const char *name, tml_measure measure, const char *unit)
{
    char text[TML_PEOPLE_PAIR];

    if (!isfinite(measure.value))
        return;
    tml_people_measure(measure.value, measure.sd, text);
    tml_html_fact(out, name, "%s %s", text, unit);
}

static void print_pixels(FILE *out, const char *name, size_t count, const uint8_t *state)
{
    size_t counts[TML_PIXEL_STATES];

    if (count == 0)
        return;
    tml_pixel_count(count, state, counts);
    tml_html_row(out, name);
    fprintf(out, "<td>%zu used of %zu", counts[TML_PIXEL_USED], count);
    for (int i = 1; i < TML_PIXEL_STATES; ++i) {
        const char *word = tml_pixel_state_name((tml_pixel_state)i);

        if (counts[i] == 0)
            continue;
        fprintf(out, ", %zu ", counts[i]);
        for (; *word != '\0'; ++word)
            fputc(*word == '_' ? ' ' : *word, out);
    }
    fputs("</td>", out);
    tml_html_row_end(out);
}

static void print_grid_point(FILE *out, const tml_object_result *object)
{
    if (object->grid_point.row < 0)
        return;
    if (isfinite(object->grid_point.chi2))
        tml_html_fact(out, "Best grid point",
                      "row %lld, chi-square %.1f: of all spectra of the grid, scaled, the one nearest to the "
                      "observation",
                      (long long)object->grid_point.row, object->grid_point.chi2);
    else
        tml_html_fact(out, "Best grid point", "row %lld", (long long)object->grid_point.row);
}

/* Whether the object is of a kind that the grid knows. */
static void print_misfit(FILE *out, const tml_object_result *object)
{
    const tml_interval noise = tml_noise_misfit(object->dof);
    double misfit = tml_misfit(object->grid_point.chi2, object->dof);
    const char *meaning = "nothing in the grid looks like this object within its errors, so that answer and "
                          "\u00b1 hold only as far as the nearest spectra are near enough";

    if (object->grid_point.row < 0 || !isfinite(misfit) || !isfinite(noise.high))
        return;
    if (misfit <= noise.high)
        meaning = "the grid knows spectra like this one";
    else if (misfit <= SOME_MISFIT * noise.high)
        meaning = "the grid has no spectrum quite like it, or its steps are large beside the errors";
    tml_html_fact(out, "Misfit of the best grid point",
                  "%.2f standard errors for each wavelength, where noise alone makes up to %.2f: %s", misfit,
                  noise.high, meaning);
}

static void print_facts(FILE *out, const tml_object_result *object)
{
    tml_html_facts_begin(out);
    print_fit(out, object);
    if (object->inflation > 1.0)
        tml_html_fact(out, "Errors enlarged",
                      "by a factor of %.2f for \u00b1 and intervals, because neither the answer nor any grid "
                      "point fits better",
                      object->inflation);
    print_measure(out, "Radius that the fit implies", object->radius_rjup, "Jupiter radii");
    print_measure(out, "Radius given", object->facts.radius_rjup, "Jupiter radii");
    print_measure(out, "Distance given", object->facts.distance_pc, "pc");
    print_measure(out, "Observation over implied spectrum", object->scale, "");
    print_grid_point(out, object);
    print_misfit(out, object);
    print_pixels(out, "Wavelengths of the network", object->bins, object->bin_state);
    print_pixels(out, "Pixels of the observation", object->pixels, object->pixel_state);
    tml_html_fact(out, "Repetitions with noise", "%zu", object->draws);
    tml_html_fact(out, "Observation", "%s", object->file);
    tml_html_fact(out, "Model", "%s (weights %s)", object->model_file, object->model_digest);
    tml_html_table_end(out);
}

static void print_reading_help(FILE *out)
{
    fputs("<p class=\"muted\">The value is the network's answer for the observation as it is; "
          "\u00b1 is one standard deviation of its answers when noise is added again and again, "
          "and the intervals hold 68 % and 95 % of those answers. The part \u201cby noise\u201d "
          "comes from the errors of the observation as they are stated, the part \u201cby "
          "model\u201d is the network's own error for such spectra. What is wrong with a whole "
          "grid of models is not included.</p>\n",
          out);
}

static void print_object(tml_html_page *page, size_t number)
{
    const tml_object_result *object = &page->sources->results.object[number];
    FILE *out = page->out;
    char answer[TML_PEOPLE_ANSWER];

    fprintf(out, "<section id=\"object-%zu\">\n<h2>", number + 1);
    tml_html_text(out, object->facts.name);
    fputs("</h2>\n<p class=\"answer\">", out);
    tml_people_answer(object, answer);
    tml_html_text(out, answer);
    fprintf(out, "</p>\n<p>%s", fit_in_words(object));
    if (object->flags != 0) {
        fputs(" Flags: ", out);
        print_flags(out, object->flags);
        fputs(".", out);
    }
    fputs("</p>\n", out);
    tml_html_table_begin(out, NULL);
    print_headers(out, object);
    for (size_t p = 0; p < object->parameters; ++p)
        print_parameter(out, object, p);
    tml_html_table_end(out);
    if (number == 0)
        print_reading_help(out);
    print_facts(out, object);
    tml_html_figures(page, TML_FIGURE_OF_OBJECT, number);
    fputs("</section>\n", out);
}

void tml_html_objects(tml_html_page *page)
{
    for (size_t i = 0; i < page->sources->results.count; ++i)
        print_object(page, i);
}
