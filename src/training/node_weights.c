#include "training/node_weights.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "mpi/agree.h"
#include "mpi/share.h"
#include "network/initialise.h"

typedef enum vector { WEIGHTS, FIRST_MOMENT, SECOND_MOMENT, BEST, VECTORS } vector;

struct tml_node_weights {
    const tml_node *node;
    tml_node_memory *memory; /* [VECTORS][pitch], brought by the first rank */
    size_t count;
    size_t pitch; /* numbers from a vector to the next: whole cache lines */
};

tml_status tml_node_weights_create(const tml_node *node, size_t count, tml_node_weights **weights,
                                   tml_error *error)
{
    size_t line = TML_ALIGNMENT / sizeof(float);
    tml_node_weights *made = NULL;
    tml_status status = tml_array_create(1, sizeof *made, "the weights", &made, error);

    *weights = NULL;
    status = tml_agree(node->comm, status, error);
    if (status != TML_OK) {
        free(made);
        return status;
    }
    made->node = node;
    made->count = count;
    made->pitch = (count + line - 1) / line * line;
    status = tml_node_memory_create(node, node->rank == 0 ? VECTORS * made->pitch : 0, &made->memory, error);
    if (status != TML_OK)
        tml_node_weights_destroy(&made);
    *weights = made;
    return status;
}

void tml_node_weights_destroy(tml_node_weights **weights)
{
    if (*weights == NULL)
        return;
    tml_node_memory_destroy(&(*weights)->memory);
    free(*weights);
    *weights = NULL;
}

static float *vector_of(const tml_node_weights *weights, vector which)
{
    return tml_node_memory_of(weights->memory, 0) + (size_t)which * weights->pitch;
}

tml_weight_arrays tml_node_weights_arrays(const tml_node_weights *weights)
{
    tml_weight_arrays arrays = {vector_of(weights, WEIGHTS), vector_of(weights, FIRST_MOMENT),
                                vector_of(weights, SECOND_MOMENT)};

    return arrays;
}

float *tml_node_weights_best(const tml_node_weights *weights)
{
    return vector_of(weights, BEST);
}

tml_status tml_node_weights_initialise(tml_node_weights *weights, const tml_network *network, uint64_t seed,
                                       tml_error *error)
{
    size_t bytes = weights->count * sizeof(float);

    if (weights->node->rank == 0) {
        tml_initialise_weights(network, seed, vector_of(weights, WEIGHTS));
        memset(vector_of(weights, FIRST_MOMENT), 0, bytes);
        memset(vector_of(weights, SECOND_MOMENT), 0, bytes);
        memcpy(vector_of(weights, BEST), vector_of(weights, WEIGHTS), bytes);
    }
    return tml_node_memory_sync(weights->memory, error);
}

static tml_share my_part(const tml_node_weights *weights)
{
    return tml_share_of(weights->count, weights->node->rank, weights->node->size);
}

tml_status tml_node_weights_step(tml_node_weights *weights, const tml_weight_step *step,
                                 const float *gradient, tml_error *error)
{
    tml_weight_arrays arrays = tml_node_weights_arrays(weights);

    tml_weight_update(step, weights->count, my_part(weights), gradient, &arrays);
    return tml_node_memory_sync(weights->memory, error);
}

tml_status tml_node_weights_keep_best(tml_node_weights *weights, tml_error *error)
{
    tml_share part = my_part(weights);

    memcpy(vector_of(weights, BEST) + part.first, vector_of(weights, WEIGHTS) + part.first,
           (size_t)part.count * sizeof(float));
    return tml_node_memory_sync(weights->memory, error);
}

tml_status tml_node_weights_share(tml_node_weights *weights, tml_error *error)
{
    int result = MPI_SUCCESS;
    tml_status status;

    for (int v = 0; v < VECTORS && weights->node->leaders != MPI_COMM_NULL && result == MPI_SUCCESS; ++v)
        result = MPI_Bcast(vector_of(weights, (vector)v), (int)weights->count, MPI_FLOAT, 0,
                           weights->node->leaders);
    status = tml_agree(weights->node->comm, tml_mpi_check(result, "sharing the weights", error), error);
    return status == TML_OK ? tml_node_memory_sync(weights->memory, error) : status;
}

size_t tml_node_weights_bytes(const tml_node_weights *weights)
{
    return VECTORS * weights->pitch * sizeof(float);
}
