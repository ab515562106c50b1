/** @file test_forward_run.c
 * Spectra that are made on the spot go through a network: the answers have the bits of one rank with one
 * thread, each spectrum is made once, and a failure is the same everywhere. */
#include "inference/forward_run.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/random.h"
#include "mpi_test.h"

#include "agreed.h"
#include "spectra_grid.h"

#include "small_model.h"

enum { MOST = 261 };

/* What a run has asked for, and what it is to be refused. */
typedef struct source {
    uint64_t fails_from; /* spectra from this one on cannot be made; UINT64_MAX: all can */
    uint64_t is_nan;     /* a spectrum with a pixel that is no number; UINT64_MAX: none */
    int threads;
    int made[MOST];   /* how often, by this rank */
    int worker[MOST]; /* by whom */
} source;

static tml_status make(void *context, uint64_t number, int worker, float *flux, tml_error *error)
{
    source *s = context;

    s->made[number] += 1;
    s->worker[number] = worker;
    if (number >= s->fails_from)
        return TML_FAIL(error, TML_NO_INPUT, "spectrum %llu is not there", (unsigned long long)number);
    for (uint64_t i = 0; i < SPECTRA_WAVELENGTHS; ++i)
        flux[i] = 1e-8F + 1e-6F * (float)tml_random_uniform(21, TML_RANDOM_NOISE, number, i, 0);
    if (number == s->is_nan)
        flux[4] = NAN;
    return TML_OK;
}

static tml_status run(MPI_Comm comm, const tml_model *model, uint64_t count, source *s, double *values,
                      tml_error *error)
{
    tml_world world = small_world(comm);

    memset(s->made, 0, sizeof s->made);
    return tml_forward_run(&world, model, s->threads, count, make, s, values, NULL, error);
}

static void test_answers_have_the_bits_of_one_rank(const tml_model *model)
{
    static const uint64_t counts[] = {0, 1, 3, 4, 5, 37, 128, MOST};
    static double alone[MOST * SPECTRA_TARGETS];
    static double shared[MOST * SPECTRA_TARGETS];
    static source s = {.fails_from = UINT64_MAX, .is_nan = UINT64_MAX};
    tml_error error = {0, ""};

    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; ++c)
        for (int threads = 1; threads <= 3; threads += 2) {
            s.threads = 1;
            memset(alone, 0, sizeof alone);
            memset(shared, 0, sizeof shared);
            TML_CHECK(run(MPI_COMM_SELF, model, counts[c], &s, alone, &error) == TML_OK);
            s.threads = threads;
            TML_CHECK(run(MPI_COMM_WORLD, model, counts[c], &s, shared, &error) == TML_OK);
            TML_CHECK(memcmp(alone, shared, sizeof alone) == 0); /* and nothing behind the last answer */
        }
}

static void test_each_spectrum_is_made_once(const tml_model *model)
{
    enum { COUNT = 101, THREADS = 3 };
    static double values[COUNT * SPECTRA_TARGETS];
    static source s = {.fails_from = UINT64_MAX, .is_nan = UINT64_MAX, .threads = THREADS};
    int own = 0;
    tml_error error = {0, ""};

    TML_CHECK(run(MPI_COMM_WORLD, model, COUNT, &s, values, &error) == TML_OK);
    for (int i = 0; i < COUNT; ++i) {
        own += s.made[i];
        TML_CHECK(s.made[i] == 0 || (s.worker[i] >= 0 && s.worker[i] < THREADS));
    }
    TML_CHECK(own <= COUNT / tml_test_size + 17); /* about a share each: at most a lane more */
    MPI_Allreduce(MPI_IN_PLACE, s.made, COUNT, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    for (int i = 0; i < COUNT; ++i)
        TML_CHECK(s.made[i] == 1);
}

/* Bits of spectra do not depend on how many others are predicted: lanes of one and of 32, full and not. */
static void test_answers_do_not_depend_on_their_company(const tml_model *model)
{
    enum { COUNT = 101 };
    static double all[COUNT * SPECTRA_TARGETS];
    static double some[COUNT * SPECTRA_TARGETS];
    static source s = {.fails_from = UINT64_MAX, .is_nan = UINT64_MAX, .threads = 1};
    tml_error error = {0, ""};

    TML_CHECK(run(MPI_COMM_SELF, model, COUNT, &s, all, &error) == TML_OK);
    for (uint64_t count = 1; count < COUNT; count += count < 8 ? 1 : 13) {
        TML_CHECK(run(MPI_COMM_SELF, model, count, &s, some, &error) == TML_OK);
        TML_CHECK(memcmp(some, all, (size_t)count * SPECTRA_TARGETS * sizeof *some) == 0);
    }
}

/* One sample in a lane of its own, with the same bits. */
static void test_answers_are_those_of_the_network(const tml_model *model)
{
    enum { COUNT = 11 };
    static source s = {.fails_from = UINT64_MAX, .is_nan = UINT64_MAX, .threads = 1};
    double values[COUNT * SPECTRA_TARGETS];
    tml_lane *lane = NULL;
    tml_error error = {0, ""};

    TML_CHECK(run(MPI_COMM_WORLD, model, COUNT, &s, values, &error) == TML_OK);
    TML_CHECK(tml_lane_create(&model->network, 4, 0, &lane, &error) == TML_OK);
    for (uint64_t i = 0; i < COUNT; ++i) {
        float flux[SPECTRA_WAVELENGTHS];
        float spectrum[SPECTRA_WAVELENGTHS];
        float features[TML_PREPARATION_FEATURES];
        double want[SPECTRA_TARGETS];

        TML_CHECK(make(&s, i, 0, flux, &error) == TML_OK);
        TML_CHECK(tml_preparation_input(&model->preparation, flux, spectrum, features, &error) == TML_OK);
        for (size_t place = 0; place < 4; ++place)
            tml_lane_set_empty(lane, place);
        tml_lane_set_sample(lane, 0, spectrum, features, 0);
        tml_preparation_inverse(&model->preparation, tml_lane_predict(lane, &model->prepared), want);
        for (size_t t = 0; t < SPECTRA_TARGETS; ++t)
            TML_CHECK(values[i * SPECTRA_TARGETS + t] == want[t]);
        TML_CHECK(i == 0 || fabs(values[i * SPECTRA_TARGETS] - values[0]) > 1e-3); /* they differ */
    }
    tml_lane_destroy(&lane);
}

/* Of several that cannot be made the first is named, whoever had it and whoever was ready first. */
static void test_the_first_failure_is_the_one_of_all(const tml_model *model)
{
    static double values[MOST * SPECTRA_TARGETS];
    static source s = {.is_nan = UINT64_MAX};
    tml_error error;

    for (uint64_t first = 0; first < MOST; first += 13)
        for (int threads = 1; threads <= 3; threads += 2) {
            char mention[64];

            snprintf(mention, sizeof mention, "spectrum %llu is not there", (unsigned long long)first);
            s.fails_from = first;
            s.threads = threads;
            error = (tml_error){TML_RANK_UNKNOWN, ""};
            agreed_failure(run(MPI_COMM_WORLD, model, MOST, &s, values, &error), TML_NO_INPUT, &error,
                           mention);
        }
}

static void test_what_the_network_cannot_take(const tml_model *model)
{
    static double values[MOST * SPECTRA_TARGETS];
    static source s = {.fails_from = UINT64_MAX, .is_nan = MOST - 1, .threads = 2};
    tml_error error = {TML_RANK_UNKNOWN, ""};

    agreed_failure(run(MPI_COMM_WORLD, model, MOST, &s, values, &error), TML_BAD_DATA, &error, "pixel 4");
}

static void test_an_answer_that_is_no_number(tml_model *model)
{
    static double values[MOST * SPECTRA_TARGETS];
    static source s = {.fails_from = UINT64_MAX, .is_nan = UINT64_MAX, .threads = 2};
    const tml_column kept = model->preparation.targets[1];
    tml_error error = {TML_RANK_UNKNOWN, ""};

    model->preparation.targets[1].divisor = NAN;
    agreed_failure(run(MPI_COMM_WORLD, model, 7, &s, values, &error), TML_BAD_DATA, &error,
                   "answer for 'logg' is not a number");
    model->preparation.targets[1] = kept;
}

static void test_more_answers_than_a_message_holds(const tml_model *model)
{
    static source s = {.fails_from = 0, .is_nan = UINT64_MAX, .threads = 1};
    tml_error error = {TML_RANK_UNKNOWN, ""};

    agreed_failure(run(MPI_COMM_WORLD, model, UINT64_C(1) << 30, &s, NULL, &error), TML_USAGE, &error,
                   "ask for fewer draws");
    TML_CHECK(s.made[0] == 0);
}

int main(int argc, char **argv)
{
    spectra_grid grid = {.kind = SPECTRA_REGULAR, .rows = SPECTRA_ALL_NODES};
    tml_settings settings;
    tml_model model;

    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    settings = small_model_settings("unused.h5", &grid);
    small_model_make(&settings, &model);
    test_answers_have_the_bits_of_one_rank(&model);
    test_each_spectrum_is_made_once(&model);
    test_answers_do_not_depend_on_their_company(&model);
    test_answers_are_those_of_the_network(&model);
    test_the_first_failure_is_the_one_of_all(&model);
    test_what_the_network_cannot_take(&model);
    test_an_answer_that_is_no_number(&model);
    test_more_answers_than_a_message_holds(&model);
    tml_model_free(&model);
    return tml_test_finish();
}
