#ifndef TML_TRAINING_STEP_REPORT_H
#define TML_TRAINING_STEP_REPORT_H

/** @file training/step_report.h
 * What the ranks tell each other in every step: the loss of each lane, and whether somebody failed. */

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/** What one rank can wish and all ranks then do together. */
typedef enum tml_step_wish {
    TML_WISH_SAVE,       /* a checkpoint after this step */
    TML_WISH_SIGNAL,     /* stop: a signal has come */
    TML_WISH_STOP_FILE,  /* stop: the file STOP is there */
    TML_WISH_TIME_LIMIT, /* stop: the time is nearly up */
    TML_STEP_WISHES
} tml_step_wish;

/** Losses by lane; then the number of ranks that failed, and of those that wish for something. */
typedef struct tml_step_report {
    size_t targets;
    size_t lanes;   /* of this step */
    double *values; /* [most_lanes * targets + 1 + TML_STEP_WISHES] */
} tml_step_report;

/** Room for steps of up to `most_lanes` lanes. @param report out, owned by the caller (tml_step_report_free)
 */
TML_NODISCARD tml_status tml_step_report_create(size_t most_lanes, size_t targets, tml_step_report *report,
                                                tml_error *error);
void tml_step_report_free(tml_step_report *report);

/** Start a step. */
void tml_step_report_begin(tml_step_report *report, size_t lanes);

/** Where the losses of one lane go, [targets]; each lane is filled by one thread of one rank. */
double *tml_step_report_lane(tml_step_report *report, size_t lane);

/** Wish for something in this step. Not collective. */
void tml_step_report_wish(tml_step_report *report, tml_step_wish wish);

/** Whether any rank has wished for it, after sharing. */
bool tml_step_report_is_wished(const tml_step_report *report, tml_step_wish wish);

/** Share the report: every rank has all lanes afterwards.
 *
 * Collective over `comm`. Only one rank contributes to an entry, so the sums are exact. If a rank hands in a
 * failure, all ranks return it.
 * @param local  what happened on this rank
 * @param sum    [targets] out: the losses added in lane order, the same bits on any number of ranks
 */
TML_NODISCARD tml_status tml_step_report_share(MPI_Comm comm, tml_step_report *report, tml_status local,
                                               double *sum, tml_error *error);

#endif
