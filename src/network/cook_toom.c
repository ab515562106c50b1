#include "network/cook_toom.h"

#include <assert.h>

/* For F(4, 4) and its like those of the smallest error among some thousand sets of small fractions, by a
 * tenth. */
static const double six_points[] = {0.0, 1.0, 0.5, -2.0 / 3.0, 3.0, -4.0 / 3.0};
static const double common_points[TML_COOK_TOOM_POINTS - 1] = {0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5};

static const double *points_of(size_t count)
{
    return count == 6 ? six_points : common_points;
}

bool tml_cook_toom_exists(size_t outputs, size_t window)
{
    return outputs >= 2 && window >= 3 && window <= TML_COOK_TOOM_WINDOW &&
           outputs + window - 1 <= TML_COOK_TOOM_POINTS;
}

/* Coefficients of the product of (x - point) over the first `count` points but one.
 * @param skip  that one; count: none @param coefficient out: lowest power first */
static void multiply_out(size_t count, size_t skip, double *coefficient)
{
    const double *finite_points = points_of(count);
    size_t degree = 0;

    coefficient[0] = 1.0;
    for (size_t j = 0; j < count; ++j) {
        if (j == skip)
            continue;
        coefficient[degree + 1] = coefficient[degree];
        for (size_t i = degree; i > 0; --i)
            coefficient[i] = coefficient[i - 1] - finite_points[j] * coefficient[i];
        coefficient[0] *= -finite_points[j];
        ++degree;
    }
}

/* What the Lagrange polynomial of a point is divided by. */
static double normaliser(size_t count, size_t point)
{
    const double *finite_points = points_of(count);
    double product = 1.0;

    for (size_t j = 0; j < count; ++j)
        if (j != point)
            product *= finite_points[point] - finite_points[j];
    return product;
}

/* Multiplying two polynomials goes by their values at points; interpolation gives the product back. A
 * convolution is the transpose of that: the interpolation acts on the inputs, the evaluation at the points
 * gives the outputs. */
tml_cook_toom tml_cook_toom_of(size_t outputs, size_t window)
{
    tml_cook_toom t = {.outputs = outputs, .window = window, .points = outputs + window - 1};
    size_t finite = t.points - 1;
    double coefficient[TML_COOK_TOOM_POINTS + 1] = {0};

    assert(tml_cook_toom_exists(outputs, window));
    for (size_t p = 0; p < finite; ++p) {
        double power = 1.0;
        double divisor = normaliser(finite, p);

        multiply_out(finite, p, coefficient);
        for (size_t q = 0; q < finite; ++q)
            t.input_to_point[p * t.points + q] = (tml_real)coefficient[q];
        for (size_t i = 0; i < window || i < outputs; ++i, power *= points_of(finite)[p]) {
            if (i < window)
                t.kernel_to_point[p * window + i] = (tml_real)(power / divisor);
            if (i < outputs)
                t.point_to_output[i * t.points + p] = (tml_real)power;
        }
    }
    /* Infinity: the highest coefficients. */
    multiply_out(finite, finite, coefficient);
    for (size_t q = 0; q < t.points; ++q)
        t.input_to_point[finite * t.points + q] = (tml_real)coefficient[q];
    t.kernel_to_point[finite * window + window - 1] = 1;
    t.point_to_output[(outputs - 1) * t.points + finite] = 1;
    return t;
}

void tml_cook_toom_transpose(size_t rows, size_t columns, const tml_real *from, tml_real *to)
{
    for (size_t r = 0; r < rows; ++r)
        for (size_t c = 0; c < columns; ++c)
            to[c * rows + r] = from[r * columns + c];
}
