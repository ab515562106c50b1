#include "atmosphere/parameter_design.h"

#include <assert.h>
#include <string.h>

#include "core/random.h"
#include "core/text.h"

enum { TEFF, LOGG, C_O, MET, AXES };

typedef struct preset {
    const char *name;
    tml_design_axis axes[AXES];
} preset;

static const preset presets[] = {
    {"published",
     {{"teff", 39, {200,  225,  250,  275,  300,  325,  350,  375,  400,  425,  450,  475,  500,
                    525,  550,  575,  600,  650,  700,  750,  800,  850,  900,  950,  1000, 1100,
                    1200, 1300, 1400, 1500, 1600, 1700, 1800, 1900, 2000, 2100, 2200, 2300, 2400}},
      {"logg", 11, {3.0, 3.25, 3.5, 3.75, 4.0, 4.25, 4.5, 4.75, 5.0, 5.25, 5.5}},
      {"c_o", 6, {0.25, 0.5, 1.0, 1.5, 2.0, 2.5}},
      {"met", 12, {-1.0, -0.7, -0.5, -0.3, 0.0, 0.3, 0.5, 0.7, 1.0, 1.3, 1.7, 2.0}}}},
    {"quickstart",
     {{"teff", 23, {500,  550,  600,  650,  700,  750,  800,  850,  900,  950,  1000, 1050,
                    1100, 1150, 1200, 1300, 1400, 1500, 1600, 1700, 1800, 1900, 2000}},
      {"logg", 9, {3.5, 3.75, 4.0, 4.25, 4.5, 4.75, 5.0, 5.25, 5.5}},
      {"c_o", 4, {0.5, 1.0, 1.5, 2.0}},
      {"met", 5, {-0.5, -0.25, 0.0, 0.25, 0.5}}}},
};

enum { PRESET_COUNT = sizeof presets / sizeof presets[0] };

tml_status tml_design_preset(const char *name, tml_parameter_design *design, tml_error *error)
{
    const char *names[PRESET_COUNT];
    const char *nearest;

    for (size_t i = 0; i < PRESET_COUNT; ++i)
        names[i] = presets[i].name;
    for (size_t i = 0; i < PRESET_COUNT; ++i) {
        if (strcmp(presets[i].name, name) != 0)
            continue;
        memset(design, 0, sizeof *design);
        design->kind = TML_DESIGN_REGULAR;
        design->nodes = 1;
        design->axis_count = AXES;
        for (size_t a = 0; a < AXES; ++a) {
            design->axes[a] = presets[i].axes[a];
            design->nodes *= design->axes[a].count;
        }
        return TML_OK;
    }
    nearest = tml_text_nearest(name, names, PRESET_COUNT);
    if (nearest != NULL)
        return TML_FAIL(error, TML_USAGE, "there is no preset '%s', did you mean '%s'? Presets: %s", name,
                        nearest, tml_design_preset_names());
    return TML_FAIL(error, TML_USAGE, "there is no preset '%s'; presets: %s", name,
                    tml_design_preset_names());
}

const char *tml_design_preset_names(void)
{
    return "published, quickstart";
}

void tml_design_randomise(tml_parameter_design *design, uint64_t nodes, uint64_t seed)
{
    assert(design->kind == TML_DESIGN_REGULAR);
    design->kind = TML_DESIGN_RANDOM;
    design->nodes = nodes;
    design->seed = seed;
}

void tml_design_node(const tml_parameter_design *design, uint64_t node, double *parameters)
{
    assert(node < design->nodes);
    if (design->kind == TML_DESIGN_TABLE) {
        memcpy(parameters, design->table + node * design->axis_count,
               design->axis_count * sizeof *parameters);
        return;
    }
    for (size_t a = design->axis_count; a-- > 0;) {
        const tml_design_axis *axis = &design->axes[a];
        const double first = axis->value[0];
        const double last = axis->value[axis->count - 1];

        if (design->kind == TML_DESIGN_RANDOM) {
            parameters[a] = first +
                            (last - first) * tml_random_uniform(design->seed, TML_RANDOM_DESIGN, node, a, 0);
        } else {
            parameters[a] = axis->value[node % axis->count];
            node /= axis->count;
        }
    }
}
