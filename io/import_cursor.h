#ifndef TML_IO_IMPORT_CURSOR_H
#define TML_IO_IMPORT_CURSOR_H

/** @file io/import_cursor.h
 * A rank's walk through imported rows in the order in which a grid file stores them: bucket after bucket
 * (io/row_buckets.h), of which one is in memory. Private to the import. Not collective. */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "io/grid_file.h"
#include "io/row_buckets.h"

/** The sorted rows of all buckets. Everything is borrowed. */
typedef struct tml_import_rows {
    const char *prefix; /* of the bucket files */
    unsigned bits;
    const uint64_t *bucket_rows; /* [2^bits] */
    const tml_grid_shape *shape;
} tml_import_rows;

/** Start with {0}. */
typedef struct tml_import_cursor {
    tml_import_rows source;
    size_t next_bucket;
    size_t at; /* within the bucket that is loaded */
    tml_bucket bucket;
} tml_import_cursor;

/** Bytes of the metadata of one row. */
size_t tml_import_metadata_bytes(const tml_grid_shape *shape);

/** Stand before row `first` of the file (up to shape->rows). @return as tml_bucket_load */
TML_NODISCARD tml_status tml_import_cursor_start(const tml_import_rows *source, uint64_t first,
                                                 tml_import_cursor *cursor, tml_error *error);

/** Take the next `count` rows. @param rows arrays of the caller with room for them. @return as
 * tml_bucket_load */
TML_NODISCARD tml_status tml_import_cursor_take(tml_import_cursor *cursor, size_t count, tml_grid_rows *rows,
                                                tml_error *error);

/** Free what it holds. */
void tml_import_cursor_end(tml_import_cursor *cursor);

#endif
