#ifndef TML_BENCH_FIGURE_LIST_H
#define TML_BENCH_FIGURE_LIST_H

/** @file bench/figure_list.h
 * The figures that a benchmark has measured, and how they are shown: as a table, or one JSON line each
 * (docs/contracts.md, "JSON", telescopeml.bench/1). Not collective. */

#include <stdbool.h>
#include <stddef.h>

#include "core/digest.h"
#include "core/status.h"

enum { TML_BENCH_NAME = 64, TML_BENCH_UNIT = 16, TML_BENCH_FIGURES = 2048 };

/** Under what a figure was measured. What does not apply is 0, NULL, NaN or "". */
typedef struct tml_bench_setting {
    int ranks;
    int threads;                /* of each rank */
    size_t batch;               /* samples of all ranks */
    size_t lane;                /* samples of a lane */
    const char *convolution;    /* "direct", "winograd" */
    const char *reduction;      /* "exact", "fast" */
    char shape[TML_BENCH_NAME]; /* of a product: "rows x depth x columns" */
    size_t repeats;
    double foreign_load;          /* share of the node's processor time that others used, 0 to 1 */
    char digest[TML_DIGEST_TEXT]; /* of the weights */
} tml_bench_setting;

/** One figure. */
typedef struct tml_bench_figure {
    char name[TML_BENCH_NAME];
    char unit[TML_BENCH_UNIT];
    double value; /* median of the repeats, if it was repeated */
    double low;   /* smallest and largest of them; NaN if there is only the one */
    double high;
    tml_bench_setting setting;
} tml_bench_figure;

typedef struct tml_bench_figures {
    size_t count;
    tml_bench_figure figure[TML_BENCH_FIGURES];
} tml_bench_figures;

/** Append a figure. There must be room (assert). */
void tml_bench_add(tml_bench_figures *figures, const tml_bench_setting *setting, const char *name,
                   const char *unit, double value);

/** Append the median of `count` values with the smallest and the largest. @param values  is sorted */
void tml_bench_add_series(tml_bench_figures *figures, const tml_bench_setting *setting, const char *name,
                          const char *unit, double *values, size_t count);

/** Print all to standard output.
 * @return TML_OK, TML_IO_ERROR or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_bench_print(const tml_bench_figures *figures, bool as_json, tml_error *error);

#endif
