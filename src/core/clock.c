#include "core/clock.h"

#include <stdio.h>
#include <time.h>

double tml_clock_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void tml_clock_utc(char text[TML_CLOCK_TEXT])
{
    time_t now = time(NULL);
    struct tm utc;

    gmtime_r(&now, &utc);
    strftime(text, TML_CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

void tml_clock_duration(double seconds, char text[TML_CLOCK_TEXT])
{
    long whole = seconds > 0 ? (long)(seconds + 0.5) : 0;

    if (whole >= 3600)
        snprintf(text, TML_CLOCK_TEXT, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    else
        snprintf(text, TML_CLOCK_TEXT, "%ld:%02ld", whole / 60, whole % 60);
}
