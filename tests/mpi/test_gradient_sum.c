/** @file test_gradient_sum.c
 * The sum of the lane gradients: exact - the bits of the tree of mpi/lane_tree.h on any number of ranks and
 * workers, ranks without lanes included; fast - the sum to rounding. A value that is not finite is counted on
 * all ranks, and nobody receives more than its share. */
#include "mpi/gradient_sum.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "mpi/lane_tree.h"
#include "mpi_test.h"

enum { PARAMETERS = 257, MOST_LANES = 40, TREE_LANES = 64 };

static float values_of[TREE_LANES][PARAMETERS]; /* of a whole tree, of which MOST_LANES are used */
static tml_node *node;                          /* as the computer has them, or pretended */

static void draw_values(void)
{
    for (uint64_t lane = 0; lane < MOST_LANES; ++lane)
        for (uint64_t p = 0; p < PARAMETERS; ++p) {
            tml_random_words words = tml_random_at(3, TML_RANDOM_NOISE, lane, p, 0);

            values_of[lane][p] = ldexpf((float)(2.0 * tml_random_unit(words.word[0]) - 1.0),
                                        (int)(words.word[1] % 24) - 20);
        }
}

/* Left child plus right child, literally. */
static float node_sum(unsigned level, uint64_t index, uint64_t lanes, size_t p)
{
    float left;

    if (level == 0)
        return values_of[index][p];
    left = node_sum(level - 1, 2 * index, lanes, p);
    if ((2 * index + 1) << (level - 1) >= lanes)
        return left;
    return left + node_sum(level - 1, 2 * index + 1, lanes, p);
}

static float tree_sum(uint64_t lanes, size_t p)
{
    unsigned level = 0;

    while ((uint64_t)1 << level < lanes)
        ++level;
    return node_sum(level, 0, lanes, p);
}

/* One lane in the pieces of a backward pass: ascending, of uneven length, not the same for every lane. */
static void add_lane(tml_gradient_sum *sum, int worker, uint64_t lane, size_t parameters)
{
    size_t piece;

    for (size_t at = 0; at < parameters; at += piece) {
        piece = 1 + (size_t)((lane * 7 + at * 13) % 61);
        piece = piece < parameters - at ? piece : parameters - at;
        tml_gradient_sum_add(sum, worker, lane, at, piece, values_of[lane] + at);
    }
}

/* The workers take turns, lane by lane, as threads would. @return lanes that this rank added */
static uint64_t add_lanes(tml_gradient_sum *sum, uint64_t lanes, int workers, size_t parameters)
{
    uint64_t added = 0;
    uint64_t before;

    tml_gradient_sum_begin(sum, lanes);
    for (uint64_t turn = 0; before = added, turn < lanes; ++turn) {
        for (int w = 0; w < workers; ++w) {
            tml_share share = tml_gradient_sum_worker_lanes(sum, w);

            if (turn < share.count) {
                add_lane(sum, w, share.first + turn, parameters);
                ++added;
            }
        }
        if (added == before)
            break;
    }
    return added;
}

static tml_gradient_sum *make(size_t parameters, int workers, tml_reduction reduction)
{
    tml_gradient_sum *sum = NULL;
    tml_error error = {0, ""};

    TML_CHECK(tml_gradient_sum_create(MPI_COMM_WORLD, node, parameters, MOST_LANES, workers, reduction, &sum,
                                      &error) == TML_OK);
    return sum;
}

static void check_exact_step(tml_gradient_sum *sum, uint64_t lanes, int workers, size_t parameters)
{
    const float *gradient = NULL;
    uint64_t bad = 99;
    uint64_t added = add_lanes(sum, lanes, workers, parameters);
    tml_error error = {0, ""};
    int differing = 0;

    TML_CHECK(added == tml_gradient_sum_rank_lanes(sum).count);
    MPI_Allreduce(MPI_IN_PLACE, &added, 1, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
    TML_CHECK(added == lanes); /* each lane once over all ranks */
    TML_CHECK(tml_gradient_sum_finish(sum, &gradient, &bad, &error) == TML_OK);
    TML_CHECK(bad == 0);
    for (size_t p = 0; p < parameters; ++p) {
        float want = tree_sum(lanes, p);

        differing += memcmp(&gradient[p], &want, sizeof want) != 0;
    }
    TML_CHECK(differing == 0);
}

static void test_exact_sums_have_the_bits_of_the_tree(void)
{
    for (int workers = 1; workers <= 3; ++workers) {
        tml_gradient_sum *sum = make(PARAMETERS, workers, TML_REDUCTION_EXACT);

        for (uint64_t lanes = 1; lanes <= MOST_LANES; ++lanes)
            check_exact_step(sum, lanes, workers, PARAMETERS);
        check_exact_step(sum, 1, workers, PARAMETERS); /* after a large step a small one */
        tml_gradient_sum_destroy(&sum);
        TML_CHECK(sum == NULL);
    }
}

/* Fewer entries than ranks: some ranks own no slice. */
static void test_vectors_shorter_than_the_number_of_ranks(void)
{
    for (size_t parameters = 1; parameters <= 4; ++parameters) {
        tml_gradient_sum *sum = make(parameters, 1, TML_REDUCTION_EXACT);

        check_exact_step(sum, 19, 1, parameters);
        check_exact_step(sum, 2, 1, parameters);
        tml_gradient_sum_destroy(&sum);
    }
}

/* n - 1 additions in any order: at most n - 1 roundings of the sum of magnitudes (Higham 2002, eq. 4.4). */
static void test_fast_sums_are_close(void)
{
    for (int workers = 1; workers <= 3; ++workers) {
        tml_gradient_sum *sum = make(PARAMETERS, workers, TML_REDUCTION_FAST);

        for (uint64_t lanes = 1; lanes <= MOST_LANES; lanes += 3) {
            const float *gradient = NULL;
            float first[PARAMETERS];
            uint64_t bad = 99;
            tml_error error = {0, ""};

            add_lanes(sum, lanes, workers, PARAMETERS);
            TML_CHECK(tml_gradient_sum_finish(sum, &gradient, &bad, &error) == TML_OK);
            TML_CHECK(bad == 0);
            for (size_t p = 0; p < PARAMETERS; ++p) {
                double want = 0.0;
                double magnitude = 0.0;

                for (uint64_t lane = 0; lane < lanes; ++lane) {
                    want += (double)values_of[lane][p];
                    magnitude += fabs((double)values_of[lane][p]);
                }
                TML_CHECK(fabs((double)gradient[p] - want) <=
                          (double)lanes * (double)FLT_EPSILON * magnitude);
            }
            memcpy(first, gradient, sizeof first);
            MPI_Bcast(first, PARAMETERS, MPI_FLOAT, 0, MPI_COMM_WORLD);
            TML_CHECK(memcmp(first, gradient, sizeof first) == 0); /* equal on all ranks */
        }
        tml_gradient_sum_destroy(&sum);
    }
}

static void check_bad_step(tml_gradient_sum *sum, tml_reduction reduction)
{
    const float *gradient = NULL;
    float kept[3] = {values_of[18][0], values_of[18][200], values_of[0][PARAMETERS - 1]};
    uint64_t bad = 99;
    tml_error error = {0, ""};

    values_of[18][0] = NAN; /* of the last rank */
    values_of[18][200] = INFINITY;
    values_of[0][PARAMETERS - 1] = -INFINITY; /* of the first one */
    add_lanes(sum, 19, 2, PARAMETERS);
    TML_CHECK(tml_gradient_sum_finish(sum, &gradient, &bad, &error) == TML_OK);
    TML_CHECK(bad == 3);
    TML_CHECK(isnan(gradient[0]) && isinf(gradient[200]) && isinf(gradient[PARAMETERS - 1]));
    TML_CHECK(isfinite(gradient[1]));
    values_of[18][0] = kept[0];
    values_of[18][200] = kept[1];
    values_of[0][PARAMETERS - 1] = kept[2];
    if (reduction == TML_REDUCTION_EXACT)
        check_exact_step(sum, 19, 2, PARAMETERS); /* the next step knows nothing of it */
}

/* Finite values whose sum is too large are bad as well. */
static void check_overflow(tml_gradient_sum *sum)
{
    const float *gradient = NULL;
    float kept[2] = {values_of[3][5], values_of[12][5]};
    uint64_t bad = 99;
    tml_error error = {0, ""};

    values_of[3][5] = values_of[12][5] = 3e38F;
    add_lanes(sum, 19, 2, PARAMETERS);
    TML_CHECK(tml_gradient_sum_finish(sum, &gradient, &bad, &error) == TML_OK);
    TML_CHECK(bad == 1);
    values_of[3][5] = kept[0];
    values_of[12][5] = kept[1];
}

static void test_bad_values_are_counted_on_all_ranks(void)
{
    static const tml_reduction reductions[] = {TML_REDUCTION_EXACT, TML_REDUCTION_FAST};

    for (int r = 0; r < 2; ++r) {
        tml_gradient_sum *sum = make(PARAMETERS, 2, reductions[r]);

        check_bad_step(sum, reductions[r]);
        check_overflow(sum);
        tml_gradient_sum_destroy(&sum);
    }
}

/* A rank gets the others' nodes of its own slice, and the finished slices of the others. */
static void test_nobody_receives_more_than_its_share(void)
{
    tml_gradient_sum *sum = make(PARAMETERS, 1, TML_REDUCTION_EXACT);
    uint64_t slice = tml_share_of(PARAMETERS, tml_test_rank, tml_test_size).count;

    for (uint64_t lanes = 1; lanes <= MOST_LANES; lanes += 13) {
        uint64_t before = tml_gradient_sum_received(sum);
        uint64_t nodes = 0;
        uint64_t received;
        uint64_t least;
        uint64_t most;

        check_exact_step(sum, lanes, 1, PARAMETERS);
        received = tml_gradient_sum_received(sum) - before;
        for (int r = 0; r < tml_test_size; ++r) {
            tml_share share = tml_share_of(lanes, r, tml_test_size);

            if (r != tml_test_rank)
                nodes += tml_lane_nodes(share.first, share.first + share.count, NULL);
        }
        TML_CHECK(received <= (nodes * slice + PARAMETERS - slice) * sizeof(float));
        least = most = received;
        MPI_Allreduce(MPI_IN_PLACE, &least, 1, MPI_UINT64_T, MPI_MIN, MPI_COMM_WORLD);
        MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_UINT64_T, MPI_MAX, MPI_COMM_WORLD);
        if (lanes == MOST_LANES) /* nobody collects for all */
            TML_CHECK(most <= 2 * least);
    }
    tml_gradient_sum_destroy(&sum);
}

/* One vector for each open node of a worker: it grows with the logarithm of the lanes, not with the lanes. */
static void test_memory_grows_with_the_logarithm_of_the_lanes(void)
{
    size_t bytes[2];
    tml_error error = {0, ""};

    for (int i = 0; i < 2; ++i) {
        tml_gradient_sum *sum = NULL;

        TML_CHECK(tml_gradient_sum_create(MPI_COMM_WORLD, node, PARAMETERS, (uint64_t)MOST_LANES << 10 * i, 1,
                                          TML_REDUCTION_EXACT, &sum, &error) == TML_OK);
        bytes[i] = sum != NULL ? tml_gradient_sum_bytes(sum) : 0;
        tml_gradient_sum_destroy(&sum);
    }
    TML_CHECK(bytes[0] > 0 && bytes[1] > bytes[0] && bytes[1] < 8 * bytes[0]);
}

static void test_a_vector_that_cannot_be_summed_is_refused(void)
{
    static const size_t counts[] = {0, (size_t)1 << 31};

    for (int i = 0; i < 2; ++i) {
        tml_gradient_sum *sum = (tml_gradient_sum *)&sum;
        tml_error error = {0, ""};

        TML_CHECK(tml_gradient_sum_create(MPI_COMM_WORLD, node, counts[i], 4, 1, TML_REDUCTION_EXACT, &sum,
                                          &error) == TML_INTERNAL);
        TML_CHECK(sum == NULL);
        TML_CHECK(strstr(error.message, "cannot be summed") != NULL);
        tml_gradient_sum_destroy(&sum);
    }
}

static void test_sums(void)
{
    test_exact_sums_have_the_bits_of_the_tree();
    test_vectors_shorter_than_the_number_of_ranks();
    test_fast_sums_are_close();
    test_bad_values_are_counted_on_all_ranks();
    test_nobody_receives_more_than_its_share();
    test_memory_grows_with_the_logarithm_of_the_lanes();
    test_a_vector_that_cannot_be_summed_is_refused();
}

int main(int argc, char **argv)
{
    static const char *const sizes[] = {"", "1", "2", "3"}; /* ranks of a node; the first: all of them */

    tml_test_start(&argc, &argv);
    draw_values();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        tml_error error = {0, ""};

        if (i > 0)
            setenv("TML_TEST_NODE_SIZE", sizes[i], 1);
        TML_CHECK(tml_node_create(MPI_COMM_WORLD, &node, &error) == TML_OK);
        test_sums();
        tml_node_destroy(&node);
    }
    return tml_test_finish();
}
