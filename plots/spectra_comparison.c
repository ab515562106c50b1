#include "plots/spectra_comparison.h"

#include <math.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/heading.h"
#include "plots/marks.h"
#include "plots/panels.h"

enum { COLUMNS = 2 };

#define WIDTH_PT 504.0 /* two columns of a journal */
#define UPPER_PT 98.0
#define LOWER_PT 34.0
#define GAP_PT 4.0
#define NOTE_PT (1.35 * TML_TYPE_NOTE_PT)
#define LEAST_DEX 0.1
#define MOST_DEX 2.0

static const tml_pen zero_pen = {.colour = TML_COLOUR_INK, .width_pt = TML_LINE_FRAME_PT};

typedef struct drawing {
    const tml_spectra_comparison_plot *plot;
    const double *ratio; /* [panels][curves][wavelengths] dex */
    double height_pt;
    tml_axes upper[TML_SPECTRA_PANELS], lower[TML_SPECTRA_PANELS];
    tml_heading heading;
} drawing;

/* The first is thin and lies on top of the others, so that all are seen where they agree. */
static tml_pen curve_pen(size_t curve)
{
    if (curve == 0)
        return (tml_pen){.colour = TML_COLOUR_INK, .width_pt = TML_LINE_THIN_PT};
    return (tml_pen){.colour = tml_theme_series(curve - 1), .width_pt = TML_LINE_BOLD_PT};
}

static const double *ratio_of(const drawing *picture, size_t panel, size_t curve)
{
    const tml_spectra_comparison_plot *plot = picture->plot;

    return picture->ratio + (panel * plot->curves + curve) * plot->wavelengths;
}

static void fill_ratios(const tml_spectra_comparison_plot *plot, double *ratio)
{
    for (size_t p = 0; p < plot->panels; ++p)
        for (size_t c = 0; c < plot->curves; ++c)
            for (size_t w = 0; w < plot->wavelengths; ++w) {
                const double *flux = plot->panel[p].flux[c];
                const double share = flux != NULL ? flux[w] / plot->panel[p].flux[0][w] : 0.0;

                ratio[(p * plot->curves + c) * plot->wavelengths + w] = share > 0.0 ? log10(share)
                                                                                    : (double)NAN;
            }
}

/* One range for all panels, so that they can be compared. Far away only the direction matters: curves leave
 * the frame. */
static tml_axis ratio_axis(const drawing *picture)
{
    const tml_spectra_comparison_plot *plot = picture->plot;
    tml_axis axis = {.low = -LEAST_DEX, .high = LEAST_DEX, .label = "Δ [dex]"};

    tml_axis_cover(&axis, plot->panels * plot->curves * plot->wavelengths, picture->ratio);
    tml_axis_pad(&axis, 0.05);
    axis.low = fmax(axis.low, -MOST_DEX);
    axis.high = fmin(axis.high, MOST_DEX);
    return axis;
}

static void prepare_panel(drawing *picture, size_t p, const tml_axis *ratios)
{
    const tml_spectra_comparison_plot *plot = picture->plot;
    tml_axes *upper = &picture->upper[p];
    tml_axes *lower = &picture->lower[p];

    upper->x = (tml_axis){.low = INFINITY, .high = -INFINITY, .label = "Wavelength [μm]"};
    tml_axis_cover(&upper->x, plot->wavelengths, plot->wavelength_um);
    tml_axis_pad(&upper->x, 0.02);
    upper->y = (tml_axis){.low = INFINITY, .high = -INFINITY, .is_log = true, .label = plot->flux_label};
    for (size_t c = 0; c < plot->curves; ++c)
        tml_axis_cover(&upper->y, plot->wavelengths, plot->panel[p].flux[c]);
    tml_axis_pad(&upper->y, 0.05);
    lower->x = upper->x;
    lower->y = *ratios;
}

static void lay_out(drawing *picture)
{
    const tml_spectra_comparison_plot *plot = picture->plot;
    const tml_panels panels = {.columns = plot->panels > 1 ? COLUMNS : 1,
                               .width_pt = WIDTH_PT,
                               .frame_pt = UPPER_PT + GAP_PT + LOWER_PT,
                               .above_pt = NOTE_PT,
                               .has_one_x = true};
    const tml_axis ratios = ratio_axis(picture);
    double top;

    for (size_t p = 0; p < plot->panels; ++p)
        prepare_panel(picture, p, &ratios);
    top = tml_panels_place(&panels, plot->panels, picture->upper);
    for (size_t p = 0; p < plot->panels; ++p) {
        tml_axes *upper = &picture->upper[p];
        tml_axes *lower = &picture->lower[p];

        lower->frame = upper->frame;
        lower->frame.top = lower->frame.bottom + LOWER_PT;
        lower->x.is_bare = upper->x.is_bare;
        lower->margin_pt = upper->margin_pt;
        upper->frame.bottom = lower->frame.top + GAP_PT;
        upper->x.is_bare = true;
    }
    picture->heading.title = plot->title;
    for (size_t c = 0; c < plot->curves; ++c)
        tml_heading_add(&picture->heading, &(tml_legend_entry){.text = plot->curve[c], .pen = curve_pen(c)});
    picture->height_pt = ceil(top + tml_heading_height(&picture->heading, WIDTH_PT));
}

static void draw_panel(const tml_canvas *canvas, const drawing *picture, size_t p)
{
    const tml_type note = {TML_TYPE_NOTE_PT, TML_COLOUR_INK, 0.0, false};
    const tml_spectra_comparison_plot *plot = picture->plot;
    const tml_axes *upper = &picture->upper[p];
    const tml_axes *lower = &picture->lower[p];

    tml_axes_grid(canvas, upper);
    tml_axes_grid(canvas, lower);
    tml_pen_line(canvas, &zero_pen, lower->frame.left, tml_axes_y(lower, 0.0), lower->frame.right,
                 tml_axes_y(lower, 0.0));
    for (size_t c = plot->curves; c-- > 0;) {
        const tml_pen pen = curve_pen(c);

        if (plot->panel[p].flux[c] == NULL)
            continue;
        tml_marks_curve(canvas, upper, &pen, plot->wavelengths, plot->wavelength_um, plot->panel[p].flux[c]);
        if (c > 0)
            tml_marks_curve(canvas, lower, &pen, plot->wavelengths, plot->wavelength_um,
                            ratio_of(picture, p, c));
    }
    tml_axes_frame(canvas, upper);
    tml_axes_frame(canvas, lower);
    tml_pen_text_within(canvas, &note, upper->frame.left, upper->frame.top + 0.3 * note.size_pt,
                        upper->frame.right - upper->frame.left, plot->panel[p].label);
}

static void draw_comparison(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_box *first = &picture->upper[0].frame;

    for (size_t p = 0; p < picture->plot->panels; ++p)
        draw_panel(canvas, picture, p);
    tml_pen_clip(canvas, NULL);
    tml_heading_draw(canvas, &picture->heading, first->left, first->top + NOTE_PT,
                     WIDTH_PT - first->left - TML_MARGIN_RIGHT_PT);
}

static tml_status check(const tml_spectra_comparison_plot *plot, tml_error *error)
{
    if (plot->wavelengths == 0 || plot->panels == 0 || plot->panels > TML_SPECTRA_PANELS ||
        plot->curves == 0 || plot->curves > TML_SPECTRA_CURVES)
        return TML_FAIL(error, TML_BAD_DATA,
                        "%zu panels of %zu curves at %zu wavelengths: a figure has 1 to %d panels of 1 to %d "
                        "curves and at least one wavelength",
                        plot->panels, plot->curves, plot->wavelengths, TML_SPECTRA_PANELS,
                        TML_SPECTRA_CURVES);
    return TML_OK;
}

tml_status tml_plot_spectra_comparison(const tml_spectra_comparison_plot *plot, const char *folder,
                                       const char *name, tml_error *error)
{
    drawing *picture = NULL;
    double *ratio = NULL;
    tml_status status = check(plot, error);

    if (status == TML_OK)
        status = tml_array_create(plot->panels * plot->curves * plot->wavelengths, sizeof *ratio, "ratios",
                                  &ratio, error);
    if (status == TML_OK)
        status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status == TML_OK) {
        fill_ratios(plot, ratio);
        picture->plot = plot;
        picture->ratio = ratio;
        lay_out(picture);
        status = tml_canvas_write(folder, name, WIDTH_PT, picture->height_pt, draw_comparison, picture,
                                  error);
    }
    free(picture);
    free(ratio);
    return status;
}
