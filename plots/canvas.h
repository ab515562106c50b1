#ifndef TML_PLOTS_CANVAS_H
#define TML_PLOTS_CANVAS_H

/** @file plots/canvas.h
 * A figure as PDF, SVG and PNG. PLplot's cairo drivers draw each into memory; only a complete picture reaches
 * the disk, and nothing that goes wrong inside PLplot ends the program or reads standard input.
 *
 * A figure is a function that draws (plots/pen.h, axes.h, legend.h) and is called once per format. The same
 * data give the same bytes in every run. Not collective: one rank draws, in one thread, because PLplot's
 * state is global.
 */

#include <stddef.h>

#include "core/status.h"

/** The page. Positions are points (1/72 inch) from its lower left corner, the same in every format. */
typedef struct tml_canvas {
    double width_pt;
    double height_pt;
    double scale; /* units of the device per point */
} tml_canvas;

/** Draw one figure. An error inside PLplot leaves it by longjmp: it must own nothing (no heap, no open file).
 */
typedef void tml_draw(const tml_canvas *canvas, const void *data);

typedef enum tml_figure_format {
    TML_FIGURE_PDF,
    TML_FIGURE_SVG,
    TML_FIGURE_PNG, /* 300 dots per inch */
    TML_FIGURE_FORMATS
} tml_figure_format;

/** Draw a figure into memory. Not collective.
 * @param bytes  out, on the heap, owned by the caller (free); NULL on failure
 * @return TML_OK, TML_CANNOT_CREATE (PLplot or its cairo driver is not usable) or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_canvas_render(tml_figure_format format, double width_pt, double height_pt,
                                           tml_draw *draw, const void *data, char **bytes, size_t *count,
                                           tml_error *error);

/** Draw a figure and write FOLDER/NAME.pdf, .svg and .png. Not collective.
 * @param folder  must exist; borrowed
 * @return TML_OK, TML_CANNOT_CREATE, TML_IO_ERROR or TML_INTERNAL; each file is complete or as it was before
 */
TML_NODISCARD tml_status tml_canvas_write(const char *folder, const char *name, double width_pt,
                                          double height_pt, tml_draw *draw, const void *data,
                                          tml_error *error);

#endif
