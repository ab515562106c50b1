#include "io/byte_source.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <bzlib.h>
#include <zlib.h>

enum { INPUT_BYTES = 1 << 17, MAGIC_BYTES = 8, GZIP_ONLY = 15 + 16 };

typedef enum packing { PLAIN, GZIP, BZIP2 } packing;

struct tml_byte_source {
    FILE *file;
    char *path;
    packing packing;
    bool in_stream; /* between the first and the last byte of a compressed stream */
    bool at_end;    /* of the file on disk */
    z_stream gzip;
    bz_stream bzip2;
    char *input; /* [INPUT_BYTES] as on disk */
    size_t at;
    size_t filled;
};

static tml_status refill(tml_byte_source *source, tml_error *error)
{
    if (source->at < source->filled || source->at_end)
        return TML_OK;
    source->at = 0;
    source->filled = fread(source->input, 1, INPUT_BYTES, source->file);
    if (source->filled > 0)
        return TML_OK;
    if (ferror(source->file))
        return TML_FAIL(error, TML_IO_ERROR, "%s: cannot be read: %s", source->path, strerror(errno));
    source->at_end = true;
    return TML_OK;
}

static bool starts_with(const tml_byte_source *source, const char *magic, size_t length)
{
    return source->filled >= length && memcmp(source->input, magic, length) == 0;
}

/* A text may begin with "BZh" as well: the digit and the first byte of a block or of the end mark decide. */
static bool is_bzip2(const tml_byte_source *source)
{
    const char *text = source->input;

    return starts_with(source, "BZh", 3) && source->filled >= 5 && text[3] >= '1' && text[3] <= '9' &&
           (text[4] == 0x31 || text[4] == 0x17);
}

static tml_status recognise(tml_byte_source *source, tml_error *error)
{
    static const struct {
        char magic[MAGIC_BYTES];
        size_t length;
        const char *name;
        const char *cure;
    } others[] = {
        {"\xFD\x37zXZ", 5, "compressed with xz", "unpack it first (xz -dk FILE)"},
        {"\x28\xB5\x2F\xFD", 4, "compressed with zstd", "unpack it first (zstd -dk FILE)"},
        {"PK\x03\x04", 4, "a zip archive", "unpack it first (unzip FILE)"},
        {"\x89HDF", 4, "an HDF5 file", "give a text file"},
    };
    tml_status status = refill(source, error);

    if (status != TML_OK)
        return status;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i)
        if (starts_with(source, others[i].magic, others[i].length))
            return TML_FAIL(error, TML_BAD_DATA, "%s: is %s; plain text, gzip and bzip2 are read here: %s",
                            source->path, others[i].name, others[i].cure);
    source->packing = starts_with(source, "\x1F\x8B", 2) ? GZIP : is_bzip2(source) ? BZIP2 : PLAIN;
    if (source->packing == GZIP && inflateInit2(&source->gzip, GZIP_ONLY) != Z_OK) {
        source->packing = PLAIN; /* nothing to end at close */
        return TML_FAIL(error, TML_INTERNAL, "no memory to unpack %s", source->path);
    }
    return TML_OK;
}

static tml_status open_file(const char *path, tml_byte_source *source, tml_error *error)
{
    struct stat about;

    source->file = fopen(path, "rb");
    if (source->file == NULL)
        return TML_FAIL(error, TML_NO_INPUT, "%s: cannot be opened: %s; check the path", path,
                        strerror(errno));
    if (fstat(fileno(source->file), &about) == 0 && S_ISDIR(about.st_mode))
        return TML_FAIL(error, TML_NO_INPUT, "%s: is a folder, a file is wanted", path);
    return recognise(source, error);
}

tml_status tml_byte_source_open(const char *path, tml_byte_source **source, tml_error *error)
{
    tml_byte_source *made = calloc(1, sizeof *made);
    tml_status status = TML_OK;

    *source = NULL;
    if (made != NULL) {
        made->path = strdup(path);
        made->input = malloc(INPUT_BYTES);
    }
    if (made == NULL || made->path == NULL || made->input == NULL)
        status = TML_FAIL(error, TML_INTERNAL, "no memory to read %s", path);
    if (status == TML_OK)
        status = open_file(path, made, error);
    if (status != TML_OK)
        tml_byte_source_close(&made);
    *source = made;
    return status;
}

static tml_status damaged(const tml_byte_source *source, const char *what, tml_error *error)
{
    return TML_FAIL(error, TML_IO_ERROR,
                    "%s: the compressed data are damaged (%s); copy or download the file again", source->path,
                    what);
}

static tml_status unpack_gzip(tml_byte_source *source, char *bytes, size_t room, size_t *count,
                              tml_error *error)
{
    z_stream *stream = &source->gzip;
    int result;

    if (!source->in_stream)
        inflateReset(stream);
    source->in_stream = true;
    stream->next_in = (Bytef *)source->input + source->at;
    stream->avail_in = (uInt)(source->filled - source->at);
    stream->next_out = (Bytef *)bytes;
    stream->avail_out = (uInt)room;
    result = inflate(stream, Z_NO_FLUSH);
    source->at = source->filled - stream->avail_in;
    *count = room - stream->avail_out;
    if (result == Z_STREAM_END)
        source->in_stream = false;
    else if (result != Z_OK && result != Z_BUF_ERROR)
        return damaged(source, stream->msg != NULL ? stream->msg : "gzip", error);
    return TML_OK;
}

static tml_status unpack_bzip2(tml_byte_source *source, char *bytes, size_t room, size_t *count,
                               tml_error *error)
{
    bz_stream *stream = &source->bzip2;
    int result;

    if (!source->in_stream) {
        memset(stream, 0, sizeof *stream);
        if (BZ2_bzDecompressInit(stream, 0, 0) != BZ_OK)
            return TML_FAIL(error, TML_INTERNAL, "no memory to unpack %s", source->path);
    }
    source->in_stream = true;
    stream->next_in = source->input + source->at;
    stream->avail_in = (unsigned)(source->filled - source->at);
    stream->next_out = bytes;
    stream->avail_out = (unsigned)room;
    result = BZ2_bzDecompress(stream);
    source->at = source->filled - stream->avail_in;
    *count = room - stream->avail_out;
    if (result == BZ_STREAM_END) {
        BZ2_bzDecompressEnd(stream);
        source->in_stream = false;
    } else if (result == BZ_DATA_ERROR_MAGIC) {
        return damaged(source, "what follows is not bzip2", error);
    } else if (result != BZ_OK) {
        return damaged(source, result == BZ_DATA_ERROR ? "a checksum does not match" : "bzip2", error);
    }
    return TML_OK;
}

static tml_status read_packed(tml_byte_source *source, char *bytes, size_t room, size_t *count,
                              tml_error *error)
{
    for (;;) {
        tml_status status = refill(source, error);

        if (status != TML_OK)
            return status;
        if (source->at_end && !source->in_stream)
            return TML_OK;
        /* At the end of the file too: the library may still hold output that did not fit before. */
        status = source->packing == GZIP ? unpack_gzip(source, bytes, room, count, error)
                                         : unpack_bzip2(source, bytes, room, count, error);
        if (status != TML_OK || *count > 0)
            return status;
        if (source->at_end && source->in_stream)
            return TML_FAIL(error, TML_IO_ERROR,
                            "%s: the compressed data stop before their end; copy or download the file again",
                            source->path);
    }
}

tml_status tml_byte_source_read(tml_byte_source *source, char *bytes, size_t room, size_t *count,
                                tml_error *error)
{
    tml_status status;

    *count = 0;
    if (room > (size_t)INT_MAX)
        room = (size_t)INT_MAX;
    if (source->packing != PLAIN)
        return read_packed(source, bytes, room, count, error);
    status = refill(source, error);
    if (status != TML_OK || source->at_end)
        return status;
    *count = source->filled - source->at < room ? source->filled - source->at : room;
    memcpy(bytes, source->input + source->at, *count);
    source->at += *count;
    return TML_OK;
}

void tml_byte_source_close(tml_byte_source **source)
{
    tml_byte_source *old = *source;

    if (old == NULL)
        return;
    if (old->packing == GZIP)
        inflateEnd(&old->gzip);
    if (old->packing == BZIP2 && old->in_stream)
        BZ2_bzDecompressEnd(&old->bzip2);
    if (old->file != NULL)
        fclose(old->file);
    free(old->input);
    free(old->path);
    free(old);
    *source = NULL;
}
