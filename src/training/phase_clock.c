#include "training/phase_clock.h"

#include <string.h>

#include "core/clock.h"

static const char *const names[TML_SPENT_KINDS] = {"setup",   "compute",    "communication", "input",
                                                   "waiting", "validation", "files"};

void tml_phase_clock_start(tml_phase_clock *clock, tml_spent use)
{
    memset(clock, 0, sizeof *clock);
    clock->now = use;
    clock->last = tml_clock_now();
}

tml_spent tml_phase_clock_enter(tml_phase_clock *clock, tml_spent use)
{
    tml_spent before = clock->now;
    double now = tml_clock_now();

    clock->seconds[before] += now - clock->last;
    clock->last = now;
    clock->now = use;
    return before;
}

void tml_phase_clock_read(tml_phase_clock *clock, double seconds[TML_SPENT_KINDS])
{
    (void)tml_phase_clock_enter(clock, clock->now);
    memcpy(seconds, clock->seconds, sizeof clock->seconds);
}

const char *tml_spent_name(tml_spent use)
{
    return names[use];
}

tml_spent_range tml_spent_over_ranks(size_t ranks, size_t pitch, const double *seconds)
{
    tml_spent_range range = {seconds[0], 0.0, seconds[0], 0};

    for (size_t r = 0; r < ranks; ++r) {
        double own = seconds[r * pitch];

        range.mean += own / (double)ranks;
        range.least = own < range.least ? own : range.least;
        if (own > range.most) {
            range.most = own;
            range.slowest = r;
        }
    }
    return range;
}
