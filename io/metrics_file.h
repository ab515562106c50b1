#ifndef TML_IO_METRICS_FILE_H
#define TML_IO_METRICS_FILE_H

/** @file io/metrics_file.h
 * metrics.jsonl: one compact JSON object per optimiser step,
 *   {"step":0,"epoch":0,"loss":0.5,"learning_rate":0.001,"seconds":1.5,...}
 * Numbers read back to the same double; null is one that is not finite. Lines are collected and written by
 * flush, at the end of an epoch say, or when 64 KiB have come together. Not collective: one rank writes. */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/** One more number of a step. */
typedef struct tml_metric {
    const char *name; /* letters, digits and underscores, at most 64 */
    double value;
} tml_metric;

enum { TML_METRICS_EXTRA = 32 };

typedef struct tml_metrics_step {
    int64_t step; /* from 0 */
    int64_t epoch;
    double loss;
    double learning_rate;
    double seconds;          /* since the start, over all jobs of the run; written to the microsecond */
    size_t extra_count;      /* at most TML_METRICS_EXTRA */
    const tml_metric *extra; /* [extra_count] borrowed */
} tml_metrics_step;

typedef struct tml_metrics_file tml_metrics_file;

/** Begin a new file; an existing one is replaced.
 * @param file  out, owned by the caller (tml_metrics_file_close); NULL on failure
 * @return TML_OK, TML_CANNOT_CREATE or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_metrics_file_create(const char *path, tml_metrics_file **file, tml_error *error);

/** Take up a file: lines of steps before `step` stay, later and unreadable ones go. One that is not there is
 * begun.
 * @param step  the first step that this job computes
 * @return as create, or TML_IO_ERROR; the old file is unchanged after a failure
 */
TML_NODISCARD tml_status tml_metrics_file_resume(const char *path, int64_t step, tml_metrics_file **file,
                                                 tml_error *error);

/** Add one step. Allocates nothing.
 * @return as tml_metrics_file_flush
 */
TML_NODISCARD tml_status tml_metrics_file_add(tml_metrics_file *file, const tml_metrics_step *step,
                                              tml_error *error);

/** Write what was added.
 * @return TML_OK or TML_IO_ERROR (disk full): the lines since the last flush are lost, the file ends with a
 * whole line and can be added to
 */
TML_NODISCARD tml_status tml_metrics_file_flush(tml_metrics_file *file, tml_error *error);

/** Flush, bring to disk, close. Frees the object and sets the pointer to NULL in any case; NULL is fine.
 * @return TML_OK or TML_IO_ERROR
 */
TML_NODISCARD tml_status tml_metrics_file_close(tml_metrics_file **file, tml_error *error);

#endif
