#include "commands/synth_design.h"

#include <math.h>
#include <string.h>

#include "core/text.h"

/* How many nodes --random, --sobol or --latin asks for; NULL if none of them. */
static const char *wanted_nodes(const tml_synth_design_options *given)
{
    return given->random != NULL ? given->random : given->sobol != NULL ? given->sobol : given->latin;
}

static const char *filling_name(const tml_synth_design_options *given)
{
    return given->random != NULL ? "random" : given->sobol != NULL ? "sobol" : "latin";
}

static tml_status find_ranges(int argc, char **argv, tml_synth_design_options *given, tml_error *error)
{
    static const char option[] = "--range";

    for (int i = 1; i < argc; ++i) {
        const char *value = NULL;

        if (strcmp(argv[i], option) == 0 && i + 1 < argc)
            value = argv[i + 1];
        else if (strncmp(argv[i], "--range=", sizeof option) == 0)
            value = argv[i] + sizeof option;
        if (value == NULL)
            continue;
        if (given->range_count == TML_SYNTH_RANGES)
            return TML_FAIL(error, TML_USAGE, "grid synth: more than %d times --range", TML_SYNTH_RANGES);
        given->ranges[given->range_count++] = value;
    }
    return TML_OK;
}

tml_status tml_synth_design_check(int argc, char **argv, tml_synth_design_options *given, tml_error *error)
{
    const int fillings = (given->random != NULL) + (given->sobol != NULL) + (given->latin != NULL);
    uint64_t nodes = 0;

    if ((given->preset == NULL) == (given->nodes == NULL))
        return TML_FAIL(error, TML_USAGE, "grid synth: give either --preset NAME (%s) or --nodes CSV",
                        tml_design_preset_names());
    if (given->preset == NULL && (fillings > 0 || given->range != NULL))
        return TML_FAIL(error, TML_USAGE, "grid synth: --%s is about a preset's ranges; give --preset",
                        fillings > 0 ? filling_name(given) : "range");
    if (fillings > 1)
        return TML_FAIL(error, TML_USAGE, "grid synth: give one of --random, --sobol and --latin");
    if (fillings > 0 &&
        (!tml_text_to_uint64(wanted_nodes(given), &nodes) || nodes < 1 || nodes > (uint64_t)1 << 48))
        return TML_FAIL(error, TML_USAGE, "grid synth: --%s wants a whole number from 1, not '%s'",
                        filling_name(given), wanted_nodes(given));
    return find_ranges(argc, argv, given, error);
}

/* ---- ranges ---- */

/* One "NAME=LO:HI". */
static tml_status narrow(const char *word, size_t length, tml_parameter_design *design, tml_error *error)
{
    char text[128];
    char *equals, *colon;
    double low, high;

    if (length < sizeof text) {
        snprintf(text, sizeof text, "%.*s", (int)length, word);
        equals = strchr(text, '=');
        colon = equals != NULL ? strchr(equals, ':') : NULL;
        if (colon != NULL) {
            *equals = *colon = '\0';
            if (tml_text_to_double(equals + 1, &low) && tml_text_to_double(colon + 1, &high) &&
                isfinite(low) && isfinite(high))
                return tml_design_narrow(design, text, low, high, error);
        }
    }
    return TML_FAIL(error, TML_USAGE, "--range wants NAME=LO:HI,... as teff=500:1200,logg=4:5, not '%.*s'",
                    (int)length, word);
}

static tml_status narrow_all(const tml_synth_design_options *given, tml_parameter_design *design,
                             tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t i = 0; i < given->range_count; ++i)
        for (const char *word = given->ranges[i]; word != NULL && status == TML_OK;) {
            const size_t length = strcspn(word, ",");

            status = narrow(word, length, design, error);
            word = word[length] == ',' ? word + length + 1 : NULL;
        }
    return status;
}

/* ---- the design ---- */

/* The axes of a design must be what the model takes, in its order and within its ranges. */
static tml_status check_axes(const tml_forward_kind *kind, const tml_parameter_design *design,
                             const char *preset, tml_error *error)
{
    bool fits = design->axis_count == kind->parameter_count;

    for (size_t a = 0; fits && a < design->axis_count; ++a)
        fits = strcmp(design->axes[a].name, kind->parameters[a].name) == 0;
    if (fits && tml_forward_kind_refuses(kind, design->low) < 0 &&
        tml_forward_kind_refuses(kind, design->high) < 0)
        return TML_OK;
    return TML_FAIL(error, TML_USAGE, "the preset '%s' is not within the parameters of the model '%s'",
                    preset, kind->name);
}

static tml_status fill_box(const tml_synth_design_options *given, uint64_t seed, tml_parameter_design *design,
                           tml_error *error)
{
    uint64_t nodes = 0;

    if (wanted_nodes(given) == NULL || !tml_text_to_uint64(wanted_nodes(given), &nodes))
        return tml_design_check(design, error);
    if (given->sobol != NULL)
        return tml_design_sobol(design, nodes, seed, error);
    if (given->latin != NULL)
        tml_design_latin(design, nodes, seed);
    else
        tml_design_randomise(design, nodes, seed);
    return TML_OK;
}

tml_status tml_synth_design_make(MPI_Comm comm, const tml_forward_kind *kind,
                                 const tml_synth_design_options *given, uint64_t seed, tml_synth_design *made,
                                 tml_error *error)
{
    tml_status status;

    memset(made, 0, sizeof *made);
    if (given->nodes != NULL) {
        status = tml_synth_nodes_read(comm, given->nodes, kind, &made->nodes, error);
        made->design = made->nodes.design;
        return status;
    }
    status = tml_design_preset(given->preset, &made->design, error);
    if (status == TML_OK)
        status = narrow_all(given, &made->design, error);
    if (status == TML_OK)
        status = check_axes(kind, &made->design, given->preset, error);
    if (status == TML_OK)
        status = fill_box(given, seed, &made->design, error);
    if (status != TML_OK)
        tml_error_prefix(error, "grid synth: ");
    return status;
}

void tml_synth_design_lines(const tml_synth_design_options *given, const tml_synth_design *made, FILE *out)
{
    char digest[TML_DIGEST_TEXT];

    if (given->preset != NULL)
        fprintf(out, "preset=%s\n", given->preset);
    for (size_t i = 0; i < given->range_count; ++i)
        fprintf(out, "%s%s%s", i == 0 ? "ranges=" : ",", given->ranges[i],
                i + 1 == given->range_count ? "\n" : "");
    if (wanted_nodes(given) != NULL)
        fprintf(out, "%s_nodes=%llu\n", filling_name(given), (unsigned long long)made->design.nodes);
    if (given->nodes != NULL) {
        tml_digest_text(&made->nodes.file_digest, digest);
        fprintf(out, "nodes=%s\nnodes_digest=%s\n", given->nodes, digest);
    }
}

void tml_synth_design_free(tml_synth_design *made)
{
    tml_synth_nodes_free(&made->nodes);
    memset(made, 0, sizeof *made);
}
