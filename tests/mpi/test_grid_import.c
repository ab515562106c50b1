/** @file test_grid_import.c
 * A CSV file becomes the same grid file on any number of ranks and with any number of buckets, with its rows
 * in the order that the seed gives; what is wrong with it is the same error on all ranks, and nothing is left
 * on disk. tml-test: RANKS 1 2 3 5
 */
#include "io/grid_import.h"

#include <dirent.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "core/log.h"
#include "core/random.h"
#include "mpi_test.h"

enum { SMALL_ROWS = 60, SMALL_WAVELENGTHS = 7, WIDE_ROWS = 150, WIDE_WAVELENGTHS = 8192, SEED = 5 };

static const char *const OUT = "out.h5";

/* ---- the grid that is written as CSV and expected in the file ---- */

static double teff_of(int64_t row)
{
    return 500.0 + 25.0 * (double)(row % 20);
}

static double logg_of(int64_t row)
{
    return 3.0 + 0.25 * (double)(row % 7);
}

static double kzz_of(int64_t row)
{
    return 1e4 * (double)(row + 1);
}

/* Ascending; three decimals are exact enough to be told apart and are not the exact value. */
static double wavelength_of(size_t i)
{
    return 0.9 + 0.01 * (double)i + 0.0003;
}

static float flux_of(int64_t row, size_t i)
{
    return (float)((double)row + 1.0) * 0x1p-30F + (float)i * 0x1p-20F;
}

/* What the metadata of a row are: of different lengths, also empty. */
static void cloud_of(int64_t row, char *text, size_t room)
{
    snprintf(text, room, "%.*s", (int)(row % 6), "clouds");
}

static void write_cell(FILE *file, double value)
{
    fprintf(file, ",%.9g", value);
}

/* Wavelengths descending, as in the published files, and in the middle of the other columns. */
static void write_grid(const char *path, int64_t rows, size_t wavelengths, int64_t bad_row,
                       const char *bad_cell)
{
    FILE *file = fopen(path, "w");

    TML_CHECK(file != NULL);
    if (file == NULL)
        return;
    fprintf(file, "gravity,temperature");
    for (size_t i = wavelengths; i-- > 0;)
        fprintf(file, ",%.3f", wavelength_of(i));
    fprintf(file, ",clouds,kzz\n");
    for (int64_t row = 0; row < rows; ++row) {
        char cloud[16];

        fprintf(file, "%.9g", logg_of(row));
        write_cell(file, teff_of(row));
        for (size_t i = wavelengths; i-- > 0;)
            if (row == bad_row && i == 0)
                fprintf(file, ",%s", bad_cell);
            else
                write_cell(file, (double)flux_of(row, i));
        cloud_of(row, cloud, sizeof cloud);
        fprintf(file, ",\"%s\"", cloud);
        write_cell(file, kzz_of(row));
        fprintf(file, "\n");
    }
    TML_CHECK(fclose(file) == 0);
}

static void write_wavelengths(const char *path, size_t count, double shift)
{
    FILE *file = fopen(path, "w");

    TML_CHECK(file != NULL);
    if (file == NULL)
        return;
    fprintf(file, "wl\n");
    for (size_t i = 0; i < count; ++i)
        fprintf(file, "%.17g\n", wavelength_of(i) + shift);
    TML_CHECK(fclose(file) == 0);
}

static void write_meta(const char *path, int64_t rows, int64_t swapped)
{
    FILE *file = fopen(path, "w");

    TML_CHECK(file != NULL);
    if (file == NULL)
        return;
    fprintf(file, "row,family,temperature,clouds\n");
    for (int64_t row = 0; row < rows; ++row)
        fprintf(file, "%lld,family %lld,%.1f,other\n", (long long)row, (long long)(row % 3),
                teff_of(row == swapped ? row + 1 : row));
    TML_CHECK(fclose(file) == 0);
}

/* ---- the expectation ---- */

typedef struct keyed_row {
    uint64_t key;
    int64_t row;
} keyed_row;

static int compare_keyed(const void *a, const void *b)
{
    const keyed_row *left = a;
    const keyed_row *right = b;

    return (left->key > right->key) - (left->key < right->key);
}

static void expected_order(int64_t count, keyed_row *order)
{
    for (int64_t row = 0; row < count; ++row) {
        order[row].key = tml_random_at(SEED, TML_RANDOM_ORDER, (uint64_t)row, 0, 0).word[0];
        order[row].row = row;
    }
    qsort(order, (size_t)count, sizeof *order, compare_keyed);
}

static void check_shape(const tml_grid_shape *shape, int64_t rows, size_t wavelengths, bool has_meta)
{
    TML_CHECK(shape->rows == (uint64_t)rows);
    TML_CHECK(shape->wavelengths == wavelengths);
    TML_CHECK(shape->parameter_count == 3);
    TML_CHECK(strcmp(shape->parameters[0].name, "teff") == 0);
    TML_CHECK(strcmp(shape->parameters[0].unit, "K") == 0);
    TML_CHECK(strcmp(shape->parameters[1].name, "logg") == 0);
    TML_CHECK(strcmp(shape->parameters[2].name, "kzz") == 0);
    TML_CHECK(strcmp(shape->parameters[2].unit, "cm2/s") == 0);
    TML_CHECK(shape->metadata_count == (has_meta ? 2 : 1));
    TML_CHECK(strcmp(shape->metadata[0].name, "clouds") == 0);
    TML_CHECK(shape->metadata[0].width == 5);
    TML_CHECK(!has_meta || strcmp(shape->metadata[1].name, "family") == 0);
    TML_CHECK(!has_meta || shape->metadata[1].width == strlen("family 0"));
    TML_CHECK(shape->solar_c_o == 0.458);
}

/* Values are written with nine digits: float32 comes back to the bit, the parameters are exact in nine
 * digits. */
static void check_row(const tml_grid_rows *rows, size_t at, const tml_grid_shape *shape, int64_t row)
{
    const char *text = rows->metadata + at * (shape->metadata[0].width + shape->metadata[1].width);
    char expected[16];
    size_t wrong = 0;

    TML_CHECK(rows->row[at] == row);
    TML_CHECK(rows->parameters[3 * at] == teff_of(row));
    TML_CHECK(rows->parameters[3 * at + 1] == logg_of(row));
    TML_CHECK(rows->parameters[3 * at + 2] == kzz_of(row));
    for (size_t i = 0; i < shape->wavelengths; ++i)
        wrong += rows->flux[at * shape->wavelengths + i] == flux_of(row, i) ? 0 : 1;
    TML_CHECK(wrong == 0);
    cloud_of(row, expected, sizeof expected);
    TML_CHECK(strncmp(text, expected, shape->metadata[0].width) == 0);
    if (shape->metadata_count < 2)
        return;
    snprintf(expected, sizeof expected, "family %d", (int)(row % 3));
    TML_CHECK(strncmp(text + shape->metadata[0].width, expected, shape->metadata[1].width) == 0);
}

/* Every rank reads everything. */
static void check_file(int64_t count, size_t wavelengths, double shift, bool has_meta)
{
    tml_grid_file *file = NULL;
    tml_error error = {0, ""};
    keyed_row *order = malloc((size_t)count * sizeof *order);
    tml_grid_rows rows;
    const tml_grid_shape *shape;
    tml_status status = tml_grid_file_open(MPI_COMM_WORLD, OUT, TML_IO_INDEPENDENT, true, &file, &error);

    TML_CHECK(status == TML_OK);
    if (status == TML_OK) {
        shape = tml_grid_file_shape(file);
        check_shape(shape, count, wavelengths, has_meta);
        for (size_t i = 0; i < wavelengths; ++i)
            TML_CHECK(tml_grid_file_wavelength_um(file)[i] == wavelength_of(i) + shift);
        rows.row = calloc((size_t)count, sizeof *rows.row);
        rows.flux = calloc((size_t)count * wavelengths, sizeof *rows.flux);
        rows.parameters = calloc((size_t)count * 3, sizeof *rows.parameters);
        rows.metadata = calloc((size_t)count, 64);
        TML_CHECK(tml_grid_file_read_rows(file, 0, (uint64_t)count, &rows, &error) == TML_OK);
        expected_order(count, order);
        for (int64_t i = 0; i < count; ++i)
            check_row(&rows, (size_t)i, shape, order[i].row);
        free(rows.row);
        free(rows.flux);
        free(rows.parameters);
        free(rows.metadata);
    } else if (tml_test_rank == 0) {
        fprintf(stderr, "%s\n", error.message);
    }
    tml_grid_file_close(&file);
    free(order);
}

/* Files in the folder whose name begins with that of the output. */
static int files_of_output(void)
{
    DIR *folder = opendir(".");
    int count = 0;

    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
        count += strncmp(entry->d_name, OUT, strlen(OUT)) == 0 ? 1 : 0;
    closedir(folder);
    return count;
}

static void remove_output(void)
{
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        unlink(OUT);
    MPI_Barrier(MPI_COMM_WORLD);
}

static tml_grid_import_job small_job(void)
{
    tml_grid_import_job job;

    memset(&job, 0, sizeof job);
    job.files = (tml_grid_csv_files){"small.csv", "wl.csv", NULL, "kzz:cm2/s", 0.458};
    job.out = OUT;
    job.provenance = "command=test\n";
    job.seed = SEED;
    return job;
}

static void expect_success(const tml_grid_import_job *job)
{
    tml_grid_import_result result;
    tml_error error = {0, ""};
    tml_status status = tml_grid_import(MPI_COMM_WORLD, job, &result, &error);

    TML_CHECK(status == TML_OK);
    if (status != TML_OK && tml_test_rank == 0)
        fprintf(stderr, "%s\n", error.message);
    MPI_Barrier(MPI_COMM_WORLD);
    TML_CHECK(files_of_output() == (job->dry_run ? 0 : 1));
}

/* The status and the words are the same everywhere; `left` files of the output's name stay. */
static void expect_failure(const tml_grid_import_job *job, tml_status expected, const char *words, int left)
{
    tml_grid_import_result result;
    tml_error error = {0, ""};
    tml_status status = tml_grid_import(MPI_COMM_WORLD, job, &result, &error);

    TML_CHECK(status == expected);
    TML_CHECK(strstr(error.message, words) != NULL);
    if ((status != expected || strstr(error.message, words) == NULL) && tml_test_rank == 0)
        fprintf(stderr, "status %d: %s\n", (int)status, error.message);
    MPI_Barrier(MPI_COMM_WORLD);
    TML_CHECK(files_of_output() == left);
    MPI_Barrier(MPI_COMM_WORLD);
}

/* ---- behaviours ---- */

static void test_any_number_of_buckets_gives_the_same_file(void)
{
    static const unsigned bits[] = {0, 1, 5, 8};

    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; ++i) {
        tml_grid_import_job job = small_job();

        job.bucket_bits = bits[i];
        expect_success(&job);
        check_file(SMALL_ROWS, SMALL_WAVELENGTHS, 0.0, false);
        remove_output();
    }
}

/* 1 MiB of flux is 32 rows: five chunks, the last one short, so that some ranks share and others have none.
 */
static void test_several_chunks_are_shared_by_the_ranks(void)
{
    tml_grid_import_job job = small_job();

    job.files.csv = "wide.csv";
    job.files.wavelengths = "wide_wl.csv";
    job.bucket_bits = 4;
    expect_success(&job);
    check_file(WIDE_ROWS, WIDE_WAVELENGTHS, 0.0, false);
    remove_output();
}

static void test_metadata_of_a_second_file_follow_their_rows(void)
{
    tml_grid_import_job job = small_job();

    job.files.meta = "meta.csv";
    job.bucket_bits = 2;
    expect_success(&job);
    check_file(SMALL_ROWS, SMALL_WAVELENGTHS, 0.0, true);
    remove_output();
}

static void test_exact_wavelengths_within_rounding_are_taken(void)
{
    tml_grid_import_job job = small_job();

    job.files.wavelengths = "wl_near.csv";
    expect_success(&job);
    check_file(SMALL_ROWS, SMALL_WAVELENGTHS, 0.0002, false);
    remove_output();
    job.files.wavelengths = "wl_far.csv";
    expect_failure(&job, TML_BAD_DATA, "wavelength 1 in ascending order is 0.90", 0);
    job.files.wavelengths = "wl_short.csv";
    expect_failure(&job, TML_BAD_DATA, "wl_short.csv has 6 wavelengths, the header of small.csv has 7", 0);
}

static void test_bad_cells_are_the_same_error_everywhere(void)
{
    static const struct {
        const char *file;
        const char *words;
    } bad[] = {
        {"bad_0.csv", "bad_0.csv: line 39, row 37, column '0.900': 'nan'"},
        {"bad_1.csv", "bad_1.csv: line 39, row 37, column '0.900': flux -1e-9 is negative"},
        {"bad_2.csv", "bad_2.csv: line 39, row 37, column '0.900': 'x' is not a number"},
        {"bad_3.csv", "bad_3.csv: line 39, row 37 has 12 fields, the header has 11"},
        {"bad_4.csv", "bad_4.csv: line 39, row 37, column '0.900': flux 1e39 is too large"},
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        tml_grid_import_job job = small_job();

        job.files.csv = bad[i].file;
        job.bucket_bits = 3;
        expect_failure(&job, TML_BAD_DATA, bad[i].words, 0);
        job.dry_run = true;
        expect_failure(&job, TML_BAD_DATA, bad[i].words, 0);
    }
}

static void test_metadata_that_do_not_belong_are_refused(void)
{
    tml_grid_import_job job = small_job();

    job.files.meta = "meta_short.csv";
    expect_failure(&job, TML_BAD_DATA, "meta_short.csv has only 59 rows", 0);
    job.files.meta = "meta_long.csv";
    expect_failure(&job, TML_BAD_DATA, "meta_long.csv has more rows than small.csv, which has 60", 0);
    job.files.meta = "meta_swapped.csv";
    expect_failure(&job, TML_BAD_DATA,
                   "meta_swapped.csv: line 13, row 11, column 'temperature' is '800.0', but teff", 0);
}

static void test_wrong_requests_are_refused(void)
{
    tml_grid_import_job job = small_job();

    job.files.csv = "absent.csv";
    expect_failure(&job, TML_NO_INPUT, "absent.csv", 0);
    job = small_job();
    job.files.targets = "kz:cm2/s";
    expect_failure(&job, TML_USAGE, "did you mean 'kzz'?", 0);
    job.files.targets = "kzz";
    expect_failure(&job, TML_USAGE, "NAME:UNIT", 0);
    job.files.targets = "kzz:cm2/s,kzz:1";
    expect_failure(&job, TML_USAGE, "kzz twice", 0);
    job.files.targets = "clouds:1";
    expect_failure(&job, TML_BAD_DATA, "column 'clouds'", 0);
    job = small_job();
    job.out = "absent/out.h5";
    expect_failure(&job, TML_CANNOT_CREATE, "absent/out.h5", 0);
}

static void test_an_output_that_exists_is_replaced_only_on_request(void)
{
    tml_grid_import_job job = small_job();

    expect_success(&job);
    job.files.csv = "wide.csv";
    job.files.wavelengths = "wide_wl.csv";
    expect_failure(&job, TML_CANNOT_CREATE, "--force", 1);
    check_file(SMALL_ROWS, SMALL_WAVELENGTHS, 0.0, false);
    job.replace = true;
    job.files.csv = "bad_0.csv";
    job.files.wavelengths = "wl.csv";
    expect_failure(&job, TML_BAD_DATA, "row 37", 1);
    check_file(SMALL_ROWS, SMALL_WAVELENGTHS, 0.0, false);
    job.files.csv = "wide.csv";
    job.files.wavelengths = "wide_wl.csv";
    expect_success(&job);
    check_file(WIDE_ROWS, WIDE_WAVELENGTHS, 0.0, false);
    remove_output();
}

static void test_a_dry_run_writes_nothing(void)
{
    tml_grid_import_job job = small_job();

    job.dry_run = true;
    expect_success(&job);
}

static void write_inputs(void)
{
    static const char *const cells[] = {"nan", "-1e-9", "x", "1,2", "1e39"};

    write_grid("small.csv", SMALL_ROWS, SMALL_WAVELENGTHS, -1, "");
    write_grid("wide.csv", WIDE_ROWS, WIDE_WAVELENGTHS, -1, "");
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; ++i) {
        char name[32];

        snprintf(name, sizeof name, "bad_%d.csv", (int)i);
        write_grid(name, SMALL_ROWS, SMALL_WAVELENGTHS, 37, cells[i]);
    }
    write_wavelengths("wl.csv", SMALL_WAVELENGTHS, 0.0);
    write_wavelengths("wide_wl.csv", WIDE_WAVELENGTHS, 0.0);
    write_wavelengths("wl_near.csv", SMALL_WAVELENGTHS, 0.0002);
    write_wavelengths("wl_far.csv", SMALL_WAVELENGTHS, 0.0005);
    write_wavelengths("wl_short.csv", SMALL_WAVELENGTHS - 1, 0.0);
    write_meta("meta.csv", SMALL_ROWS, -1);
    write_meta("meta_short.csv", SMALL_ROWS - 1, -1);
    write_meta("meta_long.csv", SMALL_ROWS + 1, -1);
    write_meta("meta_swapped.csv", SMALL_ROWS, 11);
    unlink(OUT);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_WARNING);
    if (tml_test_rank == 0)
        write_inputs();
    MPI_Barrier(MPI_COMM_WORLD);
    test_any_number_of_buckets_gives_the_same_file();
    test_several_chunks_are_shared_by_the_ranks();
    test_metadata_of_a_second_file_follow_their_rows();
    test_exact_wavelengths_within_rounding_are_taken();
    test_bad_cells_are_the_same_error_everywhere();
    test_metadata_that_do_not_belong_are_refused();
    test_wrong_requests_are_refused();
    test_an_output_that_exists_is_replaced_only_on_request();
    test_a_dry_run_writes_nothing();
    return tml_test_finish();
}
