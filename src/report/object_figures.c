#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "plots/chi_square_map.h"
#include "plots/corner.h"
#include "plots/draw_histograms.h"
#include "plots/model_comparison.h"
#include "plots/observation.h"
#include "report/clean_text.h"
#include "report/figures.h"
#include "report/people_number.h"
#include "report/symbol.h"
#include "spectra/pixel_state.h"
#include "statistics/chi_square.h"

#define PER_FREQUENCY "erg s\u207b\u00b9 cm\u207b\u00b2 Hz\u207b\u00b9"
#define PER_WAVELENGTH "erg s\u207b\u00b9 cm\u207b\u00b2 \u00c5\u207b\u00b9"

/* Below this probability no grid point fits: the differences between them then say little. */
#define POOR_FIT 1e-3

enum { TITLE = 192, LABEL = 2 * TML_RESULT_NAME };

/* What the figures of one object share. */
typedef struct scene {
    const tml_object_result *object;
    size_t number;
    const char *name; /* clean */
    const char *folder;
    tml_report_figures *figures;
} scene;

static tml_status add(const scene *s, const char *kind, const char *caption, tml_report_figure **figure,
                      tml_error *error)
{
    char wanted[TML_FIGURE_NAME];

    snprintf(wanted, sizeof wanted, "%s_%s",
             s->object->facts.name[0] != '\0' ? s->object->facts.name : "object", kind);
    return tml_report_figures_add(s->figures, TML_FIGURE_OF_OBJECT, s->number, wanted, caption, figure,
                                  error);
}

static const char *pixel_label(const tml_object_result *object)
{
    if (object->is_relative)
        return "Flux (relative)";
    return object->density == TML_FLUX_PER_FREQUENCY ? "Flux [" PER_FREQUENCY "]"
                                                     : "Flux [" PER_WAVELENGTH "]";
}

static tml_status draw_observation(const scene *s, tml_error *error)
{
    const tml_object_result *object = s->object;
    const char *words[TML_PIXEL_STATES];
    tml_observation_plot plot = {.title = s->name,
                                 .flux_label = pixel_label(object),
                                 .count = object->pixels,
                                 .wavelength_um = object->pixel_um,
                                 .flux = object->pixel_flux,
                                 .error = object->pixel_error,
                                 .state = object->pixel_state,
                                 .states = TML_PIXEL_STATES,
                                 .state_name = words};
    tml_report_figure *figure;
    tml_error why = {0, ""};
    tml_status status;

    if (object->pixels == 0)
        return TML_OK;
    for (int i = 0; i < TML_PIXEL_STATES; ++i)
        words[i] = tml_pixel_state_name((tml_pixel_state)i);
    status = add(s, "observation",
                 "The observed spectrum with its errors. Pixels that were not used are marked by the reason "
                 "why.",
                 &figure, error);
    if (status == TML_OK)
        tml_report_figure_drawn(s->figures, figure,
                                tml_plot_observation(&plot, s->folder, figure->name, &why), &why);
    return status;
}

static bool has_model(const tml_object_result *object)
{
    for (size_t i = 0; i < object->bins; ++i)
        if (isfinite(object->bin_model[i]))
            return true;
    return false;
}

static tml_status draw_model(const scene *s, tml_error *error)
{
    const tml_object_result *object = s->object;
    char label[TML_PEOPLE_ANSWER];
    char title[TITLE];
    tml_model_comparison_plot plot = {
        .title = title,
        .model_label = label,
        .flux_label = object->is_at_surface ? "Flux at the surface [" PER_FREQUENCY "]"
                                            : "Flux per frequency (relative)",
        .count = object->bins,
        .wavelength_um = object->bin_um,
        .observed = object->bin_flux,
        .error = object->bin_error,
        .model = object->bin_model,
        .band = {object->bin_band[0], object->bin_band[1], object->bin_band[3], object->bin_band[4]}};
    tml_report_figure *figure;
    tml_error why = {0, ""};
    tml_status status;

    if (!has_model(object))
        return TML_OK;
    tml_people_label(object, label);
    snprintf(title, sizeof title, "%s", s->name);
    if (isfinite(object->chi2))
        snprintf(title, sizeof title, "%s: chi-square %.1f, %.0f degrees of freedom", s->name, object->chi2,
                 object->dof);
    status = add(s, "model",
                 "Observed spectrum at the network's wavelengths and the spectrum that the answer implies, "
                 "interpolated from the grid and scaled; behind it, where 68 % and 95 % of the spectra lie "
                 "that the repetitions with noise imply; below, observed minus implied in units of the "
                 "observation's error.",
                 &figure, error);
    if (status == TML_OK)
        tml_report_figure_drawn(s->figures, figure,
                                tml_plot_model_comparison(&plot, s->folder, figure->name, &why), &why);
    return status;
}

/* What others found for a parameter. */
static void add_references(const tml_object_facts *facts, const char *name, tml_draw_panel *panel)
{
    for (size_t i = 0; i < facts->literature_count; ++i) {
        const tml_literature *source = &facts->literature[i];

        for (size_t v = 0; v < source->count && panel->references < TML_DRAW_REFERENCES; ++v) {
            if (strcmp(source->name[v], name) != 0 || !isfinite(source->value[v].value))
                continue;
            panel->reference_name[panel->references] = source->source;
            panel->reference[panel->references] = source->value[v].value;
            panel->reference_sd[panel->references] = source->value[v].sd;
            ++panel->references;
        }
    }
}

/* "log g [dex (cgs)]"; on the small frames of many "log g [cgs]". */
static void write_label(const tml_parameter_result *parameter, bool is_short, char label[LABEL])
{
    static const char decades[] = "dex (";
    const char *unit = tml_people_unit(parameter->unit);
    int length = (int)strlen(unit);

    if (is_short && strncmp(unit, decades, strlen(decades)) == 0 && unit[length - 1] == ')') {
        unit += strlen(decades);
        length = (int)strlen(unit) - 1;
    }
    snprintf(label, LABEL, length > 0 ? "%s [%.*s]" : "%s%.*s", tml_symbol_of(parameter->name), length, unit);
}

static void fill_panel(const tml_object_result *object, size_t p, const char *label, tml_draw_panel *panel)
{
    const tml_parameter_result *parameter = &object->parameter[p];

    panel->label = label;
    panel->stride = object->parameters;
    panel->draw = object->draw + p;
    panel->value = parameter->value;
    panel->p16 = parameter->p16;
    panel->p84 = parameter->p84;
    panel->grid_low = parameter->grid_low;
    panel->grid_high = parameter->grid_high;
    add_references(&object->facts, parameter->name, panel);
}

/* What both figures of the draws show. @param labels  room, borrowed by the plot */
static void fill_draws(const scene *s, bool is_small, char labels[TML_DRAW_PANELS][LABEL],
                       tml_draw_histograms_plot *plot)
{
    *plot = (tml_draw_histograms_plot){
        .title = s->name, .draws = s->object->draws, .panels = s->object->parameters};
    for (size_t p = 0; p < plot->panels; ++p) {
        write_label(&s->object->parameter[p], is_small, labels[p]);
        fill_panel(s->object, p, labels[p], &plot->panel[p]);
    }
}

static tml_status draw_draws(const scene *s, tml_error *error)
{
    tml_draw_histograms_plot plot;
    char labels[TML_DRAW_PANELS][LABEL];
    char caption[TML_FIGURE_CAPTION];
    tml_report_figure *figure;
    tml_error why = {0, ""};
    tml_status status;

    if (s->object->draws < 2)
        return TML_OK;
    fill_draws(s, false, labels, &plot);
    snprintf(caption, sizeof caption,
             "How the answer varies over %zu repetitions with noise of the size of the observation's errors "
             "and of the network's own: the answer, the central 68 %%, and what others found. The box above "
             "goes from the first to the third quartile, with the median as a line and the mean as a white "
             "diamond; its whiskers end at the last value within 1.5 times its length, single values beyond "
             "are dots.",
             s->object->draws);
    status = add(s, "draws", caption, &figure, error);
    if (status == TML_OK)
        tml_report_figure_drawn(s->figures, figure,
                                tml_plot_draw_histograms(&plot, s->folder, figure->name, &why), &why);
    return status;
}

static tml_status draw_corner(const scene *s, tml_error *error)
{
    tml_draw_histograms_plot plot;
    char labels[TML_DRAW_PANELS][LABEL];
    tml_report_figure *figure;
    tml_error why = {0, ""};
    tml_status status;

    if (s->object->draws < 2 || s->object->parameters < 2)
        return TML_OK;
    fill_draws(s, true, labels, &plot);
    status = add(s, "corner",
                 "How the parameters hang together: for each pair of them the smoothed areas that hold 68 % "
                 "and 95 % of the repetitions, and on the diagonal how often each value occurs. An area that "
                 "lies aslant means that one parameter can make up for the other.",
                 &figure, error);
    if (status == TML_OK)
        tml_report_figure_drawn(s->figures, figure, tml_plot_corner(&plot, s->folder, figure->name, &why),
                                &why);
    return status;
}

/* The radii that the grid points' brightness implies: of the given one by the root of the scale. */
static tml_status find_radii(const tml_object_result *object, double **radius, tml_error *error)
{
    tml_status status = tml_array_create(object->grid_rows, sizeof **radius, "radii of grid points", radius,
                                         error);

    for (size_t i = 0; i < object->grid_rows && status == TML_OK; ++i)
        (*radius)[i] = object->grid_scale[i] > 0.0
                           ? object->facts.radius_rjup.value * sqrt(object->grid_scale[i])
                           : (double)NAN;
    return status;
}

static void fill_map(const scene *s, char labels[TML_DRAW_PANELS][LABEL], const double *radius,
                     tml_chi_square_map_plot *plot)
{
    const tml_object_result *object = s->object;
    bool is_poor = tml_chi_square_tail(object->grid_chi2[0], object->dof) < POOR_FIT;

    *plot = (tml_chi_square_map_plot){.title = s->name,
                                      .rows = object->grid_rows,
                                      .chi2 = object->grid_chi2,
                                      .parameters = object->parameters,
                                      .parameter = object->grid_parameter,
                                      .dof = is_poor ? object->dof : (double)NAN,
                                      .radius = isfinite(object->radius_rjup.value) ? radius : NULL,
                                      .answer_radius = object->radius_rjup.value,
                                      .answer_chi2 = object->chi2,
                                      .given_radius = object->facts.radius_rjup.value,
                                      .given_radius_sd = object->facts.radius_rjup.sd};
    for (size_t p = 0; p < object->parameters; ++p) {
        write_label(&object->parameter[p], true, labels[p]);
        plot->label[p] = labels[p];
        plot->answer[p] = object->parameter[p].value;
    }
}

static tml_status draw_map(const scene *s, tml_error *error)
{
    tml_chi_square_map_plot plot;
    char labels[TML_DRAW_PANELS][LABEL];
    char caption[TML_FIGURE_CAPTION];
    double *radius = NULL;
    tml_report_figure *figure;
    tml_error why = {0, ""};
    tml_status status;

    if (s->object->grid_rows < 2)
        return TML_OK;
    status = find_radii(s->object, &radius, error);
    if (status != TML_OK)
        return status;
    fill_map(s, labels, radius, &plot);
    snprintf(
        caption, sizeof caption,
        "How well the %zu best spectra of the grid fit the observation, each on its best scale: %s. For "
        "each pair of parameters the smallest over all others, as cells around the nodes of the grid, "
        "dark where the fit is good; on the diagonal the same for each parameter. Where there is no cell "
        "there is no such spectrum, or none among the best.%s",
        s->object->grid_rows,
        plot.dof > 0.0 ? "chi-square for each degree of freedom, because none of them fits within the "
                         "errors"
                       : "chi-square minus that of the best grid point",
        plot.radius != NULL ? " Below, the same against the radius that the brightness implies; the "
                              "square is the network's answer."
                            : "");
    status = add(s, "chi2", caption, &figure, error);
    if (status == TML_OK)
        tml_report_figure_drawn(s->figures, figure,
                                tml_plot_chi_square_map(&plot, s->folder, figure->name, &why), &why);
    free(radius);
    return status;
}

tml_status tml_object_figures_draw(const tml_report_sources *sources, const char *folder,
                                   tml_report_figures *figures, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t i = 0; i < sources->results.count && status == TML_OK; ++i) {
        const tml_object_result *object = &sources->results.object[i];
        char *name = tml_text_clean(object->facts.name, false);
        const scene s = {object, i, name, folder, figures};

        if (name == NULL)
            return TML_FAIL(error, TML_INTERNAL, "no memory for the figures of an object");
        status = draw_observation(&s, error);
        if (status == TML_OK)
            status = draw_model(&s, error);
        if (status == TML_OK)
            status = draw_draws(&s, error);
        if (status == TML_OK)
            status = draw_corner(&s, error);
        if (status == TML_OK)
            status = draw_map(&s, error);
        free(name);
    }
    return status;
}
