#include "network/schedule.h"

#include <math.h>

double tml_schedule_rate(const tml_schedule *schedule, uint64_t step)
{
    const double pi = 3.14159265358979323846;
    double progress;

    if (schedule->kind == TML_SCHEDULE_CONSTANT || schedule->decay_steps == 0)
        return schedule->rate;
    progress = step < schedule->decay_steps ? (double)step / (double)schedule->decay_steps : 1.0;
    return schedule->rate *
           (schedule->final_fraction + (1.0 - schedule->final_fraction) * 0.5 * (1.0 + cos(pi * progress)));
}
