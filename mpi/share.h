#ifndef TML_MPI_SHARE_H
#define TML_MPI_SHARE_H

/** @file mpi/share.h
 * Which part of a row of things belongs to which rank: contiguous parts that differ by at most one.
 *
 * Pure arithmetic, so that every rank knows every other rank's share. Used for lanes, rows and blocks.
 * Not collective.
 */

#include <stdint.h>

#include "core/checked.h"

typedef struct tml_share {
    uint64_t first;
    uint64_t count;
} tml_share;

/** Share of `rank` among `size` ranks of `total` things; the first total % size ranks get one more. */
static inline tml_share tml_share_of(uint64_t total, int rank, int size)
{
    uint64_t base = total / (uint64_t)size;
    uint64_t extra = total % (uint64_t)size;
    uint64_t r = (uint64_t)rank;
    tml_share share;

    share.first = r * base + (r < extra ? r : extra);
    share.count = base + (r < extra ? 1 : 0);
    return share;
}

/** The rank whose share holds thing `index` (index < total). */
static inline int tml_share_owner(uint64_t total, uint64_t index, int size)
{
    uint64_t base = total / (uint64_t)size;
    uint64_t extra = total % (uint64_t)size;
    uint64_t large = extra * (base + 1);

    if (index < large)
        return (int)(index / (base + 1));
    return (int)(extra + (index - large) / base);
}

/** Share of `rank` in whole blocks of `block` things; the last block may be short. */
static inline tml_share tml_share_of_blocks(uint64_t total, uint64_t block, int rank, int size)
{
    tml_share blocks = tml_share_of(tml_divide_up(total, block), rank, size);
    tml_share share = {blocks.first * block, 0};
    uint64_t end = (blocks.first + blocks.count) * block;

    if (share.first > total)
        share.first = total;
    share.count = (end < total ? end : total) - share.first;
    return share;
}

#endif
