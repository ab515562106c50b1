#include "spectra/pixel_state.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static tml_pixel_state state_of(double flux, double error, bool keep_negative)
{
    if (!isfinite(flux))
        return TML_PIXEL_MISSING;
    if (!isfinite(error) || error <= 0.0)
        return TML_PIXEL_NO_ERROR;
    if (fpclassify(flux) == FP_ZERO)
        return TML_PIXEL_ZERO;
    return flux < 0.0 && !keep_negative ? TML_PIXEL_NEGATIVE : TML_PIXEL_USED;
}

void tml_pixel_classify(size_t count, const double *flux, const double *error, bool keep_negative,
                        uint8_t *state)
{
    for (size_t i = 0; i < count; ++i)
        state[i] = (uint8_t)state_of(flux[i], error[i], keep_negative);
}

void tml_pixel_count(size_t count, const uint8_t *state, size_t *counts)
{
    memset(counts, 0, TML_PIXEL_STATES * sizeof *counts);
    for (size_t i = 0; i < count; ++i) {
        assert(state[i] < TML_PIXEL_STATES);
        ++counts[state[i]];
    }
}

const char *tml_pixel_state_name(tml_pixel_state state)
{
    static const char *const names[] = {"used", "missing", "no_error", "zero", "negative", "outside"};

    _Static_assert(sizeof names / sizeof names[0] == TML_PIXEL_STATES, "a word for every state");
    assert(state < TML_PIXEL_STATES);
    return names[state];
}
