#include "network/schedule.h"

#include <math.h>

tml_plateau tml_plateau_after(const tml_schedule *schedule, tml_plateau before, bool improved)
{
    tml_plateau after = before;

    if (schedule->kind != TML_SCHEDULE_PLATEAU)
        return after;
    after.waited = improved ? 0 : before.waited + 1;
    if (after.waited >= schedule->plateau_epochs) {
        after.waited = 0;
        after.cuts += 1;
    }
    return after;
}

static double cosine(const tml_schedule *schedule, uint64_t step)
{
    const double pi = 3.14159265358979323846;
    double progress = step < schedule->decay_steps ? (double)step / (double)schedule->decay_steps : 1.0;

    return schedule->rate *
           (schedule->final_fraction + (1.0 - schedule->final_fraction) * 0.5 * (1.0 + cos(pi * progress)));
}

static double plateau(const tml_schedule *schedule, int64_t cuts)
{
    double least = schedule->rate * schedule->final_fraction;
    double rate = schedule->rate;

    for (int64_t c = 0; c < cuts && rate > least; ++c)
        rate = fmax(rate * schedule->plateau_factor, least);
    return rate;
}

double tml_schedule_rate(const tml_schedule *schedule, uint64_t step, int64_t cuts)
{
    double rate = schedule->rate;

    if (schedule->kind == TML_SCHEDULE_COSINE && schedule->decay_steps > 0 && step >= schedule->warmup_steps)
        rate = cosine(schedule, step - schedule->warmup_steps);
    if (schedule->kind == TML_SCHEDULE_PLATEAU)
        rate = plateau(schedule, cuts);
    if (step < schedule->warmup_steps)
        rate *= (double)(step + 1) / (double)schedule->warmup_steps;
    return rate;
}
