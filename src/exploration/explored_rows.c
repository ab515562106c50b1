#include "exploration/explored_rows.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "mpi/agree.h"
#include "mpi/share.h"
#include "spectra/preparation.h"

enum { ROUND_BYTES = 64 << 20, BLOCK_ROWS = 64 };

/* The cube of a parameter must be a finite double. */
static const double most_parameter = 1e60;

double tml_log_flux_value(const tml_explored_rows *rows, size_t row, size_t wavelength)
{
    double flux = (double)rows->flux[row * rows->wavelengths + wavelength];

    return flux > 0.0 ? log10(flux) : (double)NAN;
}

double tml_flux_value(const tml_explored_rows *rows, size_t row, size_t wavelength)
{
    return (double)rows->flux[row * rows->wavelengths + wavelength];
}

double tml_scaled_flux_value(const tml_explored_rows *rows, size_t row, size_t wavelength)
{
    return (double)rows->scaled[row * rows->wavelengths + wavelength];
}

double tml_parameter_value(const tml_explored_rows *rows, size_t row, size_t parameter)
{
    return rows->parameter[row * rows->parameters + parameter];
}

size_t tml_explored_rows_of(const tml_explored_rows *rows, int rank)
{
    return (size_t)tml_share_of_blocks(rows->total, rows->chunk, rank, rows->size).count;
}

size_t tml_explored_rows_block(const tml_explored_rows *rows, size_t begin)
{
    size_t within = begin % (size_t)rows->chunk; /* a share begins with a chunk */
    size_t left = (size_t)rows->chunk - within;
    size_t length = BLOCK_ROWS - within % BLOCK_ROWS;

    if (length > left)
        length = left;
    return length < rows->count - begin ? begin + length : rows->count;
}

static tml_status make_room(tml_explored_rows *rows, bool with_scaled, tml_error *error)
{
    const char *what = "the rows of the grid";
    tml_status status = tml_array_create(rows->count, sizeof *rows->row, what, &rows->row, error);

    if (status == TML_OK)
        status = tml_array_create(rows->count, rows->wavelengths * sizeof *rows->flux, what, &rows->flux,
                                  error);
    if (status == TML_OK && with_scaled)
        status = tml_array_create(rows->count, rows->wavelengths * sizeof *rows->scaled, what, &rows->scaled,
                                  error);
    if (status == TML_OK)
        status = tml_array_create(rows->count, rows->parameters * sizeof *rows->parameter, what,
                                  &rows->parameter, error);
    return status;
}

/* In rounds of bounded size, as many on every rank and of whole chunks, so that no chunk is read twice. */
static tml_status read_rounds(tml_grid_file *file, tml_explored_rows *rows, tml_error *error)
{
    const size_t bytes = rows->wavelengths * sizeof *rows->flux + rows->parameters * sizeof *rows->parameter;
    const uint64_t chunks = ROUND_BYTES / bytes / rows->chunk;
    const uint64_t round = (chunks > 0 ? chunks : 1) * rows->chunk;
    const uint64_t largest = tml_share_of_blocks(rows->total, rows->chunk, 0, rows->size).count;
    tml_status status = TML_OK;

    for (uint64_t done = 0; done < largest && status == TML_OK; done += round) {
        const size_t begin = done < rows->count ? (size_t)done : rows->count;
        const size_t count = rows->count - begin < round ? rows->count - begin : (size_t)round;
        tml_grid_rows part = {rows->row + begin, rows->flux + begin * rows->wavelengths,
                              rows->parameter + begin * rows->parameters, NULL};

        status = tml_grid_file_read_rows(file, rows->first + begin, count, &part, error);
    }
    rows->bytes_read = tml_grid_file_bytes_read(file);
    return status;
}

static tml_status check_parameters(tml_explored_rows *rows, tml_grid_file *file, tml_error *error)
{
    for (size_t i = 0; i < rows->count; ++i)
        for (size_t p = 0; p < rows->parameters; ++p) {
            double *value = &rows->parameter[i * rows->parameters + p];

            if (!(fabs(*value) <= most_parameter))
                return TML_FAIL(error, TML_BAD_DATA,
                                "row %lld: %s is %g; a parameter beyond %g cannot be explored, check the "
                                "source of the grid",
                                (long long)rows->row[i], tml_grid_file_shape(file)->parameters[p].name,
                                *value, most_parameter);
            *value += 0.0; /* -0 is 0 */
        }
    return TML_OK;
}

static tml_status scale_rows(tml_explored_rows *rows, tml_error *error)
{
    const tml_preparation_choice choice = {.wavelengths = rows->wavelengths,
                                           .transform = TML_TRANSFORM_LINEAR,
                                           .spectrum_scaler = TML_SCALER_ROW_STANDARD,
                                           .order = TML_ORDER_ASCENDING};
    tml_preparation preparation;
    tml_status status = tml_preparation_create(&choice, &preparation, error);

    for (size_t i = 0; i < rows->count && status == TML_OK; ++i) {
        status = tml_preparation_input(&preparation, rows->flux + i * rows->wavelengths,
                                       rows->scaled + i * rows->wavelengths, NULL, error);
        if (status != TML_OK)
            tml_error_prefix(error, "row %lld: ", (long long)rows->row[i]);
    }
    tml_preparation_free(&preparation);
    return status;
}

static tml_status read_share(MPI_Comm comm, tml_grid_file *file, bool with_scaled, tml_explored_rows *rows,
                             tml_error *error)
{
    const tml_grid_shape *shape = tml_grid_file_shape(file);
    tml_share share;
    tml_status status;

    memset(rows, 0, sizeof *rows);
    rows->comm = comm;
    MPI_Comm_rank(comm, &rows->rank);
    MPI_Comm_size(comm, &rows->size);
    rows->total = shape->rows;
    rows->chunk = tml_grid_file_chunk_rows(file);
    rows->wavelengths = shape->wavelengths;
    rows->parameters = shape->parameter_count;
    share = tml_share_of_blocks(rows->total, rows->chunk, rows->rank, rows->size);
    rows->first = share.first;
    rows->count = (size_t)share.count;
    status = tml_agree(comm, make_room(rows, with_scaled, error), error);
    if (status == TML_OK)
        status = read_rounds(file, rows, error);
    if (status == TML_OK) {
        status = check_parameters(rows, file, error);
        if (status == TML_OK && with_scaled)
            status = scale_rows(rows, error);
        status = tml_agree(comm, status, error);
    }
    if (status != TML_OK)
        tml_explored_rows_free(rows);
    return status;
}

tml_status tml_explored_rows_read(MPI_Comm comm, tml_grid_file *file, tml_explored_rows *rows,
                                  tml_error *error)
{
    return read_share(comm, file, true, rows, error);
}

tml_status tml_explored_rows_read_any(MPI_Comm comm, tml_grid_file *file, tml_explored_rows *rows,
                                      tml_error *error)
{
    tml_grid_file_accept_any_flux(file);
    return read_share(comm, file, false, rows, error);
}

void tml_explored_rows_free(tml_explored_rows *rows)
{
    free(rows->row);
    free(rows->flux);
    free(rows->scaled);
    free(rows->parameter);
    memset(rows, 0, sizeof *rows);
}
