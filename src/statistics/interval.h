#ifndef TML_STATISTICS_INTERVAL_H
#define TML_STATISTICS_INTERVAL_H

/** @file statistics/interval.h
 * Two numbers that something lies between. */

typedef struct tml_interval {
    double low, high; /* both NaN: not known */
} tml_interval;

#endif
