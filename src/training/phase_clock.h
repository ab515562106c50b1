#ifndef TML_TRAINING_PHASE_CLOCK_H
#define TML_TRAINING_PHASE_CLOCK_H

/** @file training/phase_clock.h
 * What the time of a rank went for. Every moment belongs to one use; the clock is told when another begins.
 * Not collective. tml_phase_clock_start -> tml_phase_clock_enter, ... -> tml_phase_clock_read */

#include <stddef.h>

typedef enum tml_spent {
    TML_SPENT_SETUP,         /* reading the grid, building the network, the checkpoint that is taken up */
    TML_SPENT_COMPUTE,       /* lanes and the optimiser */
    TML_SPENT_COMMUNICATION, /* adding up the gradients of the ranks; on one rank that is computing */
    TML_SPENT_INPUT,         /* spectra of other ranks, as far as computing did not hide it */
    TML_SPENT_WAITING,       /* for the slowest rank of a step */
    TML_SPENT_VALIDATION,
    TML_SPENT_FILES, /* rank 0 writes checkpoints, history or model, the others wait for it */
    TML_SPENT_KINDS
} tml_spent;

typedef struct tml_phase_clock {
    double last; /* when the use under way began */
    tml_spent now;
    double seconds[TML_SPENT_KINDS];
} tml_phase_clock;

/** All zero, and this use begins. */
void tml_phase_clock_start(tml_phase_clock *clock, tml_spent use);

/** This use begins, another one ends. @return the one that ends, so that it can be gone back to */
tml_spent tml_phase_clock_enter(tml_phase_clock *clock, tml_spent use);

/** The use under way is charged up to now. @param seconds out, [TML_SPENT_KINDS] */
void tml_phase_clock_read(tml_phase_clock *clock, double seconds[TML_SPENT_KINDS]);

/** Word for a use, such as "compute". Never NULL. */
const char *tml_spent_name(tml_spent use);

/** One use over the ranks. */
typedef struct tml_spent_range {
    double least, mean, most; /* seconds */
    size_t slowest;           /* the rank with most; of equal ones the first */
} tml_spent_range;

/** Of one number of each rank. @param seconds [ranks * pitch], the number of rank r at r * pitch; ranks at
 * least 1 */
tml_spent_range tml_spent_over_ranks(size_t ranks, size_t pitch, const double *seconds);

#endif
