#include "io/row_buckets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/memory.h"

enum { SUFFIX_LENGTH = 16, SMALLEST_BUFFER = 1 << 12, LARGEST_BUFFER = 1 << 20 };

/* What stands before each payload. */
typedef struct record_head {
    uint64_t key;
    int64_t row;
    uint64_t bytes;
} record_head;

struct tml_row_buckets {
    char *prefix;
    unsigned bits;
    size_t room;    /* bytes of one write buffer */
    char *buffers;  /* [buckets][room] */
    size_t *filled; /* [buckets] */
    uint64_t *rows; /* [buckets] */
};

static size_t bucket_count(unsigned bits)
{
    return (size_t)1 << bits;
}

/* On the heap, or NULL. */
static char *bucket_path(const char *prefix, size_t index)
{
    size_t length = strlen(prefix) + SUFFIX_LENGTH;
    char *path = malloc(length);

    if (path != NULL)
        snprintf(path, length, "%s.bucket-%04zu", prefix, index);
    return path;
}

static tml_status no_memory(tml_error *error)
{
    return TML_FAIL(error, TML_INTERNAL, "no memory for the temporary buckets of rows");
}

static tml_status create_file(const char *prefix, size_t index, tml_error *error)
{
    char *path = bucket_path(prefix, index);
    tml_status status = TML_OK;
    int descriptor;

    if (path == NULL)
        return no_memory(error);
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0)
        status = TML_FAIL(
            error, TML_CANNOT_CREATE,
            "%s: this temporary file cannot be created: %s; is the folder of the output there, and may you "
            "write to it?",
            path, strerror(errno));
    else
        close(descriptor);
    free(path);
    return status;
}

static void free_buckets(tml_row_buckets **buckets)
{
    tml_row_buckets *old = *buckets;

    if (old == NULL)
        return;
    free(old->prefix);
    free(old->buffers);
    free(old->filled);
    free(old->rows);
    free(old);
    *buckets = NULL;
}

static size_t buffer_room(unsigned bits, size_t memory)
{
    size_t room = memory >> bits;

    if (room < SMALLEST_BUFFER)
        return SMALLEST_BUFFER;
    return room < LARGEST_BUFFER ? room : LARGEST_BUFFER;
}

tml_status tml_row_buckets_create(const char *prefix, unsigned bits, size_t memory, tml_row_buckets **buckets,
                                  tml_error *error)
{
    const size_t count = bucket_count(bits);
    tml_row_buckets *made = calloc(1, sizeof *made);
    tml_status status = TML_OK;

    *buckets = NULL;
    if (made == NULL)
        return no_memory(error);
    made->bits = bits;
    made->room = buffer_room(bits, memory);
    made->prefix = strdup(prefix);
    made->buffers = malloc(count * made->room);
    made->filled = calloc(count, sizeof *made->filled);
    made->rows = calloc(count, sizeof *made->rows);
    if (made->prefix == NULL || made->buffers == NULL || made->filled == NULL || made->rows == NULL)
        status = no_memory(error);
    for (size_t i = 0; status == TML_OK && i < count; ++i) {
        status = create_file(prefix, i, error);
        if (status != TML_OK)
            tml_row_buckets_remove(prefix, bits);
    }
    if (status != TML_OK)
        free_buckets(&made);
    *buckets = made;
    return status;
}

static tml_status write_all(int descriptor, const char *bytes, size_t count, const char *path,
                            tml_error *error)
{
    while (count > 0) {
        ssize_t written = write(descriptor, bytes, count);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return TML_FAIL(error, TML_IO_ERROR, "%s: cannot be written: %s; is the disk full?", path,
                            strerror(errno));
        bytes += written;
        count -= (size_t)written;
    }
    return TML_OK;
}

/* Opened for each piece: a thousand files must not be open at once. */
static tml_status append(const char *prefix, size_t index, const char *bytes, size_t count, tml_error *error)
{
    char *path = bucket_path(prefix, index);
    tml_status status = TML_OK;
    int descriptor;

    if (path == NULL)
        return no_memory(error);
    descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (descriptor < 0)
        status = TML_FAIL(error, TML_IO_ERROR, "%s: cannot be opened again: %s", path, strerror(errno));
    else
        status = write_all(descriptor, bytes, count, path, error);
    /* Some file systems report a full disk only here. */
    if (descriptor >= 0 && close(descriptor) != 0 && status == TML_OK)
        status = TML_FAIL(error, TML_IO_ERROR, "%s: cannot be written: %s", path, strerror(errno));
    free(path);
    return status;
}

static tml_status flush(tml_row_buckets *buckets, size_t index, tml_error *error)
{
    size_t count = buckets->filled[index];

    if (count == 0)
        return TML_OK;
    buckets->filled[index] = 0;
    return append(buckets->prefix, index, buckets->buffers + index * buckets->room, count, error);
}

static tml_status put_bytes(tml_row_buckets *buckets, size_t index, const void *bytes, size_t count,
                            tml_error *error)
{
    tml_status status = TML_OK;

    if (count > buckets->room - buckets->filled[index])
        status = flush(buckets, index, error);
    if (status != TML_OK)
        return status;
    if (count > buckets->room)
        return append(buckets->prefix, index, bytes, count, error);
    memcpy(buckets->buffers + index * buckets->room + buckets->filled[index], bytes, count);
    buckets->filled[index] += count;
    return TML_OK;
}

tml_status tml_row_buckets_put(tml_row_buckets *buckets, const tml_bucket_row *row, tml_error *error)
{
    const size_t index = buckets->bits > 0 ? (size_t)(row->key >> (64 - buckets->bits)) : 0;
    const record_head head = {row->key, row->row, row->bytes};
    tml_status status = put_bytes(buckets, index, &head, sizeof head, error);

    if (status == TML_OK)
        status = put_bytes(buckets, index, row->payload, row->bytes, error);
    if (status == TML_OK)
        ++buckets->rows[index];
    return status;
}

tml_status tml_row_buckets_finish(tml_row_buckets **buckets, uint64_t *rows, tml_error *error)
{
    tml_row_buckets *old = *buckets;
    tml_status status = TML_OK;

    if (old == NULL)
        return TML_OK;
    for (size_t i = 0; rows != NULL && status == TML_OK && i < bucket_count(old->bits); ++i) {
        status = flush(old, i, error);
        rows[i] = old->rows[i];
    }
    free_buckets(buckets);
    return status;
}

void tml_row_buckets_remove(const char *prefix, unsigned bits)
{
    for (size_t i = 0; i < bucket_count(bits); ++i) {
        char *path = bucket_path(prefix, i);

        if (path != NULL)
            unlink(path);
        free(path);
    }
}

static tml_status changed(const char *path, tml_error *error)
{
    return TML_FAIL(
        error, TML_IO_ERROR,
        "%s: this temporary file is not as it was written; does another import write the same output, or "
        "do the nodes not share the folder?",
        path);
}

static tml_status read_whole(const char *path, char **bytes, size_t *count, tml_error *error)
{
    struct stat about;
    FILE *file = fopen(path, "rb");
    tml_status status = TML_OK;

    if (file == NULL)
        return TML_FAIL(error, TML_IO_ERROR,
                        "%s: cannot be opened: %s; do all nodes see the folder of the output?", path,
                        strerror(errno));
    if (fstat(fileno(file), &about) != 0)
        status = TML_FAIL(error, TML_IO_ERROR, "%s: cannot be read: %s", path, strerror(errno));
    if (status == TML_OK) {
        *count = (size_t)about.st_size;
        /* One zero more than the file has: a string at the end always ends. */
        status = tml_array_create(*count + 1, 1, "a bucket of rows", bytes, error);
    }
    if (status == TML_OK && fread(*bytes, 1, *count, file) != *count)
        status = changed(path, error);
    fclose(file);
    return status;
}

static tml_status index_rows(const char *path, size_t byte_count, tml_bucket *bucket, tml_error *error)
{
    size_t at = 0;

    for (size_t i = 0; i < bucket->count; ++i) {
        record_head head;

        if (byte_count - at < sizeof head)
            return changed(path, error);
        memcpy(&head, bucket->bytes + at, sizeof head);
        at += sizeof head;
        if (byte_count - at < head.bytes)
            return changed(path, error);
        bucket->rows[i] = (tml_bucket_row){head.key, head.row, bucket->bytes + at, (size_t)head.bytes};
        at += (size_t)head.bytes;
    }
    return at == byte_count ? TML_OK : changed(path, error);
}

static int compare_rows(const void *a, const void *b)
{
    const tml_bucket_row *left = a;
    const tml_bucket_row *right = b;

    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return (left->row > right->row) - (left->row < right->row);
}

tml_status tml_bucket_load(const char *prefix, size_t index, uint64_t rows, tml_bucket *bucket,
                           tml_error *error)
{
    char *path = bucket_path(prefix, index);
    size_t byte_count = 0;
    tml_status status = TML_OK;

    tml_bucket_free(bucket);
    if (path == NULL)
        return no_memory(error);
    status = read_whole(path, &bucket->bytes, &byte_count, error);
    bucket->count = (size_t)rows;
    if (status == TML_OK)
        status = tml_array_create(bucket->count, sizeof *bucket->rows, "a bucket of rows", &bucket->rows,
                                  error);
    if (status == TML_OK)
        status = index_rows(path, byte_count, bucket, error);
    if (status == TML_OK)
        qsort(bucket->rows, bucket->count, sizeof *bucket->rows, compare_rows);
    else
        tml_bucket_free(bucket);
    free(path);
    return status;
}

void tml_bucket_free(tml_bucket *bucket)
{
    free(bucket->rows);
    free(bucket->bytes);
    memset(bucket, 0, sizeof *bucket);
}
