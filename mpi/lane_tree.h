#ifndef TML_MPI_LANE_TREE_H
#define TML_MPI_LANE_TREE_H

/** @file mpi/lane_tree.h
 * The order in which the lanes of a batch are added: a binary tree over the lane number.
 *
 * Node (level, index) is the sum of lanes index * 2^level to (index + 1) * 2^level - 1, formed as left child
 * plus right child; where the right child has no lane, the node is its left child. The sum of a batch is the
 * root. It depends on the number of lanes alone, not on who adds which part, and float rounding grows with
 * the logarithm of the number of lanes. Whoever holds lanes [first, end) can form the largest nodes within
 * them without hearing from anybody. Pure arithmetic, not collective.
 */

#include <stddef.h>
#include <stdint.h>

/* Two nodes of each level at most: one at either end of a range. */
enum { TML_LANE_NODES = 2 * 64 };

typedef struct tml_lane_node {
    unsigned level;
    uint64_t index;
} tml_lane_node;

/** The fewest nodes that make up lanes [first, end), in order.
 * @param nodes  out: TML_LANE_NODES entries, or NULL to count only
 * @return their number
 */
size_t tml_lane_nodes(uint64_t first, uint64_t end, tml_lane_node *nodes);

/** Most nodes that any range of at most `count` lanes, or a beginning of one, is made of. */
size_t tml_lane_most_nodes(uint64_t count);

/** A sum in the making: nodes in order, with their values. */
typedef struct tml_lane_stack {
    size_t depth;
    tml_lane_node node[TML_LANE_NODES];
    float *values[TML_LANE_NODES];
} tml_lane_stack;

/** Append the next node to the right; nodes whose sibling is there are added into it, left plus right.
 * @param values  [count] borrowed by the stack; may be overwritten
 */
void tml_lane_stack_push(tml_lane_stack *stack, tml_lane_node node, float *values, size_t count);

/** Close a stack that holds all lanes of a batch. @return the root's values, [count]; the stack is then empty
 */
float *tml_lane_stack_root(tml_lane_stack *stack, size_t count);

/** into[i] += from[i] */
void tml_lane_add(size_t count, const float *from, float *into);

#endif
