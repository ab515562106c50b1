#include "plots/canvas.h"

#include <math.h>
#include <plplot.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/atomic_file.h"
#include "plots/compact_svg.h"
#include "plots/reproducible.h"
#include "plots/svg_groups.h"
#include "plots/theme.h"

enum { DEVICES_MAXIMUM = 64, PATH_LENGTH = 4096 };

static const struct {
    const char *device;
    const char *extension;
    const char *ending; /* of a complete file */
    double scale;
} formats[TML_FIGURE_FORMATS] = {
    [TML_FIGURE_PDF] = {"pdfcairo", "pdf", "%%EOF\n", 1.0},
    [TML_FIGURE_SVG] = {"svgcairo", "svg", "</svg>\n", 1.0},
    [TML_FIGURE_PNG] = {"pngcairo", "png", "IEND\xae\x42\x60\x82", 300.0 / 72.0},
};

typedef enum page_result {
    PAGE_DONE,           /* stream closed */
    PAGE_FLAWED,         /* stream closed, but PLplot left something out */
    PAGE_WITHOUT_DRIVER, /* stream open */
    PAGE_LEFT            /* stream in an unknown state */
} page_result;

/* PLplot hands its handlers no data of ours, so the way out and the message lie here. */
static struct {
    jmp_buf way_out;
    PLINT has_aborted;
    char message[1024];
} plplot;

/* PLplot would end the program after this returned. */
static int leave_plplot(const char *message)
{
    snprintf(plplot.message, sizeof plplot.message, "%s", message);
    longjmp(plplot.way_out, 1);
}

/* PLplot asks on standard input when it does not know a device, so it is never given an unknown one. */
static bool has_driver(const char *device)
{
    const char *menus[DEVICES_MAXIMUM], *devices[DEVICES_MAXIMUM];
    const char **menu = menus, **name = devices;
    int count = DEVICES_MAXIMUM;

    plgFileDevs(&menu, &name, &count);
    for (int i = 0; i < count; ++i)
        if (strcmp(devices[i], device) == 0)
            return true;
    return false;
}

static page_result draw_page(tml_figure_format format, const tml_canvas *canvas, FILE *stream, tml_draw *draw,
                             const void *data)
{
    if (setjmp(plplot.way_out) != 0)
        return PAGE_LEFT;
    plsexit(leave_plplot);
    plsError(&plplot.has_aborted, plplot.message);
    if (!has_driver(formats[format].device))
        return PAGE_WITHOUT_DRIVER;
    plsdev(formats[format].device);
    plsfile(stream);
    plspage(0.0, 0.0, (PLINT)lround(canvas->width_pt * canvas->scale),
            (PLINT)lround(canvas->height_pt * canvas->scale), 0, 0);
    tml_theme_apply();
    plsetopt("drvopt", "rasterize_image=0");
    plinit();
    pladv(0);
    draw(canvas, data);
    plend1(); /* closes the stream, and keeps the list of drivers */
    return plplot.has_aborted ? PAGE_FLAWED : PAGE_DONE;
}

/* PLplot closes the stream only if it had come as far as opening the page. */
static void abandon_page(FILE *stream)
{
    PLINT level;

    plglevel(&level);
    if (setjmp(plplot.way_out) == 0)
        plend();
    if (level == 0)
        fclose(stream);
}

static bool is_complete(tml_figure_format format, const char *bytes, size_t count)
{
    size_t length = strlen(formats[format].ending);

    return count > length && memcmp(bytes + count - length, formats[format].ending, length) == 0;
}

static tml_status shrink_svg(char **bytes, size_t *count, tml_error *error)
{
    char *grouped;

    tml_compact_svg(*bytes, tml_reproducible_svg(*bytes, *count));
    grouped = tml_svg_group_paths(*bytes, count);
    free(*bytes);
    *bytes = grouped;
    if (grouped != NULL)
        return TML_OK;
    *count = 0;
    return TML_FAIL(error, TML_INTERNAL, "no memory for a figure as SVG");
}

tml_status tml_canvas_render(tml_figure_format format, double width_pt, double height_pt, tml_draw *draw,
                             const void *data, char **bytes, size_t *count, tml_error *error)
{
    tml_canvas canvas = {.width_pt = width_pt, .height_pt = height_pt, .scale = formats[format].scale};
    FILE *stream;
    page_result result;

    *bytes = NULL;
    *count = 0;
    stream = open_memstream(bytes, count);
    if (stream == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory to draw a figure");
    plplot.has_aborted = 0;
    plplot.message[0] = '\0';
    result = draw_page(format, &canvas, stream, draw, data);
    if (result == PAGE_DONE && is_complete(format, *bytes, *count)) {
        if (format == TML_FIGURE_PDF)
            tml_reproducible_pdf(*bytes, *count);
        else if (format == TML_FIGURE_SVG)
            return shrink_svg(bytes, count, error);
        return TML_OK;
    }
    if (result == PAGE_WITHOUT_DRIVER || result == PAGE_LEFT)
        abandon_page(stream);
    free(*bytes);
    *bytes = NULL;
    *count = 0;
    if (result == PAGE_WITHOUT_DRIVER)
        return TML_FAIL(error, TML_CANNOT_CREATE, "PLplot has no device '%s': install plplot-driver-cairo%s",
                        formats[format].device,
                        getenv("PLPLOT_DRV_DIR") != NULL ? " or unset PLPLOT_DRV_DIR" : "");
    return TML_FAIL(
        error, TML_CANNOT_CREATE,
        "PLplot cannot draw (%s): check that libplplot17, plplot-driver-cairo and fonts-dejavu-core are "
        "installed",
        plplot.message[0] != '\0' ? plplot.message : "the picture is incomplete");
}

tml_status tml_canvas_write(const char *folder, const char *name, double width_pt, double height_pt,
                            tml_draw *draw, const void *data, tml_error *error)
{
    for (int f = 0; f < TML_FIGURE_FORMATS; ++f) {
        char path[PATH_LENGTH];
        int length = snprintf(path, sizeof path, "%s/%s.%s", folder, name, formats[f].extension);
        char *bytes;
        size_t count;
        tml_status status;

        if (length < 0 || (size_t)length >= sizeof path)
            return TML_FAIL(error, TML_CANNOT_CREATE, "%s/%s: the path is too long; choose a shorter folder",
                            folder, name);
        status = tml_canvas_render((tml_figure_format)f, width_pt, height_pt, draw, data, &bytes, &count,
                                   error);
        if (status != TML_OK) {
            tml_error_prefix(error, "%s: ", path);
            return status;
        }
        status = tml_atomic_write(path, bytes, count, error);
        free(bytes);
        if (status != TML_OK)
            return status;
    }
    return TML_OK;
}
