#include "plots/wavelength_correlation.h"

#include <math.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/heading.h"
#include "plots/marks.h"
#include "plots/panels.h"

#define FRAME_HEIGHT_PT 56.0
#define LIMIT 1.06 /* so that a line at 1 is not hidden by the frame */

enum { ONE_COLUMN_PANELS = 6 };

static const tml_pen pearson_pen = {.colour = TML_COLOUR_SERIES, .width_pt = TML_LINE_DATA_PT};
static const tml_pen spearman_pen = {TML_COLOUR_SERIES + 1, TML_LINE_DATA_PT, 3.0, 1.8};
static const tml_pen zero_pen = {.colour = TML_COLOUR_MUTED, .width_pt = TML_LINE_FRAME_PT};

typedef struct drawing {
    const tml_wavelength_correlation_plot *plot;
    double width_pt, height_pt;
    tml_heading heading;
    tml_axes axes[TML_CORRELATION_PANELS];
} drawing;

static void lay_out(drawing *picture)
{
    const tml_wavelength_correlation_plot *plot = picture->plot;
    size_t columns = plot->panels > ONE_COLUMN_PANELS ? 2 : 1;
    const tml_panels panels = {.columns = columns,
                               .width_pt = columns > 1 ? TML_FIGURE_WIDE_PT : TML_FIGURE_WIDTH_PT,
                               .frame_pt = FRAME_HEIGHT_PT,
                               .has_one_x = true};
    const tml_legend_entry entries[] = {{.text = "Pearson", .pen = pearson_pen},
                                        {.text = "Spearman", .pen = spearman_pen}};
    double top;

    picture->heading.title = plot->title;
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; ++i)
        tml_heading_add(&picture->heading, &entries[i]);
    for (size_t p = 0; p < plot->panels; ++p) {
        tml_axes *axes = &picture->axes[p];

        axes->x = (tml_axis){.low = INFINITY, .high = -INFINITY, .label = "Wavelength [μm]"};
        tml_axis_cover(&axes->x, plot->wavelengths, plot->wavelength_um);
        tml_axis_pad(&axes->x, 0.02);
        axes->y = (tml_axis){.low = -LIMIT, .high = LIMIT, .label = plot->panel[p].label};
    }
    top = tml_panels_place(&panels, plot->panels, picture->axes);
    picture->width_pt = panels.width_pt;
    picture->height_pt = ceil(
        top + tml_heading_height(&picture->heading,
                                 panels.width_pt - picture->axes[0].frame.left - TML_MARGIN_RIGHT_PT));
}

static bool has_value(size_t count, const double *values)
{
    for (size_t i = 0; i < count; ++i)
        if (isfinite(values[i]))
            return true;
    return false;
}

static void draw_panel(const tml_canvas *canvas, const drawing *picture, size_t p)
{
    const tml_wavelength_correlation_plot *plot = picture->plot;
    const tml_correlation_panel *given = &plot->panel[p];
    const tml_axes *axes = &picture->axes[p];
    double zero = tml_axes_y(axes, 0.0);

    tml_axes_grid(canvas, axes);
    if (has_value(plot->wavelengths, given->pearson) || has_value(plot->wavelengths, given->spearman)) {
        tml_pen_line(canvas, &zero_pen, axes->frame.left, zero, axes->frame.right, zero);
        tml_marks_curve(canvas, axes, &pearson_pen, plot->wavelengths, plot->wavelength_um, given->pearson);
        tml_marks_curve(canvas, axes, &spearman_pen, plot->wavelengths, plot->wavelength_um, given->spearman);
    } else {
        tml_marks_nothing(canvas, axes, "does not vary: no correlation");
    }
    tml_axes_frame(canvas, axes);
}

static void draw_correlation(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_box *first = &picture->axes[0].frame;

    for (size_t p = 0; p < picture->plot->panels; ++p)
        draw_panel(canvas, picture, p);
    tml_heading_draw(canvas, &picture->heading, first->left, first->top,
                     picture->width_pt - first->left - TML_MARGIN_RIGHT_PT);
}

tml_status tml_plot_wavelength_correlation(const tml_wavelength_correlation_plot *plot, const char *folder,
                                           const char *name, tml_error *error)
{
    drawing *picture = NULL;
    tml_status status;

    if (plot->wavelengths == 0 || plot->panels == 0 || plot->panels > TML_CORRELATION_PANELS)
        return TML_FAIL(error, TML_BAD_DATA,
                        "correlations of %zu parameters at %zu wavelengths: a figure has 1 to %d parameters "
                        "and at least one wavelength",
                        plot->panels, plot->wavelengths, TML_CORRELATION_PANELS);
    status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status == TML_OK) {
        picture->plot = plot;
        lay_out(picture);
        status = tml_canvas_write(folder, name, picture->width_pt, picture->height_pt, draw_correlation,
                                  picture, error);
    }
    free(picture);
    return status;
}
