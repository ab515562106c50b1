#include "io/line_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/fault.h"
#include "core/memory.h"
#include "io/atomic_file.h"

enum { BUFFER_BYTES = 1 << 16 };

struct tml_line_file {
    int descriptor;
    off_t written; /* bytes of whole lines in the file */
    size_t used;   /* bytes of whole lines in the buffer */
    char *path;
    char *buffer; /* [BUFFER_BYTES] */
};

static void forget(tml_line_file **file)
{
    if ((*file)->descriptor >= 0)
        close((*file)->descriptor);
    free((*file)->path);
    free((*file)->buffer);
    free(*file);
    *file = NULL;
}

static tml_status open_file(const char *path, int flags, tml_line_file **file, tml_error *error)
{
    size_t length = strlen(path) + 1;
    tml_status status;

    *file = NULL;
    status = tml_array_create(1, sizeof **file, "a text file", file, error);
    if (status != TML_OK)
        return status;
    (*file)->descriptor = -1;
    status = tml_array_create(length, 1, "the name of a file", &(*file)->path, error);
    if (status == TML_OK)
        status = tml_array_create(BUFFER_BYTES, 1, "the buffer of a text file", &(*file)->buffer, error);
    if (status == TML_OK) {
        memcpy((*file)->path, path, length);
        (*file)->descriptor = tml_fault("open for lines")
                                  ? -1
                                  : open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | flags, 0666);
        if ((*file)->descriptor < 0)
            status = TML_FAIL(error, TML_CANNOT_CREATE,
                              "%s: cannot be opened for writing (%s); check that the folder "
                              "exists and may be written to",
                              path, strerror(errno));
    }
    if (status != TML_OK)
        forget(file);
    return status;
}

tml_status tml_line_file_create(const char *path, tml_line_file **file, tml_error *error)
{
    return open_file(path, O_TRUNC, file, error);
}

static tml_status cannot_copy(const char *path, tml_error *error)
{
    return TML_FAIL(error, TML_IO_ERROR,
                    "%s: cannot be rewritten for the resumed run (%s); the old file is "
                    "unchanged",
                    path, strerror(errno));
}

static tml_status copy_lines(const char *path, FILE *from, FILE *to, tml_line_keep *keep, void *context,
                             tml_error *error)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    tml_status status = TML_OK;

    for (int64_t number = 1; status == TML_OK && (length = getline(&line, &room, from)) > 0; ++number) {
        bool stays = false;

        if (line[length - 1] != '\n')
            break; /* torn: the job was killed while it wrote */
        line[length - 1] = '\0';
        status = keep(line, number, context, &stays, error);
        if (status == TML_OK && stays && (fputs(line, to) == EOF || fputc('\n', to) == EOF))
            status = cannot_copy(path, error);
    }
    free(line);
    if (status == TML_OK && ferror(from) != 0)
        status = cannot_copy(path, error);
    return status;
}

/* The lines that stay, under a temporary name that then takes the place of the file. */
static tml_status rewrite(const char *path, FILE *from, tml_line_keep *keep, void *context, tml_error *error)
{
    char *partial = tml_atomic_partial_path(path);
    FILE *to;
    tml_status status;

    if (partial == NULL)
        return TML_FAIL(error, TML_INTERNAL, "%s: no memory", path);
    to = tml_fault("open for rewriting") ? NULL : fopen(partial, "w");
    if (to == NULL) {
        status = TML_FAIL(error, TML_CANNOT_CREATE,
                          "%s: cannot be made (%s); check that its folder may be written to", partial,
                          strerror(errno));
        free(partial);
        return status;
    }
    status = copy_lines(path, from, to, keep, context, error);
    if ((fclose(to) != 0 || tml_fault("close")) && status == TML_OK)
        status = cannot_copy(path, error);
    if (status == TML_OK)
        status = tml_atomic_publish(partial, path, error);
    else
        unlink(partial);
    free(partial);
    return status;
}

tml_status tml_line_file_resume(const char *path, tml_line_keep *keep, void *context, tml_line_file **file,
                                tml_error *error)
{
    FILE *from = tml_fault("open lines") ? NULL : fopen(path, "r");
    struct stat facts;
    tml_status status;

    *file = NULL;
    if (from == NULL && errno != ENOENT)
        return TML_FAIL(error, TML_IO_ERROR, "%s: cannot be read (%s)", path, strerror(errno));
    if (from == NULL)
        return tml_line_file_create(path, file, error);
    status = rewrite(path, from, keep, context, error);
    fclose(from);
    if (status == TML_OK)
        status = open_file(path, 0, file, error);
    if (status != TML_OK)
        return status;
    if (fstat((*file)->descriptor, &facts) != 0) {
        status = TML_FAIL(error, TML_IO_ERROR, "%s: its length cannot be found out (%s)", path,
                          strerror(errno));
        forget(file);
        return status;
    }
    (*file)->written = facts.st_size;
    return TML_OK;
}

bool tml_line_file_is_empty(const tml_line_file *file)
{
    return file->written == 0 && file->used == 0;
}

static tml_status write_bytes(tml_line_file *file, const char *bytes, size_t count, tml_error *error)
{
    size_t done = 0;

    while (done < count) {
        ssize_t part = tml_fault("write lines") ? -1 : write(file->descriptor, bytes + done, count - done);

        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0) {
            tml_status status = TML_FAIL(error, TML_IO_ERROR,
                                         "%s: %zu bytes could not be written (%s); make room on the disk",
                                         file->path, count, strerror(part < 0 ? errno : ENOSPC));

            /* A device or pipe cannot be cut back; the message above says what matters. */
            if (ftruncate(file->descriptor, file->written) != 0)
                tml_error_prefix(error, "the last line may be incomplete: ");
            return status;
        }
        done += (size_t)part;
    }
    file->written += (off_t)count;
    return TML_OK;
}

tml_status tml_line_file_flush(tml_line_file *file, tml_error *error)
{
    size_t count = file->used;

    file->used = 0;
    return write_bytes(file, file->buffer, count, error);
}

tml_status tml_line_file_add(tml_line_file *file, const char *line, tml_error *error)
{
    size_t length = strlen(line);
    tml_status status;

    if (file->used + length + 1 > BUFFER_BYTES) {
        status = tml_line_file_flush(file, error);
        if (status != TML_OK)
            return status;
    }
    if (length + 1 > BUFFER_BYTES)
        return TML_FAIL(error, TML_INTERNAL, "%s: a line of %zu bytes is longer than any that is written",
                        file->path, length);
    memcpy(file->buffer + file->used, line, length);
    file->buffer[file->used + length] = '\n';
    file->used += length + 1;
    return TML_OK;
}

tml_status tml_line_file_close(tml_line_file **file, tml_error *error)
{
    tml_status status;

    if (*file == NULL)
        return TML_OK;
    status = tml_line_file_flush(*file, error);
    /* EINVAL: a pipe or a device, which has nothing to synchronise. */
    if (status == TML_OK && (tml_fault("fsync") || fsync((*file)->descriptor) != 0) && errno != EINVAL)
        status = TML_FAIL(error, TML_IO_ERROR, "%s: could not be brought to disk (%s)", (*file)->path,
                          strerror(errno));
    if (close((*file)->descriptor) != 0 && status == TML_OK)
        status = TML_FAIL(error, TML_IO_ERROR, "%s: could not be closed (%s)", (*file)->path,
                          strerror(errno));
    (*file)->descriptor = -1;
    forget(file);
    return status;
}
