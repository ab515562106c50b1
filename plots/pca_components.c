#include "plots/pca_components.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/flux_axis.h"
#include "plots/heading.h"
#include "plots/marks.h"
#include "plots/panels.h"

#define FRAME_HEIGHT_PT 48.0
#define NOTE_PT (1.35 * TML_TYPE_NOTE_PT)

enum { TEXT_LENGTH = 64 };

typedef struct drawing {
    const tml_pca_components_plot *plot;
    double width_pt, height_pt;
    tml_heading heading;
    tml_axes axes[TML_COMPONENT_PANELS];
    char note[TML_COMPONENT_PANELS][TEXT_LENGTH];
} drawing;

static void prepare_panel(drawing *picture, size_t p)
{
    const tml_pca_components_plot *plot = picture->plot;
    const tml_component_panel *given = &plot->panel[p];
    tml_axes *axes = &picture->axes[p];

    axes->x = (tml_axis){.low = INFINITY, .high = -INFINITY, .label = "Wavelength [μm]"};
    tml_axis_cover(&axes->x, plot->wavelengths, plot->wavelength_um);
    tml_axis_pad(&axes->x, 0.02);
    axes->y = (tml_axis){.low = 0.0, .high = 0.0, .label = "Weight"};
    tml_axis_cover(&axes->y, plot->wavelengths, given->weight);
    tml_axis_pad(&axes->y, 0.08);
    if (isfinite(given->share))
        snprintf(picture->note[p], TEXT_LENGTH, "component %zu: %.3g %% of the variance", p + 1,
                 100.0 * given->share);
    else
        snprintf(picture->note[p], TEXT_LENGTH, "component %zu", p + 1);
}

static void lay_out(drawing *picture)
{
    size_t count = picture->plot->panels;
    const tml_panels panels = {.columns = 1,
                               .width_pt = tml_flux_axis_page_width(picture->plot->wavelengths),
                               .frame_pt = FRAME_HEIGHT_PT,
                               .above_pt = NOTE_PT,
                               .has_one_x = true};
    double top;

    for (size_t p = 0; p < count; ++p)
        prepare_panel(picture, p);
    top = tml_panels_place(&panels, count, picture->axes);
    picture->heading.title = picture->plot->title;
    picture->width_pt = panels.width_pt;
    picture->height_pt = ceil(top + tml_heading_height(&picture->heading, panels.width_pt));
}

static void draw_components(const tml_canvas *canvas, const void *data)
{
    const tml_type note = {TML_TYPE_NOTE_PT, TML_COLOUR_INK, 0.0, false};
    const drawing *picture = data;
    const tml_pca_components_plot *plot = picture->plot;
    const tml_box *first = &picture->axes[0].frame;

    for (size_t p = 0; p < plot->panels; ++p) {
        const tml_axes *axes = &picture->axes[p];
        const tml_pen pen = {.colour = tml_theme_series(p), .width_pt = TML_LINE_DATA_PT};

        tml_axes_grid(canvas, axes);
        tml_flux_axis_zero(canvas, axes);
        tml_marks_curve(canvas, axes, &pen, plot->wavelengths, plot->wavelength_um, plot->panel[p].weight);
        tml_axes_frame(canvas, axes);
        tml_pen_text(canvas, &note, axes->frame.left, axes->frame.top + 0.3 * note.size_pt, picture->note[p]);
    }
    tml_heading_draw(canvas, &picture->heading, first->left, first->top + NOTE_PT,
                     picture->width_pt - first->left - TML_MARGIN_RIGHT_PT);
}

tml_status tml_plot_pca_components(const tml_pca_components_plot *plot, const char *folder, const char *name,
                                   tml_error *error)
{
    drawing *picture = NULL;
    tml_status status;

    if (plot->wavelengths == 0 || plot->panels == 0 || plot->panels > TML_COMPONENT_PANELS)
        return TML_FAIL(error, TML_BAD_DATA,
                        "%zu components at %zu wavelengths: a figure has 1 to %d components and at least one "
                        "wavelength",
                        plot->panels, plot->wavelengths, TML_COMPONENT_PANELS);
    status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status == TML_OK) {
        picture->plot = plot;
        lay_out(picture);
        status = tml_canvas_write(folder, name, picture->width_pt, picture->height_pt, draw_components,
                                  picture, error);
    }
    free(picture);
    return status;
}
