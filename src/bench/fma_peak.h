#ifndef TML_BENCH_FMA_PEAK_H
#define TML_BENCH_FMA_PEAK_H

/** @file bench/fma_peak.h
 * What a core can do at most: a loop of nothing but multiply-adds in registers, in the widest form that the
 * processor has. Not collective. */

/** Measured rate of one core while `threads` cores do the same.
 * @param seconds  that the loop runs at least, about
 * @return GFLOP/s, a multiply-add counted as two; the best of several short runs, mean over the threads
 */
double tml_fma_peak(int threads, double seconds);

#endif
