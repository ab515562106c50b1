#include "io/block_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/memory.h"

static const uint64_t magic = UINT64_C(0x314b4c424c4d5400); /* "\0TMLBLK1" */

typedef struct block_head {
    uint64_t magic;
    tml_digest job;
    uint64_t block;
    uint64_t count; /* bytes that follow */
    tml_digest digest;
    uint64_t head_digest; /* XXH3-64 of all before it */
} block_head;

_Static_assert(sizeof(block_head) == 64, "the head of a block has no padding");

struct tml_block_file {
    char *path;
    FILE *stream;
    tml_digest job;
    uint64_t length;
};

static uint64_t head_digest(const block_head *head)
{
    return tml_digest_64(head, offsetof(block_head, head_digest));
}

static bool is_head(const block_head *head, const tml_digest *job, size_t most_bytes)
{
    return head->magic == magic && head->head_digest == head_digest(head) &&
           memcmp(&head->job, job, sizeof *job) == 0 && head->count <= most_bytes;
}

static bool is_whole(const block_head *head, const void *bytes)
{
    const tml_digest digest = tml_digest_of(bytes, (size_t)head->count);

    return memcmp(&digest, &head->digest, sizeof digest) == 0;
}

/* ---- adding ---- */

tml_status tml_block_file_create(const char *path, const tml_digest *job, tml_block_file **file,
                                 tml_error *error)
{
    tml_block_file *made = calloc(1, sizeof *made);

    *file = NULL;
    if (made != NULL)
        made->path = strdup(path);
    if (made == NULL || made->path == NULL) {
        free(made);
        return TML_FAIL(error, TML_INTERNAL, "%s: no memory for it", path);
    }
    made->job = *job;
    made->stream = fopen(path, "wbx");
    if (made->stream == NULL) {
        tml_status status = TML_FAIL(error, TML_CANNOT_CREATE, "%s: cannot be made: %s", path,
                                     strerror(errno));

        free(made->path);
        free(made);
        return status;
    }
    *file = made;
    return TML_OK;
}

tml_status tml_block_file_add(tml_block_file *file, uint64_t block, const void *bytes, size_t count,
                              uint64_t *offset, tml_error *error)
{
    block_head head = {.magic = magic, .job = file->job, .block = block, .count = count};

    head.digest = tml_digest_of(bytes, count);
    head.head_digest = head_digest(&head);
    *offset = file->length;
    if (fwrite(&head, sizeof head, 1, file->stream) != 1 || fwrite(bytes, 1, count, file->stream) != count ||
        fflush(file->stream) != 0)
        return TML_FAIL(error, TML_IO_ERROR, "%s: cannot be written: %s; free space and go on with --resume",
                        file->path, strerror(errno));
    file->length += sizeof head + count;
    return TML_OK;
}

tml_status tml_block_file_close(tml_block_file **file, tml_error *error)
{
    tml_block_file *old = *file;
    tml_status status = TML_OK;

    *file = NULL;
    if (old == NULL)
        return TML_OK;
    if (fflush(old->stream) != 0 || fsync(fileno(old->stream)) != 0)
        status = TML_FAIL(error, TML_IO_ERROR, "%s: cannot be brought to disk: %s", old->path,
                          strerror(errno));
    if (fclose(old->stream) != 0 && status == TML_OK)
        status = TML_FAIL(error, TML_IO_ERROR, "%s: cannot be closed: %s", old->path, strerror(errno));
    free(old->path);
    free(old);
    return status;
}

/* ---- reading ---- */

static tml_status fail_to_read(const char *path, tml_error *error)
{
    return TML_FAIL(error, TML_IO_ERROR, "%s: cannot be read: %s", path, strerror(errno));
}

/* From the start to the end, or to the first place that is no record: from there on no other can be found. */
static tml_status scan(FILE *stream, const char *path, const tml_digest *job, size_t most_bytes, char *bytes,
                       tml_block_found *found, void *context, uint64_t *damaged, tml_error *error)
{
    block_head head;
    uint64_t offset = 0;

    while (fread(&head, sizeof head, 1, stream) == 1) {
        if (!is_head(&head, job, most_bytes)) {
            ++*damaged;
            break;
        }
        if (fread(bytes, 1, (size_t)head.count, stream) != head.count)
            break;
        if (is_whole(&head, bytes))
            found(context, head.block, offset);
        else
            ++*damaged;
        offset += sizeof head + head.count;
    }
    return ferror(stream) ? fail_to_read(path, error) : TML_OK;
}

tml_status tml_block_file_scan(const char *path, const tml_digest *job, size_t most_bytes,
                               tml_block_found *found, void *context, uint64_t *damaged, tml_error *error)
{
    FILE *stream = fopen(path, "rb");
    char *bytes = NULL;
    tml_status status;

    *damaged = 0;
    if (stream == NULL)
        return errno == ENOENT ? TML_FAIL(error, TML_NO_INPUT, "%s: is not there", path)
                               : fail_to_read(path, error);
    status = tml_array_create(most_bytes, 1, "a block", &bytes, error);
    if (status == TML_OK)
        status = scan(stream, path, job, most_bytes, bytes, found, context, damaged, error);
    free(bytes);
    fclose(stream);
    return status;
}

tml_status tml_block_file_read(const char *path, const tml_digest *job, uint64_t block, uint64_t offset,
                               void *bytes, size_t count, tml_error *error)
{
    FILE *stream = fopen(path, "rb");
    block_head head;
    bool is_good;

    if (stream == NULL)
        return fail_to_read(path, error);
    is_good = fseeko(stream, (off_t)offset, SEEK_SET) == 0 && fread(&head, sizeof head, 1, stream) == 1 &&
              is_head(&head, job, count) && head.block == block && head.count == count &&
              fread(bytes, 1, count, stream) == count && is_whole(&head, bytes);
    fclose(stream);
    if (is_good)
        return TML_OK;
    return TML_FAIL(
        error, TML_IO_ERROR,
        "%s: block %llu is no longer what was written; run again with --resume, which computes it "
        "anew",
        path, (unsigned long long)block);
}
