#include "io/import_cursor.h"

#include <string.h>

size_t tml_import_metadata_bytes(const tml_grid_shape *shape)
{
    size_t bytes = 0;

    for (size_t i = 0; i < shape->metadata_count; ++i)
        bytes += shape->metadata[i].width;
    return bytes;
}

static tml_status load_next_bucket(tml_import_cursor *cursor, tml_error *error)
{
    const tml_import_rows *source = &cursor->source;
    const size_t index = cursor->next_bucket;

    if (index >> source->bits != 0)
        return TML_FAIL(error, TML_INTERNAL, "the buckets hold fewer rows than were put into them");
    ++cursor->next_bucket;
    cursor->at = 0;
    return tml_bucket_load(source->prefix, index, source->bucket_rows[index], &cursor->bucket, error);
}

tml_status tml_import_cursor_start(const tml_import_rows *source, uint64_t first, tml_import_cursor *cursor,
                                   tml_error *error)
{
    tml_status status;

    *cursor = (tml_import_cursor){.source = *source};
    if (first == source->shape->rows) /* nothing to do for this rank */
        return TML_OK;
    while (first >= source->bucket_rows[cursor->next_bucket])
        first -= source->bucket_rows[cursor->next_bucket++];
    status = load_next_bucket(cursor, error);
    cursor->at = (size_t)first;
    return status;
}

static void unpack_row(const tml_grid_shape *shape, const tml_bucket_row *packed, size_t to,
                       tml_grid_rows *rows)
{
    const size_t parameters = shape->parameter_count;
    const char *at = packed->payload;
    char *text = rows->metadata + to * tml_import_metadata_bytes(shape);

    rows->row[to] = packed->row;
    memcpy(rows->parameters + to * parameters, at, parameters * sizeof *rows->parameters);
    at += parameters * sizeof *rows->parameters;
    memcpy(rows->flux + to * shape->wavelengths, at, shape->wavelengths * sizeof *rows->flux);
    at += shape->wavelengths * sizeof *rows->flux;
    for (size_t i = 0; i < shape->metadata_count; ++i) {
        const size_t length = strnlen(at, shape->metadata[i].width);

        memset(text, 0, shape->metadata[i].width);
        memcpy(text, at, length);
        text += shape->metadata[i].width;
        at += length + 1;
    }
}

tml_status tml_import_cursor_take(tml_import_cursor *cursor, size_t count, tml_grid_rows *rows,
                                  tml_error *error)
{
    for (size_t i = 0; i < count; ++i) {
        while (cursor->at == cursor->bucket.count) {
            tml_status status = load_next_bucket(cursor, error);

            if (status != TML_OK)
                return status;
        }
        unpack_row(cursor->source.shape, &cursor->bucket.rows[cursor->at++], i, rows);
    }
    return TML_OK;
}

void tml_import_cursor_end(tml_import_cursor *cursor)
{
    tml_bucket_free(&cursor->bucket);
}
