/** @file test_node.c
 * Ranks that share a computer, real or pretended: every rank is in one node, leaders are the first of each,
 * and what one rank of a node writes the others read where it stands. */
#include "mpi/node.h"

#include <stdlib.h>
#include <string.h>

#include "mpi_test.h"

static void check_layout(const tml_node *node, int rank, int ranks, int size)
{
    int first = rank / size * size;
    int here = ranks - first < size ? ranks - first : size;

    TML_CHECK(node->count == (ranks + size - 1) / size);
    TML_CHECK(node->index == rank / size);
    TML_CHECK(node->rank == rank - first);
    TML_CHECK(node->size == here);
    TML_CHECK((node->leaders != MPI_COMM_NULL) == (rank == first));
    for (int r = 0; r < ranks; ++r) {
        TML_CHECK(node->node_of[r] == r / size);
        TML_CHECK(node->place_of[r] == r % size);
    }
    TML_CHECK(node->size_of[node->index] == here);
}

/* Rank r of the node brings 10 r + 1 numbers; all write, all read all. */
static void check_memory(const tml_node *node)
{
    tml_node_memory *memory = NULL;
    tml_error error = {0, ""};
    size_t mine = 10 * (size_t)node->rank + 1;

    TML_CHECK(tml_node_memory_create(node, mine, &memory, &error) == TML_OK);
    for (size_t i = 0; i < mine; ++i) {
        TML_CHECK(tml_node_memory_of(memory, node->rank)[i] == 0.0F);
        tml_node_memory_of(memory, node->rank)[i] = (float)(1000 * node->rank) + (float)i;
    }
    TML_CHECK(tml_node_memory_sync(memory, &error) == TML_OK);
    for (int r = 0; r < node->size; ++r)
        for (size_t i = 0; i < 10 * (size_t)r + 1; ++i)
            TML_CHECK(tml_node_memory_of(memory, r)[i] == (float)(1000 * r) + (float)i);
    tml_node_memory_destroy(&memory);
    TML_CHECK(memory == NULL);
}

static void test_nodes_of(const char *wanted, int rank, int ranks)
{
    tml_node *node = NULL;
    tml_error error = {0, ""};
    int size = wanted != NULL ? atoi(wanted) : ranks;

    if (wanted != NULL)
        setenv("TML_TEST_NODE_SIZE", wanted, 1);
    TML_CHECK(tml_node_create(MPI_COMM_WORLD, &node, &error) == TML_OK);
    check_layout(node, rank, ranks, size < ranks ? size : ranks);
    check_memory(node);
    tml_node_destroy(&node);
    TML_CHECK(node == NULL);
    unsetenv("TML_TEST_NODE_SIZE");
}

static void test_a_size_that_is_no_number_is_refused(void)
{
    tml_node *node = NULL;
    tml_error error = {0, ""};

    setenv("TML_TEST_NODE_SIZE", "two", 1);
    TML_CHECK(tml_node_create(MPI_COMM_WORLD, &node, &error) == TML_USAGE);
    TML_CHECK(node == NULL);
    TML_CHECK(strstr(error.message, "TML_TEST_NODE_SIZE=two") != NULL);
    unsetenv("TML_TEST_NODE_SIZE");
}

int main(int argc, char **argv)
{
    int rank, ranks;

    tml_test_start(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    test_nodes_of(NULL, rank, ranks);
    test_nodes_of("1", rank, ranks);
    test_nodes_of("2", rank, ranks);
    test_nodes_of("3", rank, ranks);
    test_a_size_that_is_no_number_is_refused();
    return tml_test_finish();
}
