#ifndef TML_IO_BLOCK_FILE_H
#define TML_IO_BLOCK_FILE_H

/** @file io/block_file.h
 * A file to which one process adds finished blocks of bytes, each with its number and its digest, and which
 * is still of use when the process dies: what is whole can be told from what is not. For the same machine,
 * not for exchange: numbers stand as they do in memory. Not collective.
 *
 * A record is a head of 64 bytes (magic number, digest of the job, number of the block, length, digest of the
 * bytes, digest of the head itself) and then the bytes.
 */

#include <stddef.h>
#include <stdint.h>

#include "core/digest.h"
#include "core/status.h"

typedef struct tml_block_file tml_block_file;

/** Begin a new file to add to. @param file out, owned by the caller; NULL on failure
 * @return TML_OK, TML_CANNOT_CREATE (also if it is there) or TML_INTERNAL */
TML_NODISCARD tml_status tml_block_file_create(const char *path, const tml_digest *job, tml_block_file **file,
                                               tml_error *error);

/** Add a block; afterwards a killed process loses nothing of it.
 * @param offset  out: where it stands
 * @return TML_OK or TML_IO_ERROR (a full disk, say) */
TML_NODISCARD tml_status tml_block_file_add(tml_block_file *file, uint64_t block, const void *bytes,
                                            size_t count, uint64_t *offset, tml_error *error);

/** Bring the file to disk and close it. Frees the object and sets the pointer to NULL; NULL is fine. */
TML_NODISCARD tml_status tml_block_file_close(tml_block_file **file, tml_error *error);

/** A whole block was found. */
typedef void tml_block_found(void *context, uint64_t block, uint64_t offset);

/** Look through a file.
 * @param most_bytes  of a block; a record that claims more is no record
 * @param found       called for each block whose digests hold
 * @param damaged     out: blocks that are there and whose bytes are not what they were; one that breaks off
 * at the end of the file, as a killed process leaves it, is not among them
 * @return TML_OK, TML_NO_INPUT, TML_IO_ERROR or TML_INTERNAL (no memory) */
TML_NODISCARD tml_status tml_block_file_scan(const char *path, const tml_digest *job, size_t most_bytes,
                                             tml_block_found *found, void *context, uint64_t *damaged,
                                             tml_error *error);

/** Read a block again and check it.
 * @param bytes  out: [count], as many as were added
 * @return TML_OK or TML_IO_ERROR */
TML_NODISCARD tml_status tml_block_file_read(const char *path, const tml_digest *job, uint64_t block,
                                             uint64_t offset, void *bytes, size_t count, tml_error *error);

#endif
