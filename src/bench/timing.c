#include "bench/timing.h"

#include <math.h>

#include "core/clock.h"

/* A repeat lasts about so long. */
static const double REPEAT_SECONDS = 0.02;
enum { MOST_CALLS = 1000000 };

void tml_time_calls(tml_timed *timed, void *context, size_t repeats, double *seconds)
{
    double from;
    double calls;

    timed(context);
    from = tml_clock_now();
    timed(context);
    calls = REPEAT_SECONDS / fmax(tml_clock_now() - from, 1e-9);
    calls = floor(fmin(fmax(calls, 1.0), MOST_CALLS));
    for (size_t r = 0; r < repeats; ++r) {
        from = tml_clock_now();
        for (double c = 0.0; c < calls; c += 1.0)
            timed(context);
        seconds[r] = (tml_clock_now() - from) / calls;
    }
}
