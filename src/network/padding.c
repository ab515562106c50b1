#include "network/padding.h"

#include <string.h>

void tml_padding_clear(tml_activation_shape shape, size_t lane, tml_real *values)
{
    size_t row = shape.channels;

    for (size_t s = 0; s < lane; ++s) {
        tml_real *sample = values + s * tml_activation_size(shape);

        memset(sample, 0, shape.before * row * sizeof *values);
        memset(sample + (shape.before + shape.positions) * row, 0, shape.after * row * sizeof *values);
    }
}
