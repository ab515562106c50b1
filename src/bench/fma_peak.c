#include "bench/fma_peak.h"

#include <omp.h>
#include <stddef.h>

#include "core/clock.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Enough independent chains to fill two units of five cycles; few enough for 16 registers. */
enum { CHAINS = 12, TURNS = 1 << 16 };

/* Runs the loop; the return value keeps the compiler from leaving it out. */
typedef float chain_loop(size_t turns, float factor);

typedef struct chain_kind {
    chain_loop *run;
    double floats; /* of a register */
} chain_kind;

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static float run_avx512(size_t turns, float factor)
{
    __m512 f = _mm512_set1_ps(factor);
    __m512 v[CHAINS];

    for (int i = 0; i < CHAINS; ++i)
        v[i] = _mm512_set1_ps((float)i);
    for (size_t t = 0; t < turns; ++t)
        for (int i = 0; i < CHAINS; ++i)
            v[i] = _mm512_fmadd_ps(v[i], f, f);
    for (int i = 1; i < CHAINS; ++i)
        v[0] = _mm512_add_ps(v[0], v[i]);
    return _mm512_cvtss_f32(v[0]);
}

__attribute__((target("avx2,fma"))) static float run_avx2(size_t turns, float factor)
{
    __m256 f = _mm256_set1_ps(factor);
    __m256 v[CHAINS];

    for (int i = 0; i < CHAINS; ++i)
        v[i] = _mm256_set1_ps((float)i);
    for (size_t t = 0; t < turns; ++t)
        for (int i = 0; i < CHAINS; ++i)
            v[i] = _mm256_fmadd_ps(v[i], f, f);
    for (int i = 1; i < CHAINS; ++i)
        v[0] = _mm256_add_ps(v[0], v[i]);
    return _mm256_cvtss_f32(v[0]);
}
#endif

/* Multiplication and addition as the compiler gives them. */
static float run_plain(size_t turns, float factor)
{
    float v[CHAINS][4];
    float sum = 0.0F;

    for (int i = 0; i < CHAINS; ++i)
        for (int j = 0; j < 4; ++j)
            v[i][j] = (float)i;
    for (size_t t = 0; t < turns; ++t)
        for (int i = 0; i < CHAINS; ++i)
            for (int j = 0; j < 4; ++j)
                v[i][j] = v[i][j] * factor + factor;
    for (int i = 0; i < CHAINS; ++i)
        for (int j = 0; j < 4; ++j)
            sum += v[i][j];
    return sum;
}

static chain_kind widest(void)
{
    chain_kind kind = {run_plain, 4.0};

#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) {
        kind.run = run_avx512;
        kind.floats = 16.0;
    } else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        kind.run = run_avx2;
        kind.floats = 8.0;
    }
#endif
    return kind;
}

static double best_rate(chain_kind kind, double seconds)
{
    volatile float kept;
    double started = tml_clock_now();
    double best = 0.0;

    do {
        double from = tml_clock_now();
        double rate;

        kept = kind.run(TURNS, 0.5F);
        rate = 2.0 * CHAINS * kind.floats * TURNS / (tml_clock_now() - from);
        best = rate > best ? rate : best;
    } while (tml_clock_now() - started < seconds);
    (void)kept;
    return best * 1e-9;
}

double tml_fma_peak(int threads, double seconds)
{
    chain_kind kind = widest();
    double sum = 0.0;

#pragma omp parallel num_threads(threads) reduction(+ : sum)
    sum += best_rate(kind, seconds);
    return sum / threads;
}
