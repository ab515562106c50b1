/** @file test_nearest.c
 * The nearest grid point is that of a search through all spectra, to the bit, whoever holds them; of equal
 * ones it is the first. */
#include "inference/nearest.h"

#include <float.h>
#include <stdbool.h>
#include <string.h>

#include "mpi_test.h"
#include "training/sweep.h"

#include "agreed.h"
#include "small_samples.h"

enum { MOST = 150, REFERENCES = 83, RECORD = SMALL_WAVELENGTHS + 3 * SMALL_TARGETS + 2 };

static const tml_noise QUIET = {false, 1.0, 1.0, 0};
static const tml_noise NOISY = {true, 2.0, 20.0, 77};

/* Spectrum 10 k + 7 of the reference is that of 10 k + 2 again, with other parameters. */
static void make_reference(uint64_t number, float *record)
{
    float first[RECORD];

    small_sample(number + 40, record);
    if (number % 10 == 7) {
        small_sample(number - 5 + 40, first);
        memcpy(record, first, SMALL_WAVELENGTHS * sizeof *record);
    }
}

typedef struct outcome {
    double truth[MOST][SMALL_TARGETS];
    double nearest[MOST][SMALL_TARGETS];
    int seen[MOST];
} outcome;

static void record_nearest(void *context, uint64_t number, const double *truth, const double *nearest)
{
    outcome *o = context;

    memcpy(o->truth[number], truth, sizeof o->truth[0]);
    memcpy(o->nearest[number], nearest, sizeof o->nearest[0]);
    o->seen[number] += 1;
}

/* @param found  out: [SMALL_TARGETS] parameters of the nearest reference */
static void search(uint64_t number, const tml_noise *noise, double *truth, double *found)
{
    float sample[RECORD];
    float noisy[SMALL_WAVELENGTHS];
    double scratch[SMALL_WAVELENGTHS];
    double smallest = DBL_MAX;

    small_sample(number, sample);
    tml_sample_truth(small_layout, sample, truth);
    tml_noise_apply(noise, 4, number, SMALL_WAVELENGTHS, tml_sample_flux(sample), scratch, noisy);
    for (uint64_t r = 0; r < REFERENCES; ++r) {
        float reference[RECORD];
        double sum = 0.0;

        make_reference(r, reference);
        for (size_t i = 0; i < SMALL_WAVELENGTHS; ++i)
            sum += ((double)noisy[i] - (double)reference[i]) * ((double)noisy[i] - (double)reference[i]);
        if (sum < smallest) {
            smallest = sum;
            tml_sample_truth(small_layout, reference, found);
        }
    }
}

static void check_run(uint64_t total, bool is_uneven, const tml_noise *noise)
{
    static outcome o;
    tml_sample_store *samples = small_store(MPI_COMM_WORLD, total, tml_sweep_fetch(SMALL_LANE, tml_test_size),
                                            !is_uneven, small_sample);
    tml_sample_store *reference = small_store(MPI_COMM_WORLD, REFERENCES, 1, is_uneven, make_reference);
    tml_error error = {0, ""};

    memset(&o, 0, sizeof o);
    TML_CHECK(tml_nearest_run(MPI_COMM_WORLD, samples, reference, small_layout, SMALL_LANE, noise, 4,
                              record_nearest, &o, &error) == TML_OK);
    for (uint64_t i = 0; i < total; ++i) {
        double truth[SMALL_TARGETS];
        double found[SMALL_TARGETS] = {0};

        if (o.seen[i] == 0)
            continue;
        search(i, noise, truth, found);
        TML_CHECK(memcmp(truth, o.truth[i], sizeof truth) == 0);
        TML_CHECK(memcmp(found, o.nearest[i], sizeof found) == 0);
    }
    MPI_Allreduce(MPI_IN_PLACE, o.seen, MOST, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    for (uint64_t i = 0; i < MOST; ++i)
        TML_CHECK(o.seen[i] == (i < total ? 1 : 0)); /* each sample once, by one rank */
    tml_sample_store_destroy(&samples);
    tml_sample_store_destroy(&reference);
}

static void test_any_number_of_ranks_finds_what_a_search_finds(void)
{
    static const uint64_t totals[] = {0, 1, 6, 70, MOST};

    for (size_t t = 0; t < sizeof totals / sizeof totals[0]; ++t)
        for (int is_uneven = 0; is_uneven < 2; ++is_uneven) {
            check_run(totals[t], is_uneven == 1, &QUIET);
            check_run(totals[t], is_uneven == 1, &NOISY);
        }
}

/* Samples 42 + 10 k are reference spectra themselves, two times each: the first of them is the answer. */
static void test_a_tie_goes_to_the_first(void)
{
    double truth[SMALL_TARGETS];
    double found[SMALL_TARGETS];
    double first[SMALL_TARGETS];
    float reference[RECORD];

    search(52, &QUIET, truth, found);
    make_reference(12, reference);
    tml_sample_truth(small_layout, reference, first);
    TML_CHECK(memcmp(found, first, sizeof found) == 0); /* and check_run compares the product with search */
    make_reference(17, reference);
    tml_sample_truth(small_layout, reference, first);
    TML_CHECK(memcmp(found, first, sizeof found) != 0);
}

static void test_without_a_reference_there_is_no_answer(void)
{
    static outcome o;
    tml_sample_store *samples = small_store(MPI_COMM_WORLD, 9, tml_sweep_fetch(SMALL_LANE, tml_test_size),
                                            false, small_sample);
    tml_sample_store *reference = small_store(MPI_COMM_WORLD, 0, 1, false, make_reference);
    tml_error error = {0, ""};
    tml_status status = tml_nearest_run(MPI_COMM_WORLD, samples, reference, small_layout, SMALL_LANE, &QUIET,
                                        4, record_nearest, &o, &error);

    agreed_failure(status, TML_BAD_DATA, &error, "no spectra");
    tml_sample_store_destroy(&samples);
    tml_sample_store_destroy(&reference);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    test_any_number_of_ranks_finds_what_a_search_finds();
    test_a_tie_goes_to_the_first();
    test_without_a_reference_there_is_no_answer();
    return tml_test_finish();
}
