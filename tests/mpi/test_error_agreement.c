/** @file test_error_agreement.c
 * One rank fails - at a place that can be reached from outside - and every rank returns the same status and
 * the same message; nobody waits for the one that failed (the alarm of mpi_test.h would end that). tml-test:
 * TIMEOUT 120 */
#include "training/trainer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/log.h"
#include "io/atomic_file.h"
#include "mpi_test.h"
#include "training/data_set.h"
#include "training/model.h"
#include "training/sweep.h"

#include "agreed.h"
#include "small_grid.h"
#include "small_samples.h"

enum { ROWS = 61, LAST = ROWS - 1 };

static const char PATH[] = "grid.h5";

static tml_settings make_settings(const char *const *assignments)
{
    tml_settings settings;
    tml_error error = {0, ""};

    memset(&settings, 0, sizeof settings);
    tml_config_defaults(tml_settings_table(), &settings);
    for (; assignments != NULL && *assignments != NULL; ++assignments)
        if (tml_config_set(tml_settings_table(), *assignments, &settings, sizeof settings, &error) !=
            TML_OK) {
            TML_CHECK(!"settings");
            fprintf(stderr, "%s\n", error.message);
        }
    return settings;
}

/* ---- loading ---- */

static void check_load_fails(const small_grid *grid, const char *const *assignments, const char *mention)
{
    tml_settings settings = make_settings(assignments);
    tml_data_request request = {.path = PATH, .settings = &settings, .most_wanted = {8, 8, 8}};
    tml_data_set set;
    tml_error error = {0, ""};

    small_grid_make(grid);
    agreed_failure(tml_data_set_load(MPI_COMM_WORLD, &request, &set, &error), TML_BAD_DATA, &error, mention);
    TML_CHECK(set.wavelength_um == NULL);
}

/* The bad row is the last one of the file: it lies in the share of the last rank. */
static void test_a_spectrum_that_one_rank_cannot_prepare(void)
{
    static const char *const assignments[] = {"input.transform=log10", "split.test=0", "split.validation=0",
                                              NULL};
    small_grid grid = small_grid_good(PATH, ROWS);
    char row[32];

    grid.bad_row = LAST;
    grid.bad_flux = -1e-9F;
    snprintf(row, sizeof row, "row %lld: ", (long long)small_grid_row(LAST));
    check_load_fails(&grid, assignments, row);
}

static void test_a_target_that_one_rank_cannot_take_the_logarithm_of(void)
{
    static const char *const assignments[] = {"split.rule=file", "grid.log10=[teff]", NULL};
    static const char *const words[] = {"train", "validation"}; /* while fitting, and while filling a part */
    small_grid grid = small_grid_good(PATH, ROWS);

    for (int w = 0; w < 2; ++w) {
        grid.bad_row = LAST;
        grid.bad_teff = -3.0;
        grid.bad_word = words[w];
        check_load_fails(&grid, assignments, "has no logarithm");
    }
}

static void test_a_word_that_one_rank_does_not_know(void)
{
    static const char *const assignments[] = {"split.rule=file", NULL};
    small_grid grid = small_grid_good(PATH, ROWS);

    grid.bad_row = LAST;
    grid.bad_word = "verify";
    check_load_fails(&grid, assignments, "'verify'");
}

static void check_open_fails(const char *path, tml_status want, const char *mention)
{
    tml_settings settings = make_settings(NULL);
    tml_data_request request = {.path = path, .settings = &settings, .most_wanted = {8, 8, 8}};
    tml_data_set set;
    tml_error error = {0, ""};

    agreed_failure(tml_data_set_load(MPI_COMM_WORLD, &request, &set, &error), want, &error, mention);
}

static void test_a_grid_that_cannot_be_opened(void)
{
    static const char text[] = "gravity,temperature\n";
    tml_error error = {0, ""};

    if (tml_test_rank == 0)
        TML_CHECK(tml_atomic_write("text.h5", text, sizeof text - 1, &error) == TML_OK);
    MPI_Barrier(MPI_COMM_WORLD);
    check_open_fails("absent.h5", TML_NO_INPUT, "absent.h5");
    check_open_fails("absent/grid.h5", TML_NO_INPUT, "absent/grid.h5");
    check_open_fails("text.h5", TML_BAD_DATA, "text.h5");
    if (tml_test_rank == 0)
        remove("text.h5");
}

/* ---- samples and sweeps ---- */

static void test_a_store_that_does_not_fit_on_one_rank(void)
{
    for (int failing = 0; failing < tml_test_size; ++failing) {
        tml_sample_store *store = NULL;
        tml_error error = {0, ""};
        uint64_t count = tml_test_rank == failing ? UINT64_MAX / 2 : 3;

        agreed_failure(tml_sample_store_create(MPI_COMM_WORLD, 100, count, 8, &store, &error), TML_INTERNAL,
                       &error, "the spectra of a rank");
        TML_CHECK(store == NULL);
    }
}

/* Fails on one rank, in one of its rounds. */
typedef struct failing_visit {
    int rank;
    int round;
    int calls;
} failing_visit;

static tml_status visit(void *context, const float *records, const uint64_t *numbers, size_t count,
                        const float *outputs, tml_error *error)
{
    failing_visit *f = context;

    (void)records;
    (void)numbers;
    (void)count;
    (void)outputs;
    if (f->calls++ == f->round && tml_test_rank == f->rank)
        return TML_FAIL(error, TML_IO_ERROR, "rank %d cannot go on", f->rank);
    return TML_OK;
}

static void test_a_visit_that_fails_on_one_rank(void)
{
    size_t fetch = tml_sweep_fetch(SMALL_LANE, tml_test_size);
    tml_noise quiet = {false, 1.0, 1.0, 0};
    small_network n;
    tml_lane_team *team;

    small_network_make(&n, TML_TRANSFORM_LINEAR);
    team = small_team(&n, 2);
    for (int failing = 0; failing < tml_test_size; ++failing)
        for (int round = 0; round < 2; ++round) {
            tml_sample_store *store = small_store(MPI_COMM_WORLD, 3 * fetch, fetch, false, small_sample);
            failing_visit f = {failing, round, 0};
            char wanted[32];
            tml_error error = {0, ""};

            snprintf(wanted, sizeof wanted, "rank %d cannot go on", failing);
            agreed_failure(tml_sweep_run(MPI_COMM_WORLD, store, small_layout, team, &n.prepared, &quiet, 0,
                                         visit, &f, &error),
                           TML_IO_ERROR, &error, wanted);
            TML_CHECK(f.calls == round + 1); /* all have stopped in the same round */
            TML_CHECK(error.rank == failing);
            tml_sample_store_destroy(&store);
        }
    tml_lane_team_destroy(&team);
    small_network_free(&n);
}

static void make_one_dark(uint64_t number, float *record)
{
    small_sample(number, record);
    if (number == 11)
        record[2] = 0.0F;
}

static void test_a_spectrum_that_one_rank_cannot_run(void)
{
    size_t fetch = tml_sweep_fetch(SMALL_LANE, tml_test_size);
    tml_noise quiet = {false, 1.0, 1.0, 0};
    failing_visit f = {-1, 0, 0};
    small_network n;
    tml_lane_team *team;
    tml_sample_store *store = small_store(MPI_COMM_WORLD, 40, fetch, true, make_one_dark);
    tml_error error = {0, ""};

    small_network_make(&n, TML_TRANSFORM_LOG10);
    team = small_team(&n, 1);
    agreed_failure(
        tml_sweep_run(MPI_COMM_WORLD, store, small_layout, team, &n.prepared, &quiet, 0, visit, &f, &error),
        TML_BAD_DATA, &error, "row 5011 of the grid: pixel 2");
    tml_sample_store_destroy(&store);
    tml_lane_team_destroy(&team);
    small_network_free(&n);
}

static void test_a_model_that_rank_0_cannot_read(void)
{
    tml_model model;
    tml_error error = {0, ""};

    agreed_failure(tml_model_load(MPI_COMM_WORLD, "absent.h5", &model, &error), TML_NO_INPUT, &error,
                   "absent.h5");
    TML_CHECK(model.weights == NULL);
    small_grid_make(&(small_grid){PATH, ROWS, true, -1, 0.0F, 0.0, NULL});
    agreed_failure(tml_model_load(MPI_COMM_WORLD, PATH, &model, &error), TML_BAD_DATA, &error, PATH);
    TML_CHECK(model.weights == NULL);
}

/* ---- training ---- */

static void check_training_fails(const char *const *assignments, const char *run_directory, tml_status want,
                                 const char *mention)
{
    tml_settings settings = make_settings(assignments);
    tml_world world = {.comm = MPI_COMM_WORLD, .rank = tml_test_rank, .size = tml_test_size, .nodes = 1};
    tml_train_job job = {.settings = &settings,
                         .run_directory = run_directory,
                         .start = TML_RUN_FORCE,
                         .command_line = "test"};
    tml_train_summary summary;
    tml_error error = {0, ""};

    agreed_failure(tml_train(&world, &job, &summary, &error), want, &error, mention);
}

#define SMALL_TRAINING                                                                                       \
    "split.rule=file", "batch.global=12", "batch.lane=2", "stop.epochs=30", "stop.min_delta=0",              \
        "network.conv_blocks=1", "network.conv_layers=1", "network.conv_filters=2", "network.fc1_layers=0",  \
        "network.fc2_layers=1", "network.fc2_units=4", "run.threads=2"

/* A validation spectrum that has no logarithm: only the rank that holds it sees it. */
static void test_a_validation_spectrum_that_cannot_be_prepared(void)
{
    static const char *const assignments[] = {SMALL_TRAINING, "input.transform=log10", NULL};
    small_grid grid = small_grid_good(PATH, ROWS);
    char row[48];

    grid.bad_row = LAST;
    grid.bad_flux = -1e-9F;
    grid.bad_word = "validation";
    small_grid_make(&grid);
    snprintf(row, sizeof row, "row %lld: pixel 5", (long long)small_grid_row(LAST));
    check_training_fails(assignments, "run", TML_BAD_DATA, row);
}

/* A temperature beyond float, learned as it is: no loss of its part is finite. */
static void check_huge_target(const char *part, const char *mention)
{
    static const char *const assignments[] = {SMALL_TRAINING, "stop.epochs=1", "grid.log10=[]",
                                              "grid.target_scaler=none", NULL};
    small_grid grid = small_grid_good(PATH, ROWS);

    grid.bad_row = LAST;
    grid.bad_teff = 1e300;
    grid.bad_word = part;
    small_grid_make(&grid);
    check_training_fails(assignments, "run", TML_DIVERGED, mention);
}

static void test_a_training_that_diverges(void)
{
    check_huge_target("train", "the loss is not finite");
    check_huge_target("validation", "the validation part is not finite");
}

static void test_a_run_directory_that_cannot_be_made(void)
{
    static const char *const assignments[] = {SMALL_TRAINING, NULL};
    tml_error error = {0, ""};

    if (tml_test_rank == 0)
        TML_CHECK(tml_atomic_write("file", "x", 1, &error) == TML_OK);
    MPI_Barrier(MPI_COMM_WORLD);
    check_training_fails(assignments, "file/run", TML_CANNOT_CREATE, "file");
    if (tml_test_rank == 0)
        remove("file");
}

static void test_a_network_that_does_not_fit_the_spectra(void)
{
    static const char *const assignments[] = {SMALL_TRAINING, "network.pool=13", NULL};

    check_training_fails(assignments, "run", TML_CONFIG, "network.pool 13");
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    test_a_spectrum_that_one_rank_cannot_prepare();
    test_a_target_that_one_rank_cannot_take_the_logarithm_of();
    test_a_word_that_one_rank_does_not_know();
    test_a_grid_that_cannot_be_opened();
    test_a_store_that_does_not_fit_on_one_rank();
    test_a_visit_that_fails_on_one_rank();
    test_a_spectrum_that_one_rank_cannot_run();
    test_a_model_that_rank_0_cannot_read();
    test_a_validation_spectrum_that_cannot_be_prepared();
    test_a_training_that_diverges();
    test_a_run_directory_that_cannot_be_made();
    test_a_network_that_does_not_fit_the_spectra();
    return tml_test_finish();
}
