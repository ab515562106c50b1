#ifndef TML_TESTS_MPI_SMALL_SAMPLES_H
#define TML_TESTS_MPI_SMALL_SAMPLES_H

/** @file small_samples.h
 * Samples made up on the spot, spread over the ranks, and a small network that takes them. For tests that run
 * on several ranks; include it after mpi_test.h. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "mpi/sample_store.h"
#include "mpi/share.h"
#include "network/initialise.h"
#include "network/lane.h"
#include "spectra/preparation.h"
#include "training/lane_team.h"
#include "training/sample_record.h"

enum { SMALL_WAVELENGTHS = 12, SMALL_TARGETS = 2, SMALL_LANE = 4 };

static const tml_sample_layout small_layout = {SMALL_WAVELENGTHS, SMALL_TARGETS};

/** Fills a record, [tml_sample_length(small_layout)], for a number. */
typedef void small_sample_maker(uint64_t number, float *record);

/** A sample with fluxes from 1e-8 to 1e-6. */
static inline void small_sample(uint64_t number, float *record)
{
    float flux[SMALL_WAVELENGTHS];
    double truth[SMALL_TARGETS];
    float learned[SMALL_TARGETS];

    for (uint64_t i = 0; i < SMALL_WAVELENGTHS; ++i)
        flux[i] = 1e-8F + 1e-6F * (float)tml_random_uniform(21, TML_RANDOM_NOISE, number, i, 0);
    for (uint64_t t = 0; t < SMALL_TARGETS; ++t) {
        truth[t] = tml_random_uniform(22, TML_RANDOM_NOISE, number, t, 0);
        learned[t] = (float)truth[t];
    }
    tml_sample_fill(small_layout, flux, truth, (int64_t)(5000 + number), record);
    memcpy(record + SMALL_WAVELENGTHS, learned, sizeof learned);
}

/** How many of `total` samples a rank holds: about a share each, or all on the last rank but a few. */
static inline uint64_t small_held(uint64_t total, int rank, int size, bool is_uneven)
{
    uint64_t few = total / (uint64_t)(4 * size);

    if (!is_uneven)
        return tml_share_of(total, rank, size).count;
    return rank == size - 1 ? total - few * (uint64_t)(size - 1) : few;
}

/** A store of `total` samples over `comm`. Collective. NULL after a failed check */
static inline tml_sample_store *small_store(MPI_Comm comm, uint64_t total, size_t most_wanted, bool is_uneven,
                                            small_sample_maker *maker)
{
    size_t length = tml_sample_length(small_layout);
    tml_sample_store *store = NULL;
    tml_error error = {0, ""};
    int rank = 0;
    int size = 1;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    TML_CHECK(tml_sample_store_create(comm, length, small_held(total, rank, size, is_uneven), most_wanted,
                                      &store, &error) == TML_OK);
    for (uint64_t i = 0; store != NULL && i < tml_sample_store_held(store); ++i)
        maker(tml_sample_store_first(store) + i, tml_sample_store_local(store) + i * length);
    return store;
}

/** A network for these samples and what a lane team needs. */
typedef struct small_network {
    tml_network network;
    tml_preparation preparation;
    tml_prepared_weights prepared;
    float *weights;
} small_network;

static inline void small_network_make(small_network *n, tml_transform transform)
{
    tml_architecture a = {.wavelengths = SMALL_WAVELENGTHS,
                          .features = 2,
                          .targets = SMALL_TARGETS,
                          .conv_blocks = 1,
                          .conv_layers = 2,
                          .conv_filters = 3,
                          .conv_kernel = 4,
                          .pool = 3,
                          .fc1_layers = 1,
                          .fc1_units = 9,
                          .fc2_blocks = 1,
                          .fc2_layers = 1,
                          .fc2_units = 7,
                          .fc2_dropout = 0.5};
    tml_preparation_choice choice = {.wavelengths = SMALL_WAVELENGTHS,
                                     .transform = transform,
                                     .spectrum_scaler = TML_SCALER_ROW_STANDARD,
                                     .order = TML_ORDER_DESCENDING,
                                     .feature_count = 2,
                                     .features = {TML_FEATURE_MIN, TML_FEATURE_MAX},
                                     .feature_scaler = TML_COLUMN_NONE,
                                     .target_count = SMALL_TARGETS,
                                     .target_scaler = TML_COLUMN_NONE};
    tml_error error = {0, ""};

    memset(n, 0, sizeof *n);
    TML_CHECK(tml_network_lay_out(&a, &n->network, &error) == TML_OK);
    TML_CHECK(tml_preparation_create(&choice, &n->preparation, &error) == TML_OK);
    n->weights = calloc(n->network.parameter_count, sizeof *n->weights);
    n->prepared.kernels = calloc(tml_prepared_count(&n->network), sizeof *n->prepared.kernels);
    n->prepared.weights = n->weights;
    tml_initialise_weights(&n->network, 3, n->weights);
    tml_prepare_weights(&n->network, &n->prepared);
}

static inline void small_network_free(small_network *n)
{
    tml_preparation_free(&n->preparation);
    free(n->weights);
    free(n->prepared.kernels);
}

static inline tml_lane_team *small_team(const small_network *n, int threads)
{
    tml_lane_team *team = NULL;
    tml_error error = {0, ""};

    TML_CHECK(tml_lane_team_create(&n->network, small_layout, &n->preparation, SMALL_LANE, threads, 0, &team,
                                   &error) == TML_OK);
    return team;
}

#endif
