#include "commands/instrument_table.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "io/atomic_file.h"
#include "io/csv_reader.h"
#include "mpi/agree.h"

static const size_t largest_file = (size_t)16 << 20;

/* One row; the wavelengths must ascend. */
static tml_status take_row(const tml_csv_reader *reader, const char *path, const size_t columns[2],
                           tml_instrument_table *table, tml_error *error)
{
    const size_t at = table->rows;
    tml_status status;

    if (at == TML_INSTRUMENT_ROWS)
        return TML_FAIL(error, TML_BAD_DATA, "%s: more than %d rows; thin the table out", path,
                        TML_INSTRUMENT_ROWS);
    status = tml_csv_number(reader, columns[0], &table->wavelength_um[at], error);
    if (status == TML_OK)
        status = tml_csv_number(reader, columns[1], &table->resolution[at], error);
    if (status == TML_OK && !(table->wavelength_um[at] > (at > 0 ? table->wavelength_um[at - 1] : 0.0)))
        status = TML_FAIL(error, TML_BAD_DATA,
                          "%s: line %lld, row %lld, column 'wavelength': %g; wavelengths in micron must be "
                          "positive and ascend",
                          path, (long long)tml_csv_line(reader), (long long)tml_csv_row(reader),
                          table->wavelength_um[at]);
    if (status == TML_OK)
        ++table->rows;
    return status;
}

static tml_status read_rows(tml_csv_reader *reader, const char *path, tml_instrument_table *table,
                            tml_error *error)
{
    static const char *const names[2] = {"wavelength", "resolution"};
    const char *const *fields = NULL;
    size_t columns[2];
    tml_status status;

    for (size_t c = 0; c < 2; ++c) {
        const long column = tml_csv_find(reader, names[c]);

        if (column < 0)
            return TML_FAIL(error, TML_BAD_DATA,
                            "%s: no column '%s'; an instrument has the columns wavelength (micron) and "
                            "resolution",
                            path, names[c]);
        columns[c] = (size_t)column;
    }
    status = tml_csv_next(reader, &fields, error);
    while (status == TML_OK && fields != NULL) {
        status = take_row(reader, path, columns, table, error);
        if (status == TML_OK)
            status = tml_csv_next(reader, &fields, error);
    }
    if (status == TML_OK && table->rows < 2)
        status = TML_FAIL(error, TML_BAD_DATA, "%s: %zu rows; an instrument needs two at least", path,
                          table->rows);
    return status;
}

static tml_status read_file(const char *path, tml_instrument_table *table, tml_error *error)
{
    tml_csv_reader *reader = NULL;
    char *bytes = NULL;
    size_t count = 0;
    tml_status status = tml_csv_open(path, &reader, error);

    if (status == TML_OK)
        status = read_rows(reader, path, table, error);
    tml_csv_close(&reader);
    if (status == TML_OK)
        status = tml_file_read_text(path, largest_file, &bytes, &count, error);
    if (status == TML_OK)
        table->digest = tml_digest_of(bytes, count);
    free(bytes);
    return status;
}

static tml_status share(MPI_Comm comm, tml_instrument_table *table, tml_error *error)
{
    uint64_t rows = table->rows;
    tml_status status = tml_mpi_check(MPI_Bcast(&rows, 1, MPI_UINT64_T, 0, comm), "sharing an instrument",
                                      error);

    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(table->wavelength_um, (int)rows, MPI_DOUBLE, 0, comm),
                               "sharing an instrument", error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(table->resolution, (int)rows, MPI_DOUBLE, 0, comm),
                               "sharing an instrument", error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(&table->digest, (int)sizeof table->digest, MPI_BYTE, 0, comm),
                               "sharing an instrument", error);
    table->rows = (size_t)rows;
    return status;
}

tml_status tml_instrument_table_read(MPI_Comm comm, const char *path, tml_instrument_table *table,
                                     tml_error *error)
{
    int rank = 0;
    tml_status status = tml_mpi_check(MPI_Comm_rank(comm, &rank), "asking for the rank", error);

    memset(table, 0, sizeof *table);
    if (status == TML_OK)
        status = tml_array_create(TML_INSTRUMENT_ROWS, sizeof(double), "an instrument", &table->wavelength_um,
                                  error);
    if (status == TML_OK)
        status = tml_array_create(TML_INSTRUMENT_ROWS, sizeof(double), "an instrument", &table->resolution,
                                  error);
    if (status == TML_OK && rank == 0)
        status = read_file(path, table, error);
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = share(comm, table, error);
    if (status != TML_OK)
        tml_instrument_table_free(table);
    return status;
}

void tml_instrument_table_free(tml_instrument_table *table)
{
    free(table->wavelength_um);
    free(table->resolution);
    memset(table, 0, sizeof *table);
}
