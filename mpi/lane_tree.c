#include "mpi/lane_tree.h"

#include <assert.h>

size_t tml_lane_nodes(uint64_t first, uint64_t end, tml_lane_node *nodes)
{
    size_t count = 0;

    while (first < end) {
        unsigned level = 0;

        while ((first >> level & 1) == 0 && first + ((uint64_t)2 << level) <= end)
            ++level;
        if (nodes != NULL) {
            nodes[count].level = level;
            nodes[count].index = first >> level;
        }
        ++count;
        first += (uint64_t)1 << level;
    }
    return count;
}

size_t tml_lane_most_nodes(uint64_t count)
{
    size_t most = 0;

    /* The shortest range of many nodes has two of each size: growing from lane 1 on, then shrinking again. */
    for (uint64_t size = 1; size <= count; size *= 2)
        for (int twice = 0; twice < 2 && size <= count; ++twice) {
            count -= size;
            ++most;
        }
    return most;
}

void tml_lane_add(size_t count, const float *restrict from, float *restrict into)
{
    for (size_t i = 0; i < count; ++i)
        into[i] += from[i];
}

void tml_lane_stack_push(tml_lane_stack *stack, tml_lane_node node, float *values, size_t count)
{
    while (stack->depth > 0 && (node.index & 1) == 1 && stack->node[stack->depth - 1].level == node.level &&
           stack->node[stack->depth - 1].index == node.index - 1) {
        float *left = stack->values[--stack->depth];

        tml_lane_add(count, values, left);
        values = left;
        node.level += 1;
        node.index >>= 1;
    }
    assert(stack->depth < TML_LANE_NODES);
    stack->node[stack->depth] = node;
    stack->values[stack->depth++] = values;
}

float *tml_lane_stack_root(tml_lane_stack *stack, size_t count)
{
    float *sum;

    assert(stack->depth > 0);
    sum = stack->values[--stack->depth];
    while (stack->depth > 0) {
        float *left = stack->values[--stack->depth];

        tml_lane_add(count, sum, left);
        sum = left;
    }
    return sum;
}
