/** @file test_lane_tree.c
 * The order in which lanes are added: nodes cover their range, and the sum of a batch has the same bits
 * whoever forms which part. Pure arithmetic, so one rank is enough. tml-test: RANKS 1 */
#include "mpi/lane_tree.h"

#include <stdbool.h>
#include <string.h>

#include "core/random.h"
#include "mpi_test.h"

enum { MOST = 70, WIDTH = 5, PARTS = 8 };

/* Numbers whose sum depends on the order in which they are added. */
static void lane_values(uint64_t lane, float values[WIDTH])
{
    for (uint64_t i = 0; i < WIDTH; ++i) {
        tml_random_words words = tml_random_at(3, TML_RANDOM_NOISE, lane, i, 0);

        values[i] = (float)(2.0 * tml_random_unit(words.word[0]) - 1.0) * (float)(1U << words.word[1] % 20);
    }
}

/* The definition, literally: left child plus right child, or the left one alone. */
static void node_sum(unsigned level, uint64_t index, uint64_t lanes, float sum[WIDTH])
{
    float right[WIDTH];

    if (level == 0) {
        lane_values(index, sum);
        return;
    }
    node_sum(level - 1, 2 * index, lanes, sum);
    if ((2 * index + 1) << (level - 1) >= lanes)
        return;
    node_sum(level - 1, 2 * index + 1, lanes, right);
    for (int i = 0; i < WIDTH; ++i)
        sum[i] = sum[i] + right[i];
}

static void batch_sum(uint64_t lanes, float sum[WIDTH])
{
    unsigned level = 0;

    while ((uint64_t)1 << level < lanes)
        ++level;
    node_sum(level, 0, lanes, sum);
}

static void test_nodes_cover_every_range(void)
{
    for (uint64_t first = 0; first <= MOST; ++first)
        for (uint64_t end = first; end <= MOST; ++end) {
            tml_lane_node nodes[TML_LANE_NODES];
            size_t count = tml_lane_nodes(first, end, nodes);
            uint64_t at = first;

            TML_CHECK(tml_lane_nodes(first, end, NULL) == count);
            for (size_t i = 0; i < count; ++i) {
                TML_CHECK(nodes[i].index << nodes[i].level == at);
                at += (uint64_t)1 << nodes[i].level;
                if (i > 0) /* two siblings would be one node: these are the fewest */
                    TML_CHECK(nodes[i].level != nodes[i - 1].level || nodes[i].index % 2 == 0);
            }
            TML_CHECK(at == end);
        }
}

static size_t most_nodes_by_trial(uint64_t count)
{
    size_t most = 0;

    for (uint64_t first = 0; first < 2 * count + 2; ++first)
        for (uint64_t length = 1; length <= count; ++length) {
            size_t nodes = tml_lane_nodes(first, first + length, NULL);

            most = nodes > most ? nodes : most;
        }
    return most;
}

static void test_the_most_nodes_are_those_of_the_worst_range(void)
{
    for (uint64_t count = 0; count <= 130; ++count)
        TML_CHECK(tml_lane_most_nodes(count) == most_nodes_by_trial(count));
    TML_CHECK(tml_lane_most_nodes((uint64_t)1 << 24) == 46); /* at once, not by trial */
    TML_CHECK(tml_lane_most_nodes(UINT64_MAX) <= TML_LANE_NODES);
}

/* Lanes [first, end) pushed one by one, as one worker gets them. @param room the lanes' values */
static void push_lanes(tml_lane_stack *stack, uint64_t first, uint64_t end, float room[][WIDTH])
{
    stack->depth = 0;
    for (uint64_t lane = first; lane < end; ++lane) {
        tml_lane_node leaf = {0, lane};

        lane_values(lane, room[lane]);
        tml_lane_stack_push(stack, leaf, room[lane], WIDTH);
    }
}

static void test_a_stack_of_lanes_holds_the_nodes_of_its_range(void)
{
    static float room[MOST][WIDTH];

    for (uint64_t first = 0; first < MOST; first += 3)
        for (uint64_t end = first; end < MOST; ++end) {
            tml_lane_stack stack;
            tml_lane_node nodes[TML_LANE_NODES];
            size_t count = tml_lane_nodes(first, end, nodes);

            push_lanes(&stack, first, end, room);
            TML_CHECK(stack.depth == count);
            for (size_t i = 0; i < count && i < stack.depth; ++i) {
                float want[WIDTH];

                TML_CHECK(stack.node[i].level == nodes[i].level && stack.node[i].index == nodes[i].index);
                node_sum(nodes[i].level, nodes[i].index, UINT64_MAX, want);
                TML_CHECK(memcmp(stack.values[i], want, sizeof want) == 0);
            }
        }
}

/* Cut [0, lanes) into parts, each summed on a stack of its own, the nodes of which go to one stack. */
static void check_split(uint64_t lanes, const uint64_t *cuts, int parts)
{
    static float room[MOST][WIDTH];
    tml_lane_stack all = {.depth = 0};
    float want[WIDTH];

    for (int p = 0; p < parts; ++p) {
        tml_lane_stack part;

        push_lanes(&part, cuts[p], cuts[p + 1], room);
        for (size_t i = 0; i < part.depth; ++i)
            tml_lane_stack_push(&all, part.node[i], part.values[i], WIDTH);
    }
    batch_sum(lanes, want);
    TML_CHECK(memcmp(tml_lane_stack_root(&all, WIDTH), want, sizeof want) == 0);
    TML_CHECK(all.depth == 0);
}

static void test_any_split_gives_the_sum_of_the_tree(void)
{
    for (uint64_t lanes = 1; lanes <= MOST; ++lanes)
        for (int parts = 1; parts <= PARTS; ++parts)
            for (uint64_t trial = 0; trial < 20; ++trial) {
                uint64_t cuts[PARTS + 1] = {0};

                for (int p = 1; p < parts; ++p) /* ascending, with empty parts */
                    cuts[p] = cuts[p - 1] + tml_random_at(5, TML_RANDOM_NOISE, lanes * 8 + (uint64_t)parts,
                                                          trial, (uint64_t)p)
                                                    .word[0] %
                                                (lanes - cuts[p - 1] + 1);
                cuts[parts] = lanes;
                check_split(lanes, cuts, parts);
            }
}

/* Otherwise none of the above could fail. */
static void test_these_values_tell_one_order_from_another(void)
{
    float tree[WIDTH];
    float serial[WIDTH] = {0};

    batch_sum(MOST, tree);
    for (uint64_t lane = 0; lane < MOST; ++lane) {
        float values[WIDTH];

        lane_values(lane, values);
        tml_lane_add(WIDTH, values, serial);
    }
    TML_CHECK(memcmp(tree, serial, sizeof tree) != 0);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    test_nodes_cover_every_range();
    test_the_most_nodes_are_those_of_the_worst_range();
    test_a_stack_of_lanes_holds_the_nodes_of_its_range();
    test_any_split_gives_the_sum_of_the_tree();
    test_these_values_tell_one_order_from_another();
    return tml_test_finish();
}
