#ifndef TML_ATMOSPHERE_TABLE_PLACE_H
#define TML_ATMOSPHERE_TABLE_PLACE_H

/** @file atmosphere/table_place.h
 * Where a value lies between the nodes of an axis. Not collective. */

#include <stddef.h>

/** The value is (1 - share) of node `low` and share of node low + 1 (of `low` alone where share is 0). */
typedef struct tml_table_place {
    size_t low;
    size_t high; /* low + 1, or low at the end of the axis */
    double share;
} tml_table_place;

/** Place of ln(value) among the logarithms of the nodes; beyond the ends that of the end.
 * @param ln_nodes  [count] ascending   @param count at least 1
 */
static inline tml_table_place tml_table_place_of(const double *ln_nodes, size_t count, double ln_value)
{
    tml_table_place place = {0, 0, 0.0};

    while (place.low + 1 < count && ln_nodes[place.low + 1] <= ln_value)
        ++place.low;
    place.high = place.low + 1 < count ? place.low + 1 : place.low;
    if (place.high > place.low && ln_value > ln_nodes[place.low])
        place.share = (ln_value - ln_nodes[place.low]) / (ln_nodes[place.high] - ln_nodes[place.low]);
    return place;
}

#endif
