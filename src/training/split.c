#include "training/split.h"

#include <string.h>

#include "core/digest.h"
#include "core/random.h"

tml_part tml_split_part(const tml_settings *settings, const float *flux, size_t wavelengths, int64_t row)
{
    uint64_t group = settings->split_rule == TML_SPLIT_GROUPS
                         ? tml_digest_64(flux, wavelengths * sizeof *flux)
                         : (uint64_t)row;
    double u = tml_random_uniform((uint64_t)settings->seed, TML_RANDOM_SPLIT, group, 0, 0);

    if (u < settings->test_fraction)
        return TML_PART_TEST;
    if (u < settings->test_fraction + settings->validation_fraction)
        return TML_PART_VALIDATION;
    return TML_PART_TRAIN;
}

tml_status tml_split_from_text(const char *text, size_t width, tml_part *part, tml_error *error)
{
    for (int p = 0; p < TML_PARTS; ++p) {
        const char *name = tml_part_name((tml_part)p);

        if (strlen(name) <= width && strncmp(text, name, width) == 0) {
            *part = (tml_part)p;
            return TML_OK;
        }
    }
    return TML_FAIL(error, TML_BAD_DATA, "column 'split' says '%.*s'; it must say train, validation or test",
                    (int)width, text);
}
