/** @file test_data_set.c
 * A grid read and split by any number of ranks: parts, scalings and numbers of the samples are those of one
 * rank, each rank reads its share alone, and what cannot be loaded is the same answer everywhere. tml-test:
 * TIMEOUT 120 */
#include "training/data_set.h"

#include <stdbool.h>
#include <string.h>

#include "core/log.h"
#include "mpi_test.h"
#include "training/split.h"

#include "agreed.h"
#include "small_grid.h"

enum { ROWS = 61 };

static const char PATH[] = "grid.h5";

static tml_settings make_settings(const char *const *assignments)
{
    tml_settings settings;
    tml_error error = {0, ""};

    memset(&settings, 0, sizeof settings);
    tml_config_defaults(tml_settings_table(), &settings);
    settings.test_fraction = 0.25;
    settings.validation_fraction = 0.25;
    for (; assignments != NULL && *assignments != NULL; ++assignments)
        TML_CHECK(tml_config_set(tml_settings_table(), *assignments, &settings, sizeof settings, &error) ==
                  TML_OK);
    return settings;
}

static tml_data_request make_request(const tml_settings *settings)
{
    tml_data_request request = {.path = PATH, .settings = settings, .most_wanted = {8, 8, 8}};

    return request;
}

static void check_same_preparation(const tml_preparation *a, const tml_preparation *b)
{
    TML_CHECK(memcmp(a->features, b->features, sizeof a->features) == 0);
    TML_CHECK(memcmp(a->targets, b->targets, sizeof a->targets) == 0);
    TML_CHECK((a->spectrum == NULL) == (b->spectrum == NULL));
    if (a->spectrum != NULL && b->spectrum != NULL)
        TML_CHECK(memcmp(a->spectrum, b->spectrum, SMALL_GRID_WAVELENGTHS * sizeof *a->spectrum) == 0);
}

/* This rank's samples against the same numbers of the data set of one rank. */
static void check_same_part(const tml_data_set *shared, const tml_data_set *alone, int p)
{
    size_t length = tml_sample_length(alone->layout);
    uint64_t first = tml_sample_store_first(shared->part[p]);
    uint64_t held = tml_sample_store_held(shared->part[p]);

    TML_CHECK(tml_sample_store_total(shared->part[p]) == tml_sample_store_total(alone->part[p]));
    TML_CHECK(first + held <= tml_sample_store_held(alone->part[p]));
    TML_CHECK(memcmp(tml_sample_store_local(shared->part[p]),
                     tml_sample_store_local(alone->part[p]) + first * length,
                     held * length * sizeof(float)) == 0);
}

/* What each rank has read: its share of the rows, once. */
static void check_reading(const tml_data_set *set, const small_grid *grid, const tml_settings *settings)
{
    uint64_t bytes_of_row = sizeof(int64_t) + SMALL_GRID_WAVELENGTHS * sizeof(float) +
                            SMALL_GRID_PARAMETERS * sizeof(double);
    uint64_t held = 0;

    if (settings->split_rule == TML_SPLIT_FILE)
        bytes_of_row += SMALL_GRID_FAMILY + SMALL_GRID_SPLIT;
    TML_CHECK(set->rows == grid->rows);
    TML_CHECK(set->rows_read == tml_share_of(grid->rows, tml_test_rank, tml_test_size).count);
    TML_CHECK(set->bytes_read == set->rows_read * bytes_of_row);
    for (int p = 0; p < TML_PARTS; ++p)
        held += tml_sample_store_held(set->part[p]);
    TML_CHECK(held == set->rows_read); /* and keeps what it has read */
}

static tml_part part_of(const small_grid *grid, const tml_data_request *request, uint64_t at)
{
    float flux[SMALL_GRID_WAVELENGTHS];
    double parameters[SMALL_GRID_PARAMETERS];
    tml_part part = TML_PART_TEST;
    tml_error error;

    small_grid_values(grid, at, flux, parameters);
    if (request->is_whole)
        return TML_PART_TEST;
    if (request->settings->split_rule != TML_SPLIT_FILE)
        return tml_split_part(request->settings, flux, SMALL_GRID_WAVELENGTHS, small_grid_row(at));
    TML_CHECK(tml_split_from_text(small_grid_word(grid, at), strlen(small_grid_word(grid, at)), &part,
                                  &error) == TML_OK);
    return part;
}

/* The data set of one rank against the rows themselves, in the order of the file. */
static void check_contents(const tml_data_set *set, const small_grid *grid, const tml_data_request *request)
{
    uint64_t at[TML_PARTS] = {0};
    size_t length = tml_sample_length(set->layout);

    for (uint64_t i = 0; i < grid->rows; ++i) {
        tml_part part = part_of(grid, request, i);
        const float *record = tml_sample_store_local(set->part[part]) + at[part] * length;
        float flux[SMALL_GRID_WAVELENGTHS];
        double parameters[SMALL_GRID_PARAMETERS];
        double truth[SMALL_GRID_PARAMETERS];
        float learned[SMALL_GRID_PARAMETERS];
        tml_error error;

        at[part] += 1;
        TML_CHECK(at[part] <= tml_sample_store_held(set->part[part]));
        if (at[part] > tml_sample_store_held(set->part[part]))
            return;
        small_grid_values(grid, i, flux, parameters);
        tml_sample_truth(set->layout, record, truth);
        TML_CHECK(memcmp(tml_sample_flux(record), flux, sizeof flux) == 0);
        TML_CHECK(tml_sample_row(set->layout, record) == small_grid_row(i));
        /* teff, logg, c_o, met as the settings list them */
        TML_CHECK(truth[0] == parameters[1] && truth[1] == parameters[0] && truth[2] == parameters[3] &&
                  truth[3] == parameters[2]);
        TML_CHECK(tml_preparation_targets(&set->preparation, truth, learned, &error) == TML_OK);
        TML_CHECK(memcmp(tml_sample_learned(set->layout, record), learned, sizeof learned) == 0);
    }
}

static void check_loads_alike(const small_grid *grid, const tml_data_request *request)
{
    tml_data_set shared;
    tml_data_set alone;
    tml_error error = {0, ""};

    TML_CHECK(tml_data_set_load(MPI_COMM_WORLD, request, &shared, &error) == TML_OK);
    TML_CHECK(tml_data_set_load(MPI_COMM_SELF, request, &alone, &error) == TML_OK);
    if (shared.wavelength_um == NULL || alone.wavelength_um == NULL) {
        fprintf(stderr, "rank %d: %s\n", tml_test_rank, error.message);
        return;
    }
    check_same_preparation(&shared.preparation, &alone.preparation);
    for (int p = 0; p < TML_PARTS; ++p)
        check_same_part(&shared, &alone, p);
    check_reading(&shared, grid, request->settings);
    check_contents(&alone, grid, request);
    TML_CHECK(strcmp(shared.grid_digest, alone.grid_digest) == 0 && strlen(shared.grid_digest) == 32);
    TML_CHECK(strcmp(shared.target_unit[0], "K") == 0 && strcmp(shared.target_unit[1], "dex") == 0);
    TML_CHECK(shared.wavelength_um[0] == 0.9 && shared.solar_c_o == 0.458);
    tml_data_set_free(&shared);
    tml_data_set_free(&alone);
    TML_CHECK(shared.wavelength_um == NULL && shared.part[0] == NULL);
}

static void test_every_rule_and_scaling_is_that_of_one_rank(void)
{
    static const char *const cases[][5] = {
        {"split.rule=groups", "input.spectrum=row_standard"},
        {"split.rule=random", "input.spectrum=column_standard", "io.mode=collective"},
        {"split.rule=file", "input.spectrum=column_minmax", "io.mode=posix"},
        {"split.rule=groups", "grid.target_scaler=none", "input.features=[]", "input.transform=log10"},
    };
    small_grid grid = small_grid_good(PATH, ROWS);

    small_grid_make(&grid);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; ++c) {
        tml_settings settings = make_settings(cases[c]);
        tml_data_request request = make_request(&settings);

        check_loads_alike(&grid, &request);
    }
}

static void test_fewer_rows_than_ranks(void)
{
    static const char *const assignments[] = {"split.test=0", "split.validation=0", NULL};
    tml_settings settings = make_settings(assignments);
    tml_data_request request = make_request(&settings);

    for (uint64_t rows = 1; rows <= 5; rows += 2) {
        small_grid grid = small_grid_good(PATH, rows);

        small_grid_make(&grid);
        check_loads_alike(&grid, &request);
    }
}

/* A network's own scalings on a grid that is taken whole, with a split that would say otherwise. */
static void test_a_whole_grid_with_given_scalings(void)
{
    static const char *const rules[][2] = {{"split.rule=groups"}, {"split.rule=file"}};
    small_grid grid = small_grid_good(PATH, ROWS);

    for (int with_metadata = 0; with_metadata < 2; ++with_metadata)
        for (int r = 0; r < 2; ++r) {
            tml_settings settings = make_settings(rules[r]);
            tml_data_request request = make_request(&settings);
            tml_data_set set;
            tml_preparation given;
            tml_error error = {0, ""};

            grid.has_metadata = with_metadata == 1;
            small_grid_make(&grid);
            TML_CHECK(tml_preparation_from_settings(&settings, SMALL_GRID_WAVELENGTHS, &given, &error) ==
                      TML_OK);
            given.targets[1].offset = 4.0;
            given.targets[1].divisor = 0.5;
            request.is_whole = true;
            request.preparation = &given;
            TML_CHECK(tml_data_set_load(MPI_COMM_WORLD, &request, &set, &error) == TML_OK);
            check_same_preparation(&set.preparation, &given);
            TML_CHECK(tml_sample_store_total(set.part[TML_PART_TEST]) == ROWS);
            TML_CHECK(tml_sample_store_total(set.part[TML_PART_TRAIN]) == 0);
            tml_data_set_free(&set);
            tml_preparation_free(&given);
        }
}

static void test_twins_stay_together(void)
{
    small_grid grid = small_grid_good(PATH, ROWS);
    tml_settings settings = make_settings(NULL);
    tml_data_request request = make_request(&settings);
    size_t twins = 0;

    for (uint64_t i = 0; i < ROWS; ++i) {
        TML_CHECK(part_of(&grid, &request, i) == part_of(&grid, &request, small_grid_twin_of(i)));
        twins += small_grid_twin_of(i) != i;
    }
    TML_CHECK(twins == 15); /* and the contents of the parts were compared with part_of above */
}

/* Load what cannot be loaded: the same answer everywhere, and nothing is left. */
static void check_refused(const tml_data_request *request, tml_status want, const char *mention)
{
    tml_data_set set;
    tml_data_set empty;
    tml_error error = {0, ""};
    tml_status status;

    memset(&set, 0xff, sizeof set);
    memset(&empty, 0, sizeof empty);
    status = tml_data_set_load(MPI_COMM_WORLD, request, &set, &error);
    agreed_failure(status, want, &error, mention);
    if (status != TML_OK)
        TML_CHECK(memcmp(&set, &empty, sizeof set) == 0);
}

static void test_a_target_that_the_grid_does_not_have(void)
{
    static const char *const assignments[] = {"grid.targets=[teff, loggs]", NULL};
    small_grid grid = small_grid_good(PATH, ROWS);
    tml_settings settings = make_settings(assignments);
    tml_data_request request = make_request(&settings);

    small_grid_make(&grid);
    check_refused(&request, TML_CONFIG, "no parameter 'loggs' (grid.targets), did you mean 'logg'?");
}

static void test_an_empty_training_part(void)
{
    small_grid grid = small_grid_good(PATH, 1);
    tml_settings settings = make_settings(NULL);
    tml_data_request request = make_request(&settings);

    settings.test_fraction = 1.0; /* beyond what the table allows: certain to leave nothing */
    small_grid_make(&grid);
    check_refused(&request, TML_BAD_DATA, "the training part is empty");
}

static void test_the_rule_file_needs_the_column(void)
{
    static const char *const assignments[] = {"split.rule=file", NULL};
    small_grid grid = small_grid_good(PATH, ROWS);
    tml_settings settings = make_settings(assignments);
    tml_data_request request = make_request(&settings);

    grid.has_metadata = false;
    small_grid_make(&grid);
    check_refused(&request, TML_CONFIG, "no metadata column 'split'");
}

static void test_a_network_of_other_wavelengths(void)
{
    small_grid grid = small_grid_good(PATH, ROWS);
    tml_settings settings = make_settings(NULL);
    tml_data_request request = make_request(&settings);
    tml_preparation given;
    tml_error error = {0, ""};

    small_grid_make(&grid);
    TML_CHECK(tml_preparation_from_settings(&settings, 104, &given, &error) == TML_OK);
    request.preparation = &given;
    check_refused(&request, TML_BAD_DATA, "12 wavelengths, the network was trained on 104");
    tml_preparation_free(&given);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    test_every_rule_and_scaling_is_that_of_one_rank();
    test_fewer_rows_than_ranks();
    test_a_whole_grid_with_given_scalings();
    test_twins_stay_together();
    test_a_target_that_the_grid_does_not_have();
    test_an_empty_training_part();
    test_the_rule_file_needs_the_column();
    test_a_network_of_other_wavelengths();
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        remove(PATH);
    return tml_test_finish();
}
