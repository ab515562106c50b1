#include "network/skip_add.h"

#include "network/wide.h"

TML_WIDE void tml_skip_add(bool has_relu, size_t count, const tml_real *restrict a,
                           const tml_real *restrict b, tml_real *restrict out)
{
    if (!has_relu) {
        for (size_t i = 0; i < count; ++i)
            out[i] = a[i] + b[i];
        return;
    }
    for (size_t i = 0; i < count; ++i) {
        tml_real sum = a[i] + b[i];

        /* A NaN must stay visible: it is not turned into 0. */
        out[i] = sum < 0 ? 0 : sum;
    }
}

TML_WIDE void tml_skip_add_backward(size_t count, const tml_real *restrict out, tml_real *restrict d_out)
{
    for (size_t i = 0; i < count; ++i)
        d_out[i] = out[i] > 0 ? d_out[i] : 0;
}

TML_WIDE void tml_add_numbers(size_t count, const tml_real *restrict from, tml_real *restrict to)
{
    for (size_t i = 0; i < count; ++i)
        to[i] += from[i];
}
