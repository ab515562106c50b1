#ifndef TML_REPORT_SCALING_STUDY_H
#define TML_REPORT_SCALING_STUDY_H

/** @file report/scaling_study.h
 * scaling.csv: how fast the same training runs on different numbers of ranks. Not collective.
 *
 * Columns, in any order, others passed over: kind (strong: the global batch stays as it is; weak: it grows
 * with the ranks), ranks, threads (of each rank), repeat, batch (global), samples_per_second,
 * communication_share (of the time, 0 to 1; empty or nan: not measured), digest (of the weights; may be
 * empty). One row for each run. */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

typedef enum tml_scaling_kind { TML_SCALING_STRONG, TML_SCALING_WEAK, TML_SCALING_KINDS } tml_scaling_kind;

/** All repeats with the same ranks and threads. */
typedef struct tml_scaling_point {
    size_t ranks, threads, batch, repeats;
    double rate, slowest, fastest; /* samples per second: median, smallest and largest of the repeats */
    double communication;          /* median share, 0 to 1; NaN: not measured */
    double x;                      /* ranks; ranks times threads where points differ in threads */
    double speed_up;               /* rate over that of the point with the least x */
    double efficiency;             /* speed_up over how much more x is than there */
} tml_scaling_point;

/** Whether runs that should give the same weights did: all of a strong study, and those of a weak one that
 * have the same batch. */
typedef enum tml_same_weights { TML_WEIGHTS_UNKNOWN, TML_WEIGHTS_SAME, TML_WEIGHTS_DIFFER } tml_same_weights;

typedef struct tml_scaling_series {
    size_t count;
    tml_scaling_point *point; /* [count] by threads, then by ranks, ascending */
    size_t base;              /* the point that the others are compared with */
    bool counts_threads;      /* x is ranks times threads */
    tml_same_weights weights;
} tml_scaling_series;

typedef struct tml_scaling_study {
    tml_scaling_series series[TML_SCALING_KINDS];
} tml_scaling_study;

/** Read and summarise scaling.csv.
 * @param study  out, owned by the caller (tml_scaling_study_free); all zero on failure
 * @return TML_OK, TML_NO_INPUT, TML_BAD_DATA (with line and column), TML_IO_ERROR or TML_INTERNAL */
TML_NODISCARD tml_status tml_scaling_study_read(const char *path, tml_scaling_study *study, tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_scaling_study_free(tml_scaling_study *study);

#endif
