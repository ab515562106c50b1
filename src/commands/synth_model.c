#include "commands/synth_model.h"

#include <stdlib.h>
#include <string.h>

#include "commands/instrument_table.h"
#include "core/memory.h"
#include "core/text.h"
#include "mpi/agree.h"
#include "spectra/wavelength_grid.h"

enum { WORD_LENGTH = 64 };

static tml_status parse_range(const char *text, tml_instrument_wish *wish, tml_error *error)
{
    char word[WORD_LENGTH];
    const char *colon = strchr(text, ':');
    bool is_good = colon != NULL && (size_t)(colon - text) < sizeof word;

    if (is_good) {
        memcpy(word, text, (size_t)(colon - text));
        word[colon - text] = '\0';
        is_good = tml_text_to_double(word, &wish->low_um) && tml_text_to_double(colon + 1, &wish->high_um);
    }
    /* Written so that NaN is refused too. */
    if (is_good && wish->low_um > 0.0 && wish->high_um > wish->low_um)
        return TML_OK;
    return TML_FAIL(error, TML_USAGE, "--wavelength-range wants LO:HI in micron, as in 0.9:2.5, not '%s'",
                    text);
}

static tml_status parse_wish(const tml_synth_model_options *given, tml_instrument_wish *wish,
                             tml_error *error)
{
    if (given->resolution != NULL && given->instrument != NULL)
        return TML_FAIL(error, TML_USAGE,
                        "--resolution and --instrument both say how wide lines are; give one of them");
    if (given->resolution != NULL &&
        (!tml_text_to_double(given->resolution, &wish->resolution) || !(wish->resolution > 0.0)))
        return TML_FAIL(error, TML_USAGE, "--resolution wants a positive number, not '%s'",
                        given->resolution);
    return given->range != NULL ? parse_range(given->range, wish, error) : TML_OK;
}

static bool absorbs(const tml_opacity_table *table, tml_species species)
{
    for (size_t s = 0; s < table->species_count; ++s)
        if (table->species[s] == species)
            return true;
    return species == TML_SPECIES_H2 || species == TML_SPECIES_HE;
}

/* One name of the list, up to a comma. */
static tml_status switch_off(const char *name, const tml_opacity_table *table, tml_species_set *without,
                             tml_error *error)
{
    tml_species species;
    char known[512] = "H2, He";

    if (tml_species_find(name, &species) && absorbs(table, species)) {
        *without |= (tml_species_set)1 << species;
        return TML_OK;
    }
    for (size_t s = 0; s < table->species_count; ++s) {
        const size_t length = strlen(known);

        snprintf(known + length, sizeof known - length, ", %s", tml_species_name(table->species[s]));
    }
    return TML_FAIL(error, TML_USAGE, "--without %s: no such absorber; there are %s", name, known);
}

static tml_status parse_without(const char *text, const tml_opacity_table *table, tml_species_set *without,
                                tml_error *error)
{
    tml_status status = TML_OK;

    while (text != NULL && status == TML_OK) {
        const char *comma = strchr(text, ',');
        const size_t length = comma != NULL ? (size_t)(comma - text) : strlen(text);
        char name[WORD_LENGTH] = "";

        if (length < sizeof name)
            memcpy(name, text, length);
        status = switch_off(name, table, without, error);
        text = comma != NULL ? comma + 1 : NULL;
    }
    return status;
}

static tml_status refuse_options(const tml_forward_kind *kind, const tml_synth_model_options *given,
                                 tml_error *error)
{
    if (given->tables == NULL && given->range == NULL && given->resolution == NULL &&
        given->instrument == NULL && given->without == NULL)
        return TML_OK;
    return TML_FAIL(error, TML_USAGE,
                    "--tables, --wavelength-range, --resolution, --instrument and --without are for a model "
                    "with a table of opacities, which '%s' is not; give --model cloudless",
                    kind->name);
}

/* A model of its own bands: computed at the published wavelengths. */
static tml_status make_plain(tml_synth_model *model, tml_error *error)
{
    const tml_instrument_wish wish = {0};
    tml_status status = tml_array_create(TML_PUBLISHED_WAVELENGTHS, sizeof(double), "wavelengths",
                                         &model->native_um, error);

    if (status != TML_OK)
        return status;
    tml_wavelength_grid_published(model->native_um);
    model->setup.wavelengths = TML_PUBLISHED_WAVELENGTHS;
    model->setup.wavelength_um = model->native_um;
    return tml_instrument_create(TML_PUBLISHED_WAVELENGTHS, model->native_um, &wish, &model->instrument,
                                 error);
}

/* The part behind the collective reads. */
static tml_status make_with_table(const tml_synth_model_options *given, const tml_instrument_wish *wish,
                                  tml_synth_model *model, tml_error *error)
{
    const tml_opacity_table *table = &model->opacity.table;
    tml_status status = parse_without(given->without, table, &model->setup.without, error);

    if (status == TML_OK)
        status = tml_instrument_create(table->bins, table->wavelength_um, wish, &model->instrument, error);
    if (status != TML_OK)
        return status;
    model->setup.opacity = table;
    model->setup.wavelengths = model->instrument.weights.pixels;
    model->setup.wavelength_um = table->wavelength_um + model->instrument.first;
    return TML_OK;
}

tml_status tml_synth_model_make(MPI_Comm comm, const tml_forward_kind *kind,
                                const tml_synth_model_options *given, tml_synth_model *model,
                                tml_error *error)
{
    tml_instrument_wish wish = {0};
    tml_instrument_table rows = {0};
    tml_status status = kind->needs_opacity ? parse_wish(given, &wish, error)
                                            : refuse_options(kind, given, error);

    memset(model, 0, sizeof *model);
    if (status == TML_OK && given->instrument != NULL) {
        status = tml_instrument_table_read(comm, given->instrument, &rows, error);
        wish.rows = rows.rows;
        wish.row_um = rows.wavelength_um;
        wish.row_resolution = rows.resolution;
        model->instrument_digest = rows.digest;
    }
    if (status == TML_OK && kind->needs_opacity)
        status = tml_opacity_file_read(comm, given->tables, &model->opacity, error);
    if (status == TML_OK)
        status = tml_agree(comm,
                           kind->needs_opacity ? make_with_table(given, &wish, model, error)
                                               : make_plain(model, error),
                           error);
    tml_instrument_table_free(&rows);
    if (status != TML_OK) {
        tml_error_prefix(error, "grid synth: ");
        tml_synth_model_free(model);
    }
    return status;
}

static void print_digest(const char *name, const tml_digest *digest, FILE *out)
{
    char text[TML_DIGEST_TEXT];

    tml_digest_text(digest, text);
    fprintf(out, "%s=%s\n", name, text);
}

void tml_synth_model_lines(const tml_synth_model_options *given, const tml_synth_model *model, FILE *out)
{
    if (model->setup.opacity != NULL) {
        fprintf(out, "opacity_table=%s\n", model->opacity.path);
        print_digest("opacity_table_digest", &model->opacity.digest, out);
    }
    if (given->without != NULL)
        fprintf(out, "without=%s\n", given->without);
    if (given->range != NULL)
        fprintf(out, "wavelength_range=%s\n", given->range);
    if (given->resolution != NULL)
        fprintf(out, "resolution=%s\n", given->resolution);
    if (given->instrument != NULL) {
        fprintf(out, "instrument=%s\n", given->instrument);
        print_digest("instrument_digest", &model->instrument_digest, out);
    }
}

void tml_synth_model_free(tml_synth_model *model)
{
    tml_instrument_free(&model->instrument);
    tml_opacity_file_free(&model->opacity);
    free(model->native_um);
    memset(model, 0, sizeof *model);
}
