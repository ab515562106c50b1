/** @file test_opacity_file.c
 * The table of opacities that comes with the program is the same on all ranks; a table that is missing or
 * damaged is the same failure on all of them. */
#include "io/opacity_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/digest.h"
#include "mpi_test.h"

#include "agreed.h"

static const char FOLDER[] = "tables";
static const char PATH[] = "tables/cloudless_opacity.h5";

static uint64_t digest_of(const tml_opacity_file *file)
{
    const tml_opacity_table *table = &file->table;
    const size_t lines = table->species_count * table->temperatures * table->pressures * table->bins;
    const size_t pairs = TML_COLLISION_COUNT * table->collision_temperatures * table->bins;

    return tml_digest_64(table->wavelength_um, table->bins * sizeof(double)) ^
           tml_digest_64(table->ln_mean, lines * sizeof(float)) * 3 ^
           tml_digest_64(table->ln_contrast, lines * sizeof(float)) * 5 ^
           tml_digest_64(table->log10_collision, pairs * sizeof(float)) * 7 ^
           tml_digest_64(table->temperature_k, table->temperatures * sizeof(double)) * 11 ^
           tml_digest_64(table->pressure_bar, table->pressures * sizeof(double)) * 13 ^
           tml_digest_64(&file->digest, sizeof file->digest) * 17;
}

static void test_all_ranks_hold_the_table(void)
{
    tml_opacity_file file;
    tml_error error = {0, ""};
    uint64_t mine, first;

    TML_CHECK(tml_opacity_file_read(MPI_COMM_WORLD, NULL, &file, &error) == TML_OK);
    if (file.ln_mean == NULL) {
        fprintf(stderr, "%s\n", error.message);
        return;
    }
    mine = first = digest_of(&file);
    MPI_Bcast(&first, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
    TML_CHECK(mine == first);
    TML_CHECK(strstr(file.path, TML_OPACITY_FILE_NAME) != NULL);
    TML_CHECK(file.table.wavelength_um[0] < 0.805 && file.table.wavelength_um[file.table.bins - 1] > 4.99);
    TML_CHECK(file.table.species_count >= 10);
    tml_opacity_file_free(&file);
    TML_CHECK(file.ln_mean == NULL && file.table.bins == 0);
}

/* The table of the program, cut after some bytes. */
static void make_cut_copy(long bytes)
{
    char path[TML_PATH_LENGTH];
    char *contents = malloc((size_t)bytes);
    tml_error error;

    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0 && contents != NULL) {
        FILE *from, *to;

        mkdir(FOLDER, 0777);
        TML_CHECK(tml_opacity_file_find(NULL, path, &error) == TML_OK);
        from = fopen(path, "rb");
        to = fopen(PATH, "wb");
        TML_CHECK(from != NULL && to != NULL);
        if (from != NULL && to != NULL)
            TML_CHECK(fwrite(contents, 1, fread(contents, 1, (size_t)bytes, from), to) > 0);
        if (from != NULL)
            fclose(from);
        if (to != NULL)
            fclose(to);
    }
    free(contents);
    MPI_Barrier(MPI_COMM_WORLD);
}

static void expect_failure(const char *folder, tml_status want, const char *mention)
{
    tml_opacity_file file;
    tml_error error = {0, ""};
    const tml_status got = tml_opacity_file_read(MPI_COMM_WORLD, folder, &file, &error);

    agreed_failure(got, want, &error, mention);
    TML_CHECK(file.ln_mean == NULL && file.path[0] == '\0');
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    test_all_ranks_hold_the_table();
    expect_failure("no/such/folder", TML_NO_INPUT, "no/such/folder");
    make_cut_copy(20000);
    expect_failure(FOLDER, TML_BAD_DATA, PATH);
    make_cut_copy(100);
    expect_failure(FOLDER, TML_BAD_DATA, PATH);
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        remove(PATH);
    MPI_Barrier(MPI_COMM_WORLD);
    expect_failure(FOLDER, TML_NO_INPUT, "no opacity table");
    return tml_test_finish();
}
