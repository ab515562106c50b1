#include "core/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"

struct tml_block {
    size_t room;
    size_t used;
    int is_counting;
    unsigned char *bytes;
};

tml_status tml_block_create(size_t bytes, const char *what, tml_block **block, tml_error *error)
{
    tml_block *made = calloc(1, sizeof *made);

    *block = NULL;
    if (made == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for %s", what);
    made->is_counting = bytes == 0;
    made->room = bytes;
    if (bytes > SIZE_MAX / 2) { /* also what a counting block says after an overflow */
        free(made);
        return TML_FAIL(error, TML_INTERNAL, "no memory for %s (%zu bytes)", what, bytes);
    }
    if (bytes > 0) {
        /* aligned_alloc wants a multiple of the alignment; two megabytes let the kernel use huge pages. */
        size_t alignment = bytes >= (size_t)1 << 22 ? (size_t)1 << 21 : TML_ALIGNMENT;
        size_t rounded = (bytes + alignment - 1) / alignment * alignment;

        made->bytes = aligned_alloc(alignment, rounded);
        if (made->bytes == NULL) {
            free(made);
            return TML_FAIL(error, TML_INTERNAL, "no memory for %s (%zu bytes)", what, bytes);
        }
        memset(made->bytes, 0, rounded);
    }
    *block = made;
    return TML_OK;
}

void tml_block_destroy(tml_block **block)
{
    if (*block == NULL)
        return;
    free((*block)->bytes);
    free(*block);
    *block = NULL;
}

void *tml_block_take(tml_block *block, size_t count, size_t size)
{
    size_t bytes = 0;
    size_t offset = block->used;
    bool fits = tml_size_multiply(count, size, &bytes) && bytes <= SIZE_MAX - TML_ALIGNMENT;

    bytes = (bytes + TML_ALIGNMENT - 1) / TML_ALIGNMENT * TML_ALIGNMENT;
    fits = fits && tml_size_add(offset, bytes, &block->used);
    if (block->is_counting) {
        if (!fits) /* sizes may come from a file: no block of this size can be made */
            block->used = SIZE_MAX;
        return NULL;
    }
    assert(fits && block->used <= block->room);
    return block->bytes + offset;
}

size_t tml_block_used(const tml_block *block)
{
    return block->used;
}

tml_status tml_array_create(size_t count, size_t size, const char *what, void *array, tml_error *error)
{
    void *made = calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);

    memcpy(array, &made, sizeof made);
    if (made == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for %s (%zu x %zu bytes)", what, count, size);
    return TML_OK;
}
