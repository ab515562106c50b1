#include "statistics/kolmogorov.h"

#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *tml_ks_method_name(tml_ks_method method)
{
    static const char *const names[] = {"none", "exact", "asymptotic"};

    return names[method];
}

double tml_kolmogorov_tail(double lambda)
{
    double sum = 0.0;

    if (isnan(lambda))
        return NAN;
    if (lambda <= 0.0)
        return 1.0;
    /* Each of the two series has at most five terms that count on its side. */
    if (lambda < 1.0) {
        for (int k = 1; k <= 9; k += 2)
            sum += exp(-k * k * M_PI * M_PI / (8.0 * lambda * lambda));
        return 1.0 - sqrt(2.0 * M_PI) / lambda * sum;
    }
    for (int k = 5; k >= 1; --k)
        sum = exp(-2.0 * k * k * lambda * lambda) - sum;
    return 2.0 * sum;
}

/* ---- one sample of n ---- */

/* P(D+ >= d) = d sum_{j <= n (1 - d)} C(n, j) (d + j / n)^(j - 1) (1 - d - j / n)^(n - j) */
static double one_sided_tail(size_t n, double d)
{
    double size = (double)n;
    double log_all = gsl_sf_lngamma(size + 1.0);
    double sum = 0.0;

    for (size_t j = 0; j < n; ++j) {
        double reached = d + (double)j / size;
        double log_choose;

        if (reached >= 1.0)
            break;
        log_choose = log_all - gsl_sf_lngamma((double)j + 1.0) - gsl_sf_lngamma(size - (double)j + 1.0);
        sum += exp(log_choose + ((double)j - 1.0) * log(reached) + (size - (double)j) * log1p(-reached));
    }
    return d * sum;
}

/* A square matrix times 10^exponent, so that high powers neither overflow nor vanish. */
typedef struct scaled_matrix {
    double *entry; /* [side][side] */
    int exponent;
} scaled_matrix;

static void multiply(size_t side, const scaled_matrix *a, const scaled_matrix *b, scaled_matrix *product)
{
    double *out = product->entry;

    memset(out, 0, side * side * sizeof *out);
    for (size_t i = 0; i < side; ++i)
        for (size_t k = 0; k < side; ++k)
            for (size_t j = 0; j < side; ++j)
                out[i * side + j] += a->entry[i * side + k] * b->entry[k * side + j];
    product->exponent = a->exponent + b->exponent;
    if (out[(side / 2) * side + side / 2] > 1e140) {
        for (size_t i = 0; i < side * side; ++i)
            out[i] *= 1e-140;
        product->exponent += 140;
    }
}

static void swap(scaled_matrix *a, scaled_matrix *b)
{
    scaled_matrix old = *a;

    *a = *b;
    *b = old;
}

/* Durbin's matrix for k - h = n d: ones on and below the first diagonal above the main one, less the parts of
 * the first column and the last row that the bounds cut off, each divided by a factorial. */
static void fill_durbin(size_t side, double h, double *entry)
{
    for (size_t i = 0; i < side; ++i)
        for (size_t j = 0; j < side; ++j)
            entry[i * side + j] = i + 1 >= j ? 1.0 : 0.0;
    for (size_t i = 0; i < side; ++i) {
        entry[i * side] -= pow(h, (double)(i + 1));
        entry[(side - 1) * side + i] -= pow(h, (double)(side - i));
    }
    if (2.0 * h > 1.0)
        entry[(side - 1) * side] += pow(2.0 * h - 1.0, (double)side);
    for (size_t i = 0; i < side; ++i)
        for (size_t j = 0; j <= i; ++j)
            for (size_t f = i - j + 1; f > 1; --f)
                entry[i * side + j] /= (double)f;
}

/* P(D < d) = n! / n^n times the middle entry of the matrix to the n-th power; NaN without memory. */
static double inside(size_t n, double d)
{
    size_t k = (size_t)((double)n * d) + 1;
    size_t side = 2 * k - 1;
    double *memory = malloc(3 * side * side * sizeof *memory);
    scaled_matrix power = {memory, 0}; /* the matrix to the powers 1, 2, 4, ... */
    scaled_matrix result = {memory + side * side, 0};
    scaled_matrix other = {memory + 2 * side * side, 0};
    double middle;
    int exponent;

    if (memory == NULL)
        return NAN;
    fill_durbin(side, (double)k - (double)n * d, power.entry);
    for (size_t i = 0; i < side * side; ++i)
        result.entry[i] = i % (side + 1) == 0 ? 1.0 : 0.0;
    for (size_t left = n; left > 0; left /= 2) {
        if (left % 2 == 1) {
            multiply(side, &result, &power, &other);
            swap(&result, &other);
        }
        multiply(side, &power, &power, &other);
        swap(&power, &other);
    }
    middle = result.entry[(k - 1) * side + k - 1];
    exponent = result.exponent;
    for (size_t i = 1; i <= n; ++i) {
        middle *= (double)i / (double)n;
        if (middle < 1e-140) {
            middle *= 1e140;
            exponent -= 140;
        }
    }
    free(memory);
    return middle * pow(10.0, exponent);
}

double tml_kolmogorov_one_sample_tail(size_t n, double d, tml_ks_method *method)
{
    double root = sqrt((double)n);
    double lambda = root * d;

    *method = TML_KS_NONE;
    if (n == 0 || isnan(d))
        return NAN;
    *method = TML_KS_EXACT;
    if (2.0 * (double)n * d <= 1.0)
        return 1.0;
    if (d >= 1.0)
        return 0.0;
    if (lambda * lambda >= 4.0 || d >= 0.5)
        return 2.0 * one_sided_tail(n, d);
    if (n <= TML_KS_ONE_SAMPLE_EXACT)
        return 1.0 - inside(n, d);
    *method = TML_KS_ASYMPTOTIC;
    if (lambda * lambda >= 1.6)
        return 2.0 * one_sided_tail(n, d);
    return tml_kolmogorov_tail(lambda + 1.0 / (6.0 * root) + (lambda - 1.0) / (4.0 * (double)n));
}
