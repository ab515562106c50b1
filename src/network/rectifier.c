#include "network/rectifier.h"

#include <string.h>

#include "network/wide.h"

TML_WIDE void tml_rectify_biased(size_t rows, size_t units, const tml_real *restrict bias,
                                 tml_real *restrict values)
{
    for (size_t i = 0; i < rows; ++i) {
        tml_real *row = values + i * units;

        for (size_t j = 0; j < units; ++j) {
            tml_real value = row[j] + bias[j];

            /* A NaN must stay visible: it is not turned into 0. */
            row[j] = value < 0 ? 0 : value;
        }
    }
}

TML_WIDE void tml_add_bias(size_t rows, size_t units, const tml_real *restrict bias,
                           tml_real *restrict values)
{
    for (size_t i = 0; i < rows; ++i)
        for (size_t j = 0; j < units; ++j)
            values[i * units + j] += bias[j];
}

void tml_finish_rows(bool has_relu, size_t rows, size_t units, const tml_real *bias, tml_real *values)
{
    if (has_relu)
        tml_rectify_biased(rows, units, bias, values);
    else
        tml_add_bias(rows, units, bias, values);
}

TML_WIDE void tml_rectify_backward(size_t rows, size_t units, const tml_real *restrict out,
                                   tml_real *restrict d_out, tml_real *restrict d_bias)
{
    memset(d_bias, 0, units * sizeof *d_bias);
    for (size_t i = 0; i < rows; ++i) {
        const tml_real *o = out + i * units;
        tml_real *d = d_out + i * units;

        for (size_t j = 0; j < units; ++j) {
            tml_real kept = o[j] > 0 ? d[j] : 0;

            d[j] = kept;
            d_bias[j] += kept;
        }
    }
}

TML_WIDE void tml_sum_rows(size_t rows, size_t units, const tml_real *restrict d_out,
                           tml_real *restrict d_bias)
{
    memset(d_bias, 0, units * sizeof *d_bias);
    for (size_t i = 0; i < rows; ++i)
        for (size_t j = 0; j < units; ++j)
            d_bias[j] += d_out[i * units + j];
}
