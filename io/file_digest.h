#ifndef TML_IO_FILE_DIGEST_H
#define TML_IO_FILE_DIGEST_H

/** @file io/file_digest.h
 * Digest of a whole HDF5 file, kept in the 512 bytes in front of it that HDF5 leaves to the user.
 *
 * The user block holds one line, "telescopeml-digest 1 xxh3-128 <32 hexadecimal digits>", then zeros. The
 * digest is XXH3-128 over the concatenated XXH3-128 of each block of 64 MiB behind the user block, so that
 * ranks can share the work. It is checked before HDF5 opens a file, because HDF5 can crash on a damaged one.
 *
 * Writing: HDF5 file with a user block, closed -> compute -> seal.   Reading: verify -> H5Fopen.
 */

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/digest.h"
#include "core/status.h"

enum { TML_USER_BLOCK = 512, TML_DIGEST_BLOCK = 64 << 20 };

/** What the check of a file found. */
typedef enum tml_file_digest_state {
    TML_FILE_DIGEST_OK,
    TML_FILE_DIGEST_ABSENT, /* an HDF5 file from elsewhere */
    TML_FILE_DIGEST_WRONG   /* damaged or truncated */
} tml_file_digest_state;

/** What the first bytes of a file say. */
typedef struct tml_file_head {
    uint64_t bytes;    /* length of the file */
    bool is_hdf5;      /* HDF5's signature at the start or behind the user block */
    bool has_digest;   /* a user block of ours, readable or damaged */
    bool is_damaged;   /* the user block is ours but cannot be read */
    tml_digest digest; /* as it stands there; only with has_digest and not is_damaged */
} tml_file_head;

/** Look at the first bytes. Not collective.
 * @return TML_OK (whatever the file is), TML_NO_INPUT (not there, not readable, a folder) or TML_IO_ERROR
 */
TML_NODISCARD tml_status tml_file_head_read(const char *path, tml_file_head *head, tml_error *error);

/** Digest of what stands behind the user block. Not collective.
 * @return TML_OK, TML_NO_INPUT, TML_BAD_DATA (shorter than a user block), TML_IO_ERROR or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_file_digest_compute(const char *path, tml_digest *digest, tml_error *error);

/** Fill in the user block of a file that is still in memory. Not collective.
 * @param bytes  [count] the whole file, more than TML_USER_BLOCK bytes
 * @return TML_OK or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_file_digest_seal_memory(void *bytes, size_t count, tml_error *error);

/** As tml_file_digest_compute, the blocks shared out over the ranks. Collective over `comm`, synchronising;
 * path equal everywhere.
 * @return as tml_file_digest_compute, the same on all ranks, as is the digest
 */
TML_NODISCARD tml_status tml_file_digest_compute_all(MPI_Comm comm, const char *path, tml_digest *digest,
                                                     tml_error *error);

/** Write the user block of a finished file that is not open anywhere. Not collective: one rank.
 * @return TML_OK or TML_IO_ERROR
 */
TML_NODISCARD tml_status tml_file_digest_seal(const char *path, const tml_digest *digest, tml_error *error);

/** Compare a file with its user block. Not collective.
 * @param state  out; the status is TML_OK for all three
 * @return TML_OK, TML_NO_INPUT, TML_IO_ERROR or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_file_digest_verify(const char *path, tml_file_digest_state *state,
                                                tml_error *error);

/** The same by all ranks. Collective over `comm`, synchronising; status and state are the same on all ranks.
 */
TML_NODISCARD tml_status tml_file_digest_verify_all(MPI_Comm comm, const char *path,
                                                    tml_file_digest_state *state, tml_error *error);

/** Warn that a file carries no digest ("no_digest"), so that damage would go unnoticed. Not collective. */
void tml_file_digest_warn(const char *path);

/** The refusal of a file whose digest is wrong: message with file and cure. @return TML_BAD_DATA */
tml_status tml_file_digest_refuse(const char *path, tml_error *error);

#endif
