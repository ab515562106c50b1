#include "atmosphere/parameter_design.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include <gsl/gsl_qrng.h>

#include "core/random.h"
#include "core/text.h"

enum { TEFF, LOGG, C_O, MET, AXES };

/* Numbers of nodes that no design has: keys of permutations (plus the axis), the digital shift. */
static const uint64_t latin_keys = (uint64_t)1 << 63;
static const uint64_t sobol_shift = UINT64_MAX;

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
            design->low[a] = design->axes[a].value[0];
            design->high[a] = design->axes[a].value[design->axes[a].count - 1];
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

/* ---- a narrower box ---- */

static tml_status find_axis(const tml_parameter_design *design, const char *name, size_t *axis,
                            tml_error *error)
{
    const char *names[TML_DESIGN_AXES];
    const char *nearest;

    for (size_t a = 0; a < design->axis_count; ++a) {
        names[a] = design->axes[a].name;
        if (strcmp(names[a], name) == 0) {
            *axis = a;
            return TML_OK;
        }
    }
    nearest = tml_text_nearest(name, names, design->axis_count);
    return TML_FAIL(error, TML_USAGE, "there is no axis '%s'%s%s%s", name,
                    nearest != NULL ? ", did you mean '" : "", nearest != NULL ? nearest : "",
                    nearest != NULL ? "'?" : "");
}

tml_status tml_design_narrow(tml_parameter_design *design, const char *axis, double low, double high,
                             tml_error *error)
{
    size_t a = 0;
    size_t kept = 0;
    tml_design_axis *narrow;
    tml_status status = find_axis(design, axis, &a, error);

    assert(design->kind == TML_DESIGN_REGULAR);
    if (status != TML_OK)
        return status;
    if (!(low <= high))
        return TML_FAIL(error, TML_USAGE, "%s: from %g to %g is no range; the lower end comes first", axis,
                        low, high);
    if (low < design->low[a] || high > design->high[a])
        return TML_FAIL(error, TML_USAGE, "%s: %g to %g reaches beyond the axis, which goes from %g to %g",
                        axis, low, high, design->low[a], design->high[a]);
    narrow = &design->axes[a];
    for (size_t i = 0; i < narrow->count; ++i)
        if (narrow->value[i] >= low && narrow->value[i] <= high)
            narrow->value[kept++] = narrow->value[i];
    narrow->count = kept;
    design->low[a] = low;
    design->high[a] = high;
    design->nodes = 1;
    for (size_t i = 0; i < design->axis_count; ++i)
        design->nodes *= design->axes[i].count;
    return TML_OK;
}

tml_status tml_design_check(const tml_parameter_design *design, tml_error *error)
{
    for (size_t a = 0; a < design->axis_count && design->kind == TML_DESIGN_REGULAR; ++a)
        if (design->axes[a].count == 0)
            return TML_FAIL(error, TML_USAGE,
                            "%s: none of the values of the axis lies from %g to %g; choose a wider range, or "
                            "nodes between them (--random, --sobol, --latin)",
                            design->axes[a].name, design->low[a], design->high[a]);
    return TML_OK;
}

/* ---- designs that fill the box ---- */

static void fill_box(tml_parameter_design *design, tml_design_kind kind, uint64_t nodes, uint64_t seed)
{
    assert(design->kind == TML_DESIGN_REGULAR);
    design->kind = kind;
    design->nodes = nodes;
    design->seed = seed;
}

void tml_design_randomise(tml_parameter_design *design, uint64_t nodes, uint64_t seed)
{
    fill_box(design, TML_DESIGN_RANDOM, nodes, seed);
}

void tml_design_latin(tml_parameter_design *design, uint64_t nodes, uint64_t seed)
{
    fill_box(design, TML_DESIGN_LATIN, nodes, seed);
    for (size_t a = 0; a < design->axis_count; ++a)
        design->latin[a] = tml_permutation_create(nodes, seed, TML_RANDOM_DESIGN, latin_keys + a);
}

/* The sequence in Gray-code order is linear: point n is the sum modulo 2 of the direction numbers of the bits
 * of n ^ (n >> 1) (Antonov and Saleev 1979). GSL gives points only one after another, but points 2^k - 1 and
 * 2^k differ in direction number k alone; these few are kept, and make any point at once. GSL leaves out
 * point 0. */
static void take_directions(gsl_qrng *sequence, unsigned bits, tml_parameter_design *design)
{
    double point[TML_DESIGN_AXES];
    uint32_t before[TML_DESIGN_AXES] = {0};

    for (uint64_t n = 1, k = 0; k < bits; ++n) {
        const int is_power = n == (uint64_t)1 << k;

        gsl_qrng_get(sequence, point);
        if (!is_power && n + 1 != (uint64_t)1 << k)
            continue;
        for (size_t a = 0; a < design->axis_count; ++a) {
            const uint32_t now = (uint32_t)ldexp(point[a], TML_SOBOL_BITS);

            if (is_power)
                design->direction[a][k] = now ^ before[a];
            before[a] = now;
        }
        k += is_power ? 1 : 0;
    }
}

tml_status tml_design_sobol(tml_parameter_design *design, uint64_t nodes, uint64_t seed, tml_error *error)
{
    gsl_qrng *sequence;
    unsigned bits = 0;

    if (nodes > (uint64_t)1 << TML_SOBOL_BITS)
        return TML_FAIL(error, TML_USAGE, "%llu nodes are more than Sobol's sequence has here, 2^%d",
                        (unsigned long long)nodes, TML_SOBOL_BITS);
    sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)design->axis_count);
    if (sequence == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for Sobol's sequence");
    while ((uint64_t)1 << bits < nodes)
        ++bits;
    fill_box(design, TML_DESIGN_SOBOL, nodes, seed);
    take_directions(sequence, bits, design);
    gsl_qrng_free(sequence);
    for (size_t a = 0; a < design->axis_count; ++a)
        design->shift[a] = (uint32_t)(tml_random_at(seed, TML_RANDOM_DESIGN, sobol_shift, a, 0).word[0] >>
                                      (64 - TML_SOBOL_BITS));
    return TML_OK;
}

/* ---- nodes ---- */

static double sobol_unit(const tml_parameter_design *design, uint64_t node, size_t a, double w)
{
    uint32_t x = design->shift[a];

    for (uint64_t bits = node ^ node >> 1, k = 0; bits != 0; bits >>= 1, ++k)
        if ((bits & 1) != 0)
            x ^= design->direction[a][k];
    return ldexp((double)x + w, -TML_SOBOL_BITS);
}

/* Where on the axis, from 0 to 1. */
static double unit_of(const tml_parameter_design *design, uint64_t node, size_t a)
{
    const double w = tml_random_uniform(design->seed, TML_RANDOM_DESIGN, node, a, 0);

    if (design->kind == TML_DESIGN_SOBOL)
        return sobol_unit(design, node, a, w);
    if (design->kind == TML_DESIGN_LATIN)
        return ((double)tml_permutation_at(&design->latin[a], node) + w) / (double)design->nodes;
    return w;
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

        if (design->kind == TML_DESIGN_REGULAR) {
            parameters[a] = axis->value[node % axis->count];
            node /= axis->count;
        } else {
            parameters[a] = design->low[a] + (design->high[a] - design->low[a]) * unit_of(design, node, a);
        }
    }
}
