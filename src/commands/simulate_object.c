#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/simulation.h"
#include "core/memory.h"
#include "core/number_text.h"
#include "io/atomic_file.h"
#include "io/grid_file.h"
#include "io/object_file.h"
#include "mpi/agree.h"
#include "mpi/share.h"
#include "spectra/flux_unit.h"

_Static_assert((int)TML_GRID_PARAMETERS <= (int)TML_OBJECT_VALUES, "room for every parameter");
_Static_assert((int)TML_GRID_NAME <= (int)TML_OBJECT_NAME, "room for every name");

/* One row of the grid. */
typedef struct source {
    const tml_grid_shape *shape;
    const double *wavelength_um;
    float *flux;                            /* [shape.wavelengths] */
    double parameters[TML_GRID_PARAMETERS]; /* [shape.parameter_count] */
} source;

/* Where the row stands in the file: each rank looks through its share of the row numbers. */
static tml_status find_row(const tml_world *world, tml_grid_file *file, const tml_simulation *simulation,
                           uint64_t *place, tml_error *error)
{
    const tml_share share = tml_share_of(tml_grid_file_shape(file)->rows, world->rank, world->size);
    /* Lowest place where it was found; smallest and largest number, the latter turned over for MPI_MIN. */
    int64_t seen[3] = {INT64_MAX, INT64_MAX, INT64_MAX};
    tml_grid_rows rows = {0};
    tml_status status = tml_array_create((size_t)share.count, sizeof *rows.row, "row numbers", &rows.row,
                                         error);

    status = tml_agree(world->comm, status, error);
    if (status == TML_OK)
        status = tml_grid_file_read_rows(file, share.first, share.count, &rows, error);
    for (uint64_t i = 0; status == TML_OK && i < share.count; ++i) {
        const int64_t row = rows.row[i];

        if (row >= 0 && (uint64_t)row == simulation->row && seen[0] == INT64_MAX)
            seen[0] = (int64_t)(share.first + i);
        seen[1] = row < seen[1] ? row : seen[1];
        seen[2] = ~row < seen[2] ? ~row : seen[2];
    }
    free(rows.row);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, seen, 3, MPI_INT64_T, MPI_MIN, world->comm),
                               "looking for a row", error);
    if (status == TML_OK && seen[0] == INT64_MAX)
        status = TML_FAIL(
            error, TML_NO_INPUT,
            "%s: there is no row %" PRIu64 "; its %" PRIu64 " rows have numbers from %" PRId64 " to %" PRId64,
            simulation->grid, simulation->row, tml_grid_file_shape(file)->rows, seen[1], ~seen[2]);
    *place = (uint64_t)seen[0];
    return tml_agree(world->comm, status, error);
}

/* Rank 0 alone needs the spectrum; the others take part in the reading with nothing. */
static tml_status read_source(const tml_world *world, tml_grid_file *file, uint64_t place, source *from,
                              tml_error *error)
{
    tml_grid_rows rows = {0};
    tml_status status = TML_OK;

    from->shape = tml_grid_file_shape(file);
    from->wavelength_um = tml_grid_file_wavelength_um(file);
    status = tml_array_create(from->shape->wavelengths, sizeof *from->flux, "a spectrum", &from->flux, error);
    status = tml_agree(world->comm, status, error);
    if (status != TML_OK)
        return status;
    rows.flux = from->flux;
    rows.parameters = from->parameters;
    return tml_grid_file_read_rows(file, place, world->rank == 0 ? 1 : 0, &rows, error);
}

static void print_head(const tml_simulation *simulation, const source *from, FILE *out)
{
    char snr[TML_NUMBER_TEXT];
    char distance[TML_NUMBER_TEXT];
    char radius[TML_NUMBER_TEXT];
    char value[TML_NUMBER_TEXT];

    tml_number_text(simulation->snr, snr);
    tml_number_text(simulation->distance_pc.value, distance);
    tml_number_text(simulation->radius_rjup.value, radius);
    fprintf(out,
            "# Simulated observation with known truth: row %" PRIu64 " of %s\n"
            "# Gaussian noise, sigma of every pixel = mean F_nu / %s, seed %" PRIu64 "\n"
            "# seen at %s pc, radius %s R_Jup\n# truth:",
            simulation->row, simulation->grid, snr, simulation->seed, distance, radius);
    for (size_t i = 0; i < from->shape->parameter_count; ++i) {
        const tml_grid_parameter *parameter = &from->shape->parameters[i];

        tml_number_text(from->parameters[i], value);
        fprintf(out, "%s %s = %s%s%s", i > 0 ? "," : "", parameter->name, value,
                parameter->unit[0] != '\0' ? " " : "", parameter->unit);
    }
    fprintf(out, "\n# wavelength [micron, vacuum]  F_lambda [erg s-1 cm-2 A-1]  error [erg s-1 cm-2 A-1]\n");
}

static void print_pixels(const tml_simulation *simulation, const source *from, const double *noisy,
                         double sigma, FILE *out)
{
    const double dilution = 1.0 /
                            tml_surface_factor(simulation->distance_pc.value, simulation->radius_rjup.value);

    for (size_t i = 0; i < from->shape->wavelengths; ++i) {
        const double wavelength_um = from->wavelength_um[i];
        char wavelength[TML_NUMBER_TEXT];
        char flux[TML_NUMBER_TEXT];
        char error[TML_NUMBER_TEXT];

        tml_number_text(wavelength_um, wavelength);
        tml_number_text(tml_per_wavelength(wavelength_um, noisy[i] * dilution), flux);
        tml_number_text(tml_per_wavelength(wavelength_um, sigma * dilution), error);
        fprintf(out, "%s %s %s\n", wavelength, flux, error);
    }
}

/* @param text  out: on the heap, owned by the caller; NULL on failure */
static tml_status spectrum_text(const tml_simulation *simulation, const source *from, char **text,
                                size_t *count, tml_error *error)
{
    double *noisy = NULL;
    double sigma = 0.0;
    FILE *out;
    tml_status status = tml_array_create(from->shape->wavelengths, sizeof *noisy, "a noisy spectrum", &noisy,
                                         error);

    *text = NULL;
    if (status == TML_OK)
        status = tml_simulation_noise(simulation, simulation->row, from->shape->wavelengths, from->flux,
                                      noisy, &sigma, error);
    if (status == TML_OK) {
        out = open_memstream(text, count);
        if (out != NULL) {
            print_head(simulation, from, out);
            print_pixels(simulation, from, noisy, sigma, out);
        }
        if (out == NULL || fclose(out) != 0) {
            free(*text);
            *text = NULL;
            status = TML_FAIL(error, TML_INTERNAL, "no memory for the simulated spectrum");
        }
    }
    free(noisy);
    return status;
}

static void describe(const tml_simulation *simulation, const source *from, tml_object_file *object)
{
    tml_literature *truth = &object->facts.literature[0];

    memset(object, 0, sizeof *object);
    tml_object_facts_clear(&object->facts);
    memcpy(object->facts.name, simulation->name, sizeof object->facts.name);
    object->facts.distance_pc = simulation->distance_pc;
    object->facts.radius_rjup = simulation->radius_rjup;
    object->facts.literature_count = 1;
    snprintf(truth->source, sizeof truth->source, "true values of the simulation");
    truth->count = from->shape->parameter_count;
    for (size_t i = 0; i < truth->count; ++i) {
        memcpy(truth->name[i], from->shape->parameters[i].name, TML_GRID_NAME);
        truth->value[i] = (tml_measure){from->parameters[i], 0.0};
    }
    snprintf(object->unit_wavelength, sizeof object->unit_wavelength, "micron");
    snprintf(object->unit_flux, sizeof object->unit_flux, "erg s-1 cm-2 A-1");
    object->has_medium = true;
}

/* The description first: a spectrum that is there is complete. */
static tml_status write_object(const tml_simulation *simulation, const source *from, tml_error *error)
{
    tml_object_file *object = NULL;
    char *text = NULL;
    size_t count = 0;
    tml_status status = spectrum_text(simulation, from, &text, &count, error);

    if (status == TML_OK)
        status = tml_array_create(1, sizeof *object, "what is known of the object", &object, error);
    if (status == TML_OK && !simulation->dry_run) {
        describe(simulation, from, object);
        status = tml_object_file_write(simulation->object_path, object, error);
        if (status == TML_OK) {
            status = tml_atomic_write(simulation->spectrum_path, text, count, error);
            if (status != TML_OK)
                unlink(simulation->object_path);
        }
    }
    free(object);
    free(text);
    return status;
}

static tml_status simulate(const tml_world *world, tml_grid_file *file, const tml_simulation *simulation,
                           tml_simulation_result *result, tml_error *error)
{
    source from = {0};
    uint64_t place = 0;
    tml_status status = find_row(world, file, simulation, &place, error);

    if (status == TML_OK)
        status = read_source(world, file, place, &from, error);
    if (status == TML_OK) {
        *result = (tml_simulation_result){1, from.shape->wavelengths};
        if (world->rank == 0)
            status = write_object(simulation, &from, error);
        status = tml_agree(world->comm, status, error);
    }
    free(from.flux);
    return status;
}

tml_status tml_simulate_object(const tml_world *world, const tml_simulation *simulation,
                               tml_simulation_result *result, tml_error *error)
{
    tml_grid_file *file = NULL;
    tml_status status = tml_simulation_check_output(world, simulation, simulation->spectrum_path, error);

    if (status == TML_OK)
        status = tml_simulation_check_output(world, simulation, simulation->object_path, error);
    if (status == TML_OK)
        status = tml_grid_file_open(world->comm, simulation->grid, TML_IO_INDEPENDENT, false, &file, error);
    if (status == TML_OK)
        status = simulate(world, file, simulation, result, error);
    tml_grid_file_close(&file);
    return status;
}
