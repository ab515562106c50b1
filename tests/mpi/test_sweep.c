/** @file test_sweep.c
 * All samples through a network once: the outputs have the bits of one rank with one thread, whoever holds
 * and whoever runs the samples. */
#include "training/sweep.h"

#include <stdbool.h>
#include <string.h>

#include "mpi_test.h"

#include "small_samples.h"

enum { MOST = 261 };

static const tml_noise QUIET = {false, 1.0, 1.0, 0};
static const tml_noise NOISY = {true, 5.0, 50.0, 77};

/* What a sweep has given, by the number of the sample; what this rank has not seen is zero. */
typedef struct outcome {
    uint32_t bits[MOST][SMALL_TARGETS];
    int seen[MOST];
    int calls;
    uint64_t run; /* samples that this rank ran */
    uint64_t last_number;
} outcome;

static outcome alone;
static outcome shared;

static tml_status record_outputs(void *context, const float *records, const uint64_t *numbers, size_t count,
                                 const float *outputs, tml_error *error)
{
    outcome *o = context;

    (void)error;
    o->calls += 1;
    for (size_t i = 0; i < count; ++i) {
        const float *record = records + i * tml_sample_length(small_layout);

        TML_CHECK(tml_sample_row(small_layout, record) == (int64_t)(5000 + numbers[i]));
        TML_CHECK(o->run == 0 || numbers[i] == o->last_number + 1); /* a rank's samples are one stretch */
        memcpy(o->bits[numbers[i]], outputs + i * SMALL_TARGETS, sizeof o->bits[0]);
        o->seen[numbers[i]] += 1;
        o->run += 1;
        o->last_number = numbers[i];
    }
    return TML_OK;
}

static void run(MPI_Comm comm, const small_network *n, uint64_t total, bool is_uneven, int threads,
                const tml_noise *noise, outcome *o)
{
    int size = 1;
    tml_sample_store *store;
    tml_lane_team *team = small_team(n, threads);
    tml_error error = {0, ""};

    MPI_Comm_size(comm, &size);
    store = small_store(comm, total, tml_sweep_fetch(SMALL_LANE, size), is_uneven, small_sample);
    memset(o, 0, sizeof *o);
    TML_CHECK(tml_sweep_run(comm, store, small_layout, team, &n->prepared, noise, 4, record_outputs, o,
                            &error) == TML_OK);
    tml_sample_store_destroy(&store);
    tml_lane_team_destroy(&team);
}

static void check_like_alone(const small_network *n, uint64_t total, bool is_uneven, int threads,
                             const tml_noise *noise)
{
    uint64_t lanes = (total + SMALL_LANE - 1) / SMALL_LANE;
    tml_share share = tml_share_of(lanes, tml_test_rank, tml_test_size);
    int least;
    int most;

    run(MPI_COMM_WORLD, n, total, is_uneven, threads, noise, &shared);
    TML_CHECK(shared.run <= share.count * SMALL_LANE && shared.run + SMALL_LANE > share.count * SMALL_LANE);
    least = most = shared.calls;
    MPI_Allreduce(MPI_IN_PLACE, &least, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    TML_CHECK(least == most); /* once per round, with nothing to show too */
    MPI_Allreduce(MPI_IN_PLACE, shared.bits, MOST * SMALL_TARGETS, MPI_UINT32_T, MPI_BOR, MPI_COMM_WORLD);
    MPI_Allreduce(MPI_IN_PLACE, shared.seen, MOST, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    TML_CHECK(memcmp(shared.bits, alone.bits, sizeof alone.bits) == 0);
    for (uint64_t i = 0; i < MOST; ++i)
        TML_CHECK(shared.seen[i] == (i < total ? 1 : 0));
}

static void test_outputs_have_the_bits_of_one_rank(const small_network *n)
{
    static const uint64_t totals[] = {0, 1, 3, 4, 5, 37, 128, MOST};

    for (size_t t = 0; t < sizeof totals / sizeof totals[0]; ++t)
        for (int is_noisy = 0; is_noisy < 2; ++is_noisy) {
            const tml_noise *noise = is_noisy == 1 ? &NOISY : &QUIET;

            run(MPI_COMM_SELF, n, totals[t], false, 1, noise, &alone);
            check_like_alone(n, totals[t], false, 1, noise);
            check_like_alone(n, totals[t], true, 1, noise);
            check_like_alone(n, totals[t], true, 3, noise);
        }
}

/* Otherwise a sweep that gives the same everywhere would pass. */
static void test_outputs_differ_and_are_those_of_the_network(const small_network *n)
{
    tml_lane_team *team = small_team(n, 1);
    float record[SMALL_WAVELENGTHS + 3 * SMALL_TARGETS + 2];
    tml_error error = {0, ""};

    run(MPI_COMM_SELF, n, 37, false, 1, &QUIET, &alone);
    for (uint64_t i = 0; i < 37; ++i) {
        const float *output;
        float want[SMALL_TARGETS];

        small_sample(i, record);
        TML_CHECK(tml_lane_team_fill(team, 0, record, &i, 1, &QUIET, 0, &error) == TML_OK);
        output = tml_lane_predict(tml_lane_team_lane(team, 0), &n->prepared);
        memcpy(want, alone.bits[i], sizeof want);
        for (int t = 0; t < SMALL_TARGETS; ++t) /* the same sample in another place of a lane */
            TML_CHECK(output[t] - want[t] < 1e-5F && want[t] - output[t] < 1e-5F);
        TML_CHECK(i == 0 || memcmp(alone.bits[i], alone.bits[i - 1], sizeof alone.bits[i]) != 0);
    }
    run(MPI_COMM_SELF, n, 37, false, 1, &NOISY, &shared);
    TML_CHECK(memcmp(shared.bits[0], alone.bits[0], sizeof alone.bits[0]) != 0);
    tml_lane_team_destroy(&team);
}

int main(int argc, char **argv)
{
    small_network n;

    tml_test_start(&argc, &argv);
    small_network_make(&n, TML_TRANSFORM_LINEAR);
    test_outputs_have_the_bits_of_one_rank(&n);
    test_outputs_differ_and_are_those_of_the_network(&n);
    small_network_free(&n);
    return tml_test_finish();
}
