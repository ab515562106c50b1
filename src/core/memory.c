/* madvise and MADV_HUGEPAGE are not in POSIX. */
#define _DEFAULT_SOURCE

#include "core/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/checked.h"
#include "core/fault.h"

/* A huge page of x86-64 and of 64-bit ARM with pages of 4 KiB. */
#define HUGE_PAGE ((size_t)1 << 21)

struct tml_block {
    size_t room;
    size_t used;
    int is_counting;
    unsigned char *bytes;
};

/* Before the first touch, which is when pages are chosen. Where the system has none, pages stay small. */
static void ask_for_huge_pages(void *start, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    (void)madvise(start, bytes, MADV_HUGEPAGE);
#else
    (void)start;
    (void)bytes;
#endif
}

tml_status tml_block_create(size_t bytes, const char *what, tml_block **block, tml_error *error)
{
    tml_block *made = tml_fault("block") ? NULL : calloc(1, sizeof *made);

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
        /* aligned_alloc wants a multiple of the alignment. */
        size_t alignment = bytes >= 2 * HUGE_PAGE ? HUGE_PAGE : TML_ALIGNMENT;
        size_t rounded = (bytes + alignment - 1) / alignment * alignment;

        made->bytes = tml_fault("bytes of a block") ? NULL : aligned_alloc(alignment, rounded);
        if (made->bytes == NULL) {
            free(made);
            return TML_FAIL(error, TML_INTERNAL, "no memory for %s (%zu bytes)", what, bytes);
        }
        if (alignment == HUGE_PAGE)
            ask_for_huge_pages(made->bytes, rounded);
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
    void *made = tml_fault("array") ? NULL : calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);

    memcpy(array, &made, sizeof made);
    if (made == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for %s (%zu x %zu bytes)", what, count, size);
    return TML_OK;
}
