#ifndef TML_BENCH_RESIDENT_H
#define TML_BENCH_RESIDENT_H

/** @file bench/resident.h
 * Memory of this process, as the system counts it. Not collective. */

typedef struct tml_resident {
    double resident;     /* bytes in memory, shared pages in full (RSS); NaN: not known */
    double proportional; /* bytes, a page that n processes share counted as 1/n of a page (PSS) */
} tml_resident;

/** Now, from /proc/self/smaps_rollup. */
tml_resident tml_resident_now(void);

#endif
