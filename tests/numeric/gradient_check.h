#ifndef TML_TESTS_NUMERIC_GRADIENT_CHECK_H
#define TML_TESTS_NUMERIC_GRADIENT_CHECK_H

/** @file gradient_check.h
 * Gradients against central differences, in double.
 *
 * A four-point stencil with h = 1e-5 leaves an error of order h^4 f^(5) / 30 + eps / h, about 1e-10 for the
 * values here; 1e-6 relative (to the gradient and at least 1e-3) is asked for. A ReLU or a maximum whose
 * winner changes within the stencil makes the difference wrong, not the gradient: inputs are spread so that
 * this is rare, and a stencil that disagrees with a ten times finer one is counted as a kink. At most one in
 * twenty may be. Include it after cmocka.h.
 */

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "core/random.h"
#include "network/real.h"

static const double tolerance = 1e-6;

static inline void fill(uint64_t key, size_t count, tml_real *values)
{
    tml_random_normals(key, TML_RANDOM_NOISE, 0, 0, count, values);
}

/* A scalar function of one number among many. */
typedef double scalar(void *context);

static inline double difference(scalar *f, void *context, tml_real *x, double h)
{
    const double at[] = {-2, -1, 1, 2};
    const double weight[] = {1.0 / 12, -8.0 / 12, 8.0 / 12, -1.0 / 12};
    tml_real kept = *x;
    double sum = 0;

    for (int i = 0; i < 4; ++i) {
        *x = kept + at[i] * h;
        sum += weight[i] * f(context);
    }
    *x = kept;
    return sum / h;
}

/* Compare `count` gradients, at most 60 of them spread over the range. */
static inline void check_gradients(scalar *f, void *context, size_t count, tml_real *x,
                                   const tml_real *gradient)
{
    size_t stride = count / 60 + 1;
    int tried = 0;
    int kinks = 0;

    for (size_t i = 0; i < count; i += stride, ++tried) {
        double coarse = difference(f, context, &x[i], 1e-4);
        double fine = difference(f, context, &x[i], 1e-5);
        double scale = fabs(fine) + fabs(gradient[i]) + 1e-3;

        if (fabs(coarse - fine) > tolerance * scale && fabs(fine - gradient[i]) > tolerance * scale) {
            ++kinks;
            continue;
        }
        if (fabs(fine - gradient[i]) > tolerance * scale)
            fail_msg("entry %zu: gradient %.12g, difference %.12g", i, gradient[i], fine);
    }
    assert_true(kinks * 20 <= tried);
}

#endif
