#ifndef TML_CORE_MEMORY_H
#define TML_CORE_MEMORY_H

/** @file core/memory.h
 * Memory in blocks: one aligned block per role, carved into spans, so that a step allocates nothing and a
 * command can say beforehand what it needs. Blocks of 4 MiB and more begin at a huge page and ask for such
 * pages.
 *
 * Plan and take with the same calls: a block created with size 0 only counts what is asked of it.
 *   tml_block_create(0) -> take, take, ... -> tml_block_used -> destroy -> create(used) -> take, take, ...
 */

#include <stddef.h>

#include "core/status.h"

enum { TML_ALIGNMENT = 64 };

typedef struct tml_block tml_block;

/** Make a block. Not collective.
 * @param bytes  room; 0 makes a counting block that hands out NULL
 * @param what   role, for the message when there is no memory; borrowed
 * @param block  out, owned by the caller; NULL on failure
 * @return TML_OK or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_block_create(size_t bytes, const char *what, tml_block **block,
                                          tml_error *error);

/** Free the block and every span in it; sets the pointer to NULL; NULL is fine. */
void tml_block_destroy(tml_block **block);

/** Next span of count * size bytes, aligned to TML_ALIGNMENT and zeroed.
 * @return borrowed from the block; NULL from a counting block. More than the block holds is a bug (assert); a
 *         counting block whose count overflows stays at SIZE_MAX, for which no block can be created.
 */
void *tml_block_take(tml_block *block, size_t count, size_t size);

/** Bytes handed out so far, alignment included. */
size_t tml_block_used(const tml_block *block);

/** Zeroed array of count * size bytes on the heap with a message when there is none; count 0 gives one byte.
 * Not collective. @param array out, owned by the caller (free); NULL on failure
 */
TML_NODISCARD tml_status tml_array_create(size_t count, size_t size, const char *what, void *array,
                                          tml_error *error);

#endif
