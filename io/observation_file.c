#include "io/observation_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "io/byte_source.h"
#include "io/object_file.h"
#include "io/observation_ascii.h"
#include "io/observation_convert.h"
#include "io/observation_fits.h"
#include "io/path.h"

enum { FIRST_BYTES = 1 << 18, MOST_BYTES = 256 << 20 };

/* A file as a whole, unpacked, with a NUL behind it. */
typedef struct contents {
    char *bytes;
    size_t count;
    size_t room;
} contents;

static tml_status grow(const char *path, contents *all, tml_error *error)
{
    size_t room = all->room > 0 ? 2 * all->room : FIRST_BYTES;
    char *grown;

    if (all->count + 1 < all->room)
        return TML_OK;
    if (all->count > MOST_BYTES)
        return TML_FAIL(error, TML_BAD_DATA, "%s: has more than %d MiB; is this one spectrum?", path,
                        MOST_BYTES >> 20);
    grown = realloc(all->bytes, room);
    if (grown == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory to read %s", path);
    all->bytes = grown;
    all->room = room;
    return TML_OK;
}

static tml_status load(const char *path, contents *all, tml_error *error)
{
    tml_byte_source *source = NULL;
    size_t count = 1;
    tml_status status = tml_byte_source_open(path, &source, error);

    memset(all, 0, sizeof *all);
    while (status == TML_OK && count > 0) {
        status = grow(path, all, error);
        if (status == TML_OK)
            status = tml_byte_source_read(source, all->bytes + all->count, all->room - all->count - 1, &count,
                                          error);
        if (status == TML_OK)
            all->count += count;
    }
    tml_byte_source_close(&source);
    if (status == TML_OK && all->count == 0)
        status = TML_FAIL(error, TML_BAD_DATA, "%s: the file is empty", path);
    if (status != TML_OK) {
        free(all->bytes);
        memset(all, 0, sizeof *all);
        return status;
    }
    all->bytes[all->count] = '\0';
    return TML_OK;
}

static bool ends_with(const char *text, size_t length, const char *end)
{
    size_t count = strlen(end);

    return length > count && strncasecmp(text + length - count, end, count) == 0;
}

/* Length of a path without ".gz" or ".bz2" and without the extension before it. */
static size_t stem_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    size_t length = strlen(path);

    if (ends_with(name, strlen(name), ".gz"))
        length -= strlen(".gz");
    else if (ends_with(name, strlen(name), ".bz2"))
        length -= strlen(".bz2");
    for (const char *at = path + length - 1; at > name; --at)
        if (*at == '.')
            return (size_t)(at - path);
    return length;
}

static bool is_called_fits(const char *path)
{
    const char *extension = path + stem_length(path);

    return strncasecmp(extension, ".fits", 5) == 0 || strncasecmp(extension, ".fit", 4) == 0 ||
           strncasecmp(extension, ".fts", 4) == 0;
}

static tml_status read_format(const char *path, const tml_observation_options *options, const contents *all,
                              tml_observation_raw *raw, tml_error *error)
{
    if (tml_observation_is_fits(all->bytes, all->count))
        return tml_observation_fits_read(path, all->bytes, all->count, options->columns, raw, error);
    if (is_called_fits(path))
        return TML_FAIL(
            error, TML_BAD_DATA,
            "%s: is not FITS, whatever its name says: it does not begin with 'SIMPLE  ='; fetch it "
            "again or rename it",
            path);
    if (memchr(all->bytes, '\0', all->count) != NULL)
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s: is neither FITS nor plain text: it holds a zero byte (UTF-16? save it as UTF-8)",
                        path);
    if (options->columns != NULL)
        return TML_FAIL(
            error, TML_BAD_DATA,
            "%s: is text, whose columns are wavelength, flux and error in this order; --columns is for "
            "tables in FITS files",
            path);
    return tml_observation_ascii_read(path, all->bytes, raw, error);
}

/* The OBJECT.yml that was named, or the one beside the spectrum; nothing is said where there is none. */
static tml_status read_object(const char *path, const tml_observation_options *options,
                              tml_object_file *object, tml_error *error)
{
    char beside[TML_PATH_LENGTH];
    struct stat about;
    int length;

    memset(object, 0, sizeof *object);
    tml_object_facts_clear(&object->facts);
    if (options->object != NULL)
        return tml_object_file_read(options->object, object, error);
    length = snprintf(beside, sizeof beside, "%.*s.yml", (int)stem_length(path), path);
    if (length < 0 || (size_t)length >= sizeof beside || strcmp(beside, path) == 0)
        return TML_OK;
    if (stat(beside, &about) != 0 && (errno == ENOENT || errno == ENAMETOOLONG))
        return TML_OK;
    return tml_object_file_read(beside, object, error);
}

static void name_object(const char *path, const char *in_file, tml_object_facts *facts)
{
    char name[TML_PATH_LENGTH];
    const char *slash = strrchr(path, '/');

    if (facts->name[0] == '\0')
        tml_observation_copy_text(facts->name, sizeof facts->name, in_file);
    if (facts->name[0] != '\0')
        return;
    (void)snprintf(name, sizeof name, "%.*s", (int)stem_length(path), path);
    tml_observation_copy_text(facts->name, sizeof facts->name,
                              slash != NULL ? name + (slash - path) + 1 : name);
}

tml_status tml_observation_file_read(const char *path, const tml_observation_options *options,
                                     tml_observed_spectrum *spectrum, tml_object_facts *facts,
                                     tml_error *error)
{
    tml_object_file object;
    tml_observation_raw raw;
    contents all;
    tml_status status = load(path, &all, error);

    memset(spectrum, 0, sizeof *spectrum);
    memset(&raw, 0, sizeof raw);
    tml_object_facts_clear(facts);
    if (status == TML_OK)
        status = read_object(path, options, &object, error);
    if (status == TML_OK)
        status = read_format(path, options, &all, &raw, error);
    if (status == TML_OK)
        status = tml_observation_convert(path, options, &object, &raw, error);
    free(all.bytes);
    if (status != TML_OK) {
        tml_observed_spectrum_free(&raw.pixels);
        return status;
    }
    name_object(path, raw.object, &object.facts);
    *spectrum = raw.pixels;
    *facts = object.facts;
    return TML_OK;
}
