#ifndef TML_REPORT_FIGURE_LIST_H
#define TML_REPORT_FIGURE_LIST_H

/** @file report/figure_list.h
 * The figures of a report: names under which they are written, what they show, whether they were drawn. Not
 * collective. */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

enum { TML_FIGURE_NAME = 160, TML_FIGURE_CAPTION = 1024, TML_FIGURE_REASON = 256 };

/** Where in the report a figure stands. */
typedef enum tml_figure_place {
    TML_FIGURE_OF_OBJECT,
    TML_FIGURE_OF_TABLE,
    TML_FIGURE_OF_SCORES,
    TML_FIGURE_OF_TRAINING,
    TML_FIGURE_OF_GRID,
    TML_FIGURE_OF_SPEED
} tml_figure_place;

typedef struct tml_report_figure {
    char name[TML_FIGURE_NAME]; /* figures/NAME.pdf, .svg, .png */
    char caption[TML_FIGURE_CAPTION];
    tml_figure_place place;
    size_t object;               /* number of the object */
    bool is_drawn;               /* by this report */
    char why[TML_FIGURE_REASON]; /* it was not; without the folder's path */
} tml_report_figure;

typedef struct tml_report_figures {
    const char *folder; /* of the report, borrowed; figures go to its folder figures */
    size_t count;
    tml_report_figure *item; /* [count] owned */
} tml_report_figures;

/** Add a figure that is about to be drawn.
 * @param wanted   its name, which may come from anywhere: what is no letter, digit, '-' or '_' becomes '_',
 * and a name that is taken (in either case of its letters) gets "_2", "_3", ...
 * @param caption  for people
 * @param figure   out: borrowed until the next figure is added
 * @return TML_OK or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_report_figures_add(tml_report_figures *figures, tml_figure_place place,
                                                size_t object, const char *wanted, const char *caption,
                                                tml_report_figure **figure, tml_error *error);

/** Note how the drawing went; a failure is the warning `no_figure`. */
void tml_report_figure_drawn(const tml_report_figures *figures, tml_report_figure *figure, tml_status status,
                             const tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_report_figures_free(tml_report_figures *figures);

#endif
