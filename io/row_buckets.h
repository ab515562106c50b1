#ifndef TML_IO_ROW_BUCKETS_H
#define TML_IO_ROW_BUCKETS_H

/** @file io/row_buckets.h
 * Rows sorted by a 64-bit key in bounded memory: one rank throws them into temporary files by the leading
 * bits of their key, then any rank loads one file at a time, sorted. Bucket after bucket the rows are in
 * ascending order of (key, row), whatever the number of buckets. Not collective.
 *
 * Writing:  create -> put ... -> finish      Reading:  load -> free      At the end, always:  remove
 *
 * The files are called PREFIX.bucket-0000 and so on; they are for the program that wrote them alone.
 */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

enum { TML_ROW_BUCKETS_BITS = 10 }; /* at most 1024 buckets */

/** One row: its key, its number in the source, and bytes that only the caller understands. */
typedef struct tml_bucket_row {
    uint64_t key;
    int64_t row;
    const char *payload; /* borrowed */
    size_t bytes;
} tml_bucket_row;

typedef struct tml_row_buckets tml_row_buckets;

/** Create 2^bits empty files; what an earlier run left under their names is overwritten.
 * @param memory   bytes for all write buffers together
 * @param buckets  out, owned by the caller; NULL on failure and then nothing is left on disk
 * @return TML_OK, TML_CANNOT_CREATE or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_row_buckets_create(const char *prefix, unsigned bits, size_t memory,
                                                tml_row_buckets **buckets, tml_error *error);

/** Put a row into its bucket. @return TML_OK or TML_IO_ERROR */
TML_NODISCARD tml_status tml_row_buckets_put(tml_row_buckets *buckets, const tml_bucket_row *row,
                                             tml_error *error);

/** Write what is still in memory and free the object; the pointer is NULL afterwards in any case. NULL is
 * fine.
 * @param rows  out [2^bits] rows of each bucket; NULL to give up
 * @return TML_OK or TML_IO_ERROR
 */
TML_NODISCARD tml_status tml_row_buckets_finish(tml_row_buckets **buckets, uint64_t *rows, tml_error *error);

/** Remove the files. Those that are not there are passed over. */
void tml_row_buckets_remove(const char *prefix, unsigned bits);

/** One bucket in memory. Start with {0}. */
typedef struct tml_bucket {
    size_t count;
    tml_bucket_row *rows; /* [count] ascending by (key, row); payloads point into bytes */
    char *bytes;
} tml_bucket;

/** Load a bucket, in place of the one that `bucket` holds.
 * @param rows  how many it must have
 * @return TML_OK, TML_IO_ERROR (gone, changed or short) or TML_INTERNAL; after a failure the bucket is empty
 */
TML_NODISCARD tml_status tml_bucket_load(const char *prefix, size_t index, uint64_t rows, tml_bucket *bucket,
                                         tml_error *error);

/** Free what it holds and zero it. */
void tml_bucket_free(tml_bucket *bucket);

#endif
