/** @file test_sample_store.c
 * Samples spread over the ranks: every wanted record arrives as it was put in, for any batch and any shares;
 * two fetches may be under way; a store can be given up in the middle of one. */
#include "mpi/sample_store.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/permutation.h"
#include "core/random.h"
#include "mpi_test.h"

enum { LENGTH = 11, MOST = 60, BATCHES = 30 };

/* How many samples each rank holds: uneven, and some none, the first and the last among them. */
static uint64_t held_by(int pattern, int rank)
{
    switch (pattern) {
    case 0:
        return (uint64_t)(3 + rank % 3);
    case 1:
        return rank % 2 == 0 ? 0 : (uint64_t)(5 + rank);
    case 2:
        return rank == tml_test_size - 1 ? 9 : 0;
    default:
        return rank == 0 ? 17 : 0;
    }
}

static float value_of(uint64_t sample, size_t i)
{
    return (float)(sample * 1000 + i) + 0.25F;
}

static tml_sample_store *make_store(int pattern, size_t length)
{
    tml_sample_store *store = NULL;
    tml_error error = {0, ""};
    uint64_t held = held_by(pattern, tml_test_rank);
    float *local;

    TML_CHECK(tml_sample_store_create(MPI_COMM_WORLD, length, held, MOST, &store, &error) == TML_OK);
    if (store == NULL)
        return NULL;
    local = tml_sample_store_local(store);
    for (uint64_t s = 0; s < held; ++s)
        for (size_t i = 0; i < length; ++i)
            local[s * length + i] = value_of(tml_sample_store_first(store) + s, i);
    return store;
}

static uint64_t random_below(uint64_t key, uint64_t at, uint64_t limit)
{
    return tml_random_at(11, TML_RANDOM_NOISE, key, at, 0).word[0] % limit;
}

/* A batch that all ranks draw alike: any samples, each at most once, some ranks without any. */
static void draw_batch(uint64_t key, uint64_t total, uint64_t *samples, uint64_t *boundaries)
{
    tml_permutation order = tml_permutation_create(total, 11, TML_RANDOM_SHUFFLE, key);

    boundaries[0] = 0;
    for (int r = 0; r < tml_test_size; ++r) {
        uint64_t most = MOST / (uint64_t)tml_test_size;
        uint64_t left = total - boundaries[r];
        uint64_t count = random_below(key, 1000 + (uint64_t)r, 3) == 0
                             ? 0
                             : random_below(key, 2000 + (uint64_t)r, most + 1);

        boundaries[r + 1] = boundaries[r] + (count < left ? count : left);
    }
    for (uint64_t i = 0; i < boundaries[tml_test_size]; ++i)
        samples[i] = tml_permutation_at(&order, i);
}

static bool is_own(const tml_sample_store *store, uint64_t sample)
{
    return sample >= tml_sample_store_first(store) &&
           sample < tml_sample_store_first(store) + tml_sample_store_held(store);
}

static void begin(tml_sample_store *store, int slot, uint64_t key)
{
    uint64_t samples[MOST];
    uint64_t boundaries[MOST];
    tml_error error = {0, ""};

    draw_batch(key, tml_sample_store_total(store), samples, boundaries);
    TML_CHECK(tml_sample_store_fetch_begin(store, slot, samples, boundaries, &error) == TML_OK);
    memset(samples, 0xff, sizeof samples); /* they were borrowed for the call alone */
}

/* @return samples that came from other ranks */
static uint64_t finish(tml_sample_store *store, int slot, uint64_t key)
{
    uint64_t samples[MOST];
    uint64_t boundaries[MOST];
    const float *records = NULL;
    uint64_t foreign = 0;
    int wrong = 0;
    tml_error error = {0, ""};

    draw_batch(key, tml_sample_store_total(store), samples, boundaries);
    TML_CHECK(tml_sample_store_fetch_finish(store, slot, &records, &error) == TML_OK);
    for (uint64_t i = boundaries[tml_test_rank]; i < boundaries[tml_test_rank + 1]; ++i, records += LENGTH) {
        foreign += !is_own(store, samples[i]);
        for (size_t k = 0; k < LENGTH; ++k)
            wrong += records[k] != value_of(samples[i], k);
    }
    TML_CHECK(wrong == 0);
    return foreign;
}

static void test_samples_are_numbered_through_the_ranks(void)
{
    for (int pattern = 0; pattern < 4; ++pattern) {
        tml_sample_store *store = make_store(pattern, LENGTH);
        uint64_t first = 0;
        uint64_t total = 0;

        for (int r = 0; r < tml_test_size; ++r) {
            first += r < tml_test_rank ? held_by(pattern, r) : 0;
            total += held_by(pattern, r);
        }
        TML_CHECK(tml_sample_store_total(store) == total);
        TML_CHECK(tml_sample_store_first(store) == first);
        TML_CHECK(tml_sample_store_held(store) == held_by(pattern, tml_test_rank));
        tml_sample_store_destroy(&store);
        TML_CHECK(store == NULL);
        tml_sample_store_destroy(&store);
    }
}

static void test_every_wanted_record_arrives_unchanged(void)
{
    for (int pattern = 0; pattern < 4; ++pattern) {
        tml_sample_store *store = make_store(pattern, LENGTH);
        uint64_t foreign = 0;

        for (uint64_t key = 0; key < BATCHES && tml_sample_store_total(store) > 0; ++key) {
            begin(store, (int)(key % 2), key);
            foreign += finish(store, (int)(key % 2), key);
        }
        /* what is here does not travel, and nothing travels twice */
        TML_CHECK(tml_sample_store_received(store) == foreign * LENGTH * sizeof(float));
        tml_sample_store_destroy(&store);
    }
}

/* As the trainer does it: the next batch travels while this one is used. */
static void test_two_fetches_may_be_under_way(void)
{
    tml_sample_store *store = make_store(0, LENGTH);

    begin(store, 0, 100);
    for (uint64_t step = 0; step < BATCHES; ++step) {
        begin(store, (int)((step + 1) % 2), 101 + step);
        finish(store, (int)(step % 2), 100 + step);
    }
    finish(store, BATCHES % 2, 100 + BATCHES);
    /* and completed the other way round, not in the same order on all ranks */
    begin(store, 0, 7);
    begin(store, 1, 8);
    if (tml_test_rank % 2 == 0) {
        finish(store, 1, 8);
        finish(store, 0, 7);
    } else {
        finish(store, 0, 7);
        finish(store, 1, 8);
    }
    tml_sample_store_destroy(&store);
}

static void test_a_finished_batch_outlives_the_next_fetch(void)
{
    tml_sample_store *store = make_store(0, LENGTH);
    uint64_t everyone[MOST];
    uint64_t boundaries[MOST];
    const float *records = NULL;
    tml_error error = {0, ""};

    for (int r = 0; r <= tml_test_size; ++r)
        boundaries[r] = (uint64_t)r;
    for (int r = 0; r < tml_test_size; ++r) /* each rank wants one of the last samples */
        everyone[r] = tml_sample_store_total(store) - 1 - (uint64_t)r;
    TML_CHECK(tml_sample_store_fetch_begin(store, 0, everyone, boundaries, &error) == TML_OK);
    TML_CHECK(tml_sample_store_fetch_finish(store, 0, &records, &error) == TML_OK);
    begin(store, 1, 3);
    finish(store, 1, 3);
    TML_CHECK(records[LENGTH - 1] == value_of(everyone[tml_test_rank], LENGTH - 1));
    tml_sample_store_destroy(&store);
}

/* Records too long to travel eagerly: their memory is needed until the messages are through. */
static void test_a_store_can_be_given_up_with_fetches_under_way(void)
{
    enum { LONG = 50000 };

    for (int slots = 1; slots <= 2; ++slots) {
        tml_sample_store *store = make_store(0, LONG);

        for (int slot = 0; slot < slots; ++slot)
            begin(store, slot, 40 + (uint64_t)slot);
        tml_sample_store_destroy(&store);
        TML_CHECK(store == NULL);
    }
}

static void test_a_store_without_samples_is_a_store(void)
{
    tml_sample_store *store = NULL;
    uint64_t boundaries[MOST] = {0};
    const float *records = NULL;
    tml_error error = {0, ""};

    TML_CHECK(tml_sample_store_create(MPI_COMM_WORLD, LENGTH, 0, MOST, &store, &error) == TML_OK);
    TML_CHECK(tml_sample_store_total(store) == 0);
    TML_CHECK(tml_sample_store_fetch_begin(store, 0, boundaries, boundaries, &error) == TML_OK);
    TML_CHECK(tml_sample_store_fetch_finish(store, 0, &records, &error) == TML_OK);
    tml_sample_store_destroy(&store);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    test_samples_are_numbered_through_the_ranks();
    test_every_wanted_record_arrives_unchanged();
    test_two_fetches_may_be_under_way();
    test_a_finished_batch_outlives_the_next_fetch();
    test_a_store_can_be_given_up_with_fetches_under_way();
    test_a_store_without_samples_is_a_store();
    return tml_test_finish();
}
