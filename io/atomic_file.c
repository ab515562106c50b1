#include "io/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/fault.h"

static const char SUFFIX[] = ".partial";

char *tml_atomic_partial_path(const char *path)
{
    size_t length = strlen(path);
    char *partial = tml_fault("name") ? NULL : malloc(length + sizeof SUFFIX);

    if (partial == NULL)
        return NULL;
    memcpy(partial, path, length);
    memcpy(partial + length, SUFFIX, sizeof SUFFIX);
    return partial;
}

static tml_status write_all(int descriptor, const char *name, const unsigned char *bytes, size_t count,
                            tml_error *error)
{
    size_t done = 0;

    while (done < count) {
        ssize_t now = tml_fault("write") ? -1 : write(descriptor, bytes + done, count - done);

        if (now < 0 && errno == EINTR)
            continue;
        if (now <= 0)
            return TML_FAIL(error, TML_IO_ERROR, "%s: cannot write byte %zu of %zu: %s", name, done, count,
                            strerror(errno));
        done += (size_t)now;
    }
    return TML_OK;
}

tml_status tml_atomic_write_partial(const char *partial, const void *bytes, size_t count, tml_error *error)
{
    int descriptor = tml_fault("open for writing")
                         ? -1
                         : open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    tml_status status;

    if (descriptor < 0)
        return TML_FAIL(error, TML_CANNOT_CREATE,
                        "%s: cannot be created: %s; check that its folder exists and is writable", partial,
                        strerror(errno));
    status = write_all(descriptor, partial, bytes, count, error);
    if ((close(descriptor) != 0 || tml_fault("close")) && status == TML_OK)
        status = TML_FAIL(error, TML_IO_ERROR, "%s: cannot be completed: %s", partial, strerror(errno));
    if (status != TML_OK)
        unlink(partial);
    return status;
}

tml_status tml_atomic_write(const char *path, const void *bytes, size_t count, tml_error *error)
{
    char *partial = tml_atomic_partial_path(path);
    tml_status status;

    if (partial == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for the name of %s", path);
    status = tml_atomic_write_partial(partial, bytes, count, error);
    if (status == TML_OK)
        status = tml_atomic_publish(partial, path, error);
    free(partial);
    return status;
}

static tml_status sync_file(const char *partial, tml_error *error)
{
    int descriptor = tml_fault("open again") ? -1 : open(partial, O_RDONLY | O_CLOEXEC);
    tml_status status = TML_OK;

    if (descriptor < 0)
        return TML_FAIL(error, TML_IO_ERROR, "%s: cannot be opened again: %s", partial, strerror(errno));
    if (tml_fault("fsync") || fsync(descriptor) != 0)
        status = TML_FAIL(error, TML_IO_ERROR, "%s: cannot be brought to disk: %s", partial, strerror(errno));
    if (close(descriptor) != 0 && status == TML_OK)
        status = TML_FAIL(error, TML_IO_ERROR, "%s: cannot be closed: %s", partial, strerror(errno));
    return status;
}

/* Makes the rename itself durable. Not every file system lets a folder be opened or synchronised; where it
 * does not, nothing more can be done, so only a real failure of the disk is an error. */
static tml_status sync_folder(const char *path, tml_error *error)
{
    char *copy = strdup(path);
    tml_status status = TML_OK;
    int descriptor;

    if (copy == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for the folder of %s", path);
    descriptor = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        if ((tml_fault("fsync of a folder") || fsync(descriptor) != 0) &&
            (errno == EIO || errno == ENOSPC || errno == EDQUOT))
            status = TML_FAIL(error, TML_IO_ERROR, "%s: its folder cannot be brought to disk: %s", path,
                              strerror(errno));
        close(descriptor);
    }
    free(copy);
    return status;
}

tml_status tml_atomic_publish(const char *partial, const char *path, tml_error *error)
{
    tml_status status = sync_file(partial, error);

    if (status == TML_OK && (tml_fault("rename") || rename(partial, path) != 0))
        status = TML_FAIL(error, TML_CANNOT_CREATE, "%s: cannot be put in place: %s", path, strerror(errno));
    if (status != TML_OK) {
        unlink(partial);
        return status;
    }
    return sync_folder(path, error);
}

static tml_status read_all(FILE *file, const char *path, size_t limit, char **text, size_t *count,
                           tml_error *error)
{
    size_t room = 4096;
    size_t used = 0;
    char *buffer = tml_fault("text") ? NULL : malloc(room);

    while (buffer != NULL) {
        used += fread(buffer + used, 1, room - used - 1, file);
        if (used > limit || used + 1 < room)
            break;
        room *= 2;
        char *larger = realloc(buffer, room);

        if (larger == NULL)
            free(buffer);
        buffer = larger;
    }
    if (buffer == NULL)
        return TML_FAIL(error, TML_INTERNAL, "%s: no memory for %zu bytes", path, room);
    if (ferror(file) || used > limit || tml_fault("read")) {
        free(buffer);
        if (used > limit)
            return TML_FAIL(error, TML_BAD_DATA, "%s: longer than %zu bytes; is it the right file?", path,
                            limit);
        return TML_FAIL(error, TML_IO_ERROR, "%s: cannot be read: %s", path, strerror(errno));
    }
    buffer[used] = '\0';
    *text = buffer;
    if (count != NULL)
        *count = used;
    return TML_OK;
}

tml_status tml_file_read_text(const char *path, size_t limit, char **text, size_t *count, tml_error *error)
{
    FILE *file = tml_fault("open for reading") ? NULL : fopen(path, "rb");
    struct stat about;
    tml_status status;

    *text = NULL;
    if (file == NULL)
        return TML_FAIL(error, TML_NO_INPUT, "%s: cannot be opened: %s; check the path", path,
                        strerror(errno));
    if (fstat(fileno(file), &about) == 0 && S_ISDIR(about.st_mode)) {
        fclose(file);
        return TML_FAIL(error, TML_NO_INPUT, "%s: is a folder where a file is needed", path);
    }
    status = read_all(file, path, limit, text, count, error);
    fclose(file);
    return status;
}
