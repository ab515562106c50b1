#ifndef TML_EXPLORATION_SORTED_SEARCH_H
#define TML_EXPLORATION_SORTED_SEARCH_H

/** @file exploration/sorted_search.h
 * Sorting doubles and counting in what is sorted. Not collective. */

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

static inline int tml_compare_doubles(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;

    return (*left > *right) - (*left < *right);
}

/** Sort in ascending order; no value may be NaN. */
static inline void tml_sort_doubles(size_t count, double *value)
{
    qsort(value, count, sizeof *value, tml_compare_doubles);
}

/* Sorted values before the first that lies beyond the bound. */
static inline size_t tml_sorted_count(size_t count, const double *sorted, double bound, bool with_bound)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (sorted[middle] < bound || (with_bound && sorted[middle] <= bound))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/** How many of the sorted values are below `bound`. */
static inline size_t tml_sorted_below(size_t count, const double *sorted, double bound)
{
    return tml_sorted_count(count, sorted, bound, false);
}

/** How many of the sorted values are at most `bound`. */
static inline size_t tml_sorted_up_to(size_t count, const double *sorted, double bound)
{
    return tml_sorted_count(count, sorted, bound, true);
}

#endif
