#include "io/grid_targets.h"

#include <string.h>

static const tml_grid_target targets[] = {
    {"teff", "temperature", "K", "effective temperature"},
    {"logg", "gravity", "dex (cgs)", "surface gravity, log10 g"},
    {"c_o", "c_o_ratio", "solar ratio", "carbon-to-oxygen ratio in units of the solar one"},
    {"met", "metallicity", "dex", "metallicity [M/H]"},
};

enum { TARGET_COUNT = sizeof targets / sizeof targets[0] };

const tml_grid_target *tml_grid_targets(size_t *count)
{
    *count = TARGET_COUNT;
    return targets;
}

int tml_grid_target_find(const char *name)
{
    for (int i = 0; i < TARGET_COUNT; ++i)
        if (strcmp(targets[i].name, name) == 0 || strcmp(targets[i].csv_name, name) == 0)
            return i;
    return -1;
}
