#include "io/csv_reader.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/text.h"
#include "io/byte_source.h"

enum { BUFFER_BYTES = 1 << 18, LINE_BYTES = 64 << 20, SHOWN = 40 };

struct tml_csv_reader {
    tml_byte_source *source;
    char *path;
    char *buffer; /* [BUFFER_BYTES] unpacked text */
    size_t at;
    size_t filled;
    char *line; /* the line last read, cut into fields in place */
    size_t line_room;
    char *header; /* the first line, which the names point into */
    const char **names;
    const char **fields; /* point into the line */
    size_t field_room;
    size_t columns;
    int64_t row;
    int64_t line_number;
};

static tml_status grow_line(tml_csv_reader *reader, size_t needed, tml_error *error)
{
    size_t room = reader->line_room > 0 ? reader->line_room : 4096;
    char *grown;

    if (needed <= reader->line_room)
        return TML_OK;
    if (needed > LINE_BYTES)
        return TML_FAIL(error, TML_BAD_DATA, "%s: line %lld is longer than %d MiB; is this a CSV file?",
                        reader->path, (long long)reader->line_number, LINE_BYTES >> 20);
    while (room < needed)
        room *= 2;
    grown = realloc(reader->line, room);
    if (grown == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for a line of %zu bytes of %s", needed, reader->path);
    reader->line = grown;
    reader->line_room = room;
    return TML_OK;
}

/* Moves what belongs to the line from the buffer to the end of the line. */
static tml_status move_part(tml_csv_reader *reader, size_t *length, bool *is_complete, tml_error *error)
{
    const char *start = reader->buffer + reader->at;
    const char *newline = memchr(start, '\n', reader->filled - reader->at);
    size_t part = newline != NULL ? (size_t)(newline - start) : reader->filled - reader->at;
    tml_status status = grow_line(reader, *length + part + 1, error);

    if (status != TML_OK)
        return status;
    memcpy(reader->line + *length, start, part);
    *length += part;
    reader->at += part + (newline != NULL ? 1 : 0);
    *is_complete = newline != NULL;
    return TML_OK;
}

/* One line without its end; *found is false at the end of the file. */
static tml_status read_line(tml_csv_reader *reader, bool *found, tml_error *error)
{
    size_t length = 0;
    bool is_complete = false;

    ++reader->line_number;
    *found = false;
    while (!is_complete) {
        tml_status status = TML_OK;

        if (reader->at == reader->filled) {
            reader->at = 0;
            status = tml_byte_source_read(reader->source, reader->buffer, BUFFER_BYTES, &reader->filled,
                                          error);
            if (status == TML_OK && reader->filled == 0)
                break;
        }
        if (status == TML_OK)
            status = move_part(reader, &length, &is_complete, error);
        if (status != TML_OK)
            return status;
        *found = true;
    }
    if (!*found)
        return TML_OK;
    if (memchr(reader->line, '\0', length) != NULL)
        return TML_FAIL(
            error, TML_BAD_DATA,
            "%s: line %lld holds a zero byte: this is not plain text (or UTF-16; save it as UTF-8)",
            reader->path, (long long)reader->line_number);
    if (length > 0 && reader->line[length - 1] == '\r')
        --length;
    reader->line[length] = '\0';
    if (reader->line_number == 1 && strncmp(reader->line, "\xEF\xBB\xBF", 3) == 0)
        memmove(reader->line, reader->line + 3, length - 2);
    return TML_OK;
}

static char *skip_blanks(char *at)
{
    return at + strspn(at, " \t");
}

/* The next line that holds anything. */
static tml_status read_filled_line(tml_csv_reader *reader, bool *found, tml_error *error)
{
    tml_status status;

    do
        status = read_line(reader, found, error);
    while (status == TML_OK && *found && *skip_blanks(reader->line) == '\0');
    return status;
}

static tml_status bad_quote(const tml_csv_reader *reader, size_t field, const char *what, tml_error *error)
{
    if (reader->columns == 0)
        return TML_FAIL(error, TML_BAD_DATA, "%s: line %lld (the header), field %zu: %s", reader->path,
                        (long long)reader->line_number, field + 1, what);
    return TML_FAIL(error, TML_BAD_DATA, "%s: line %lld, row %lld, field %zu: %s", reader->path,
                    (long long)reader->line_number, (long long)reader->row + 1, field + 1, what);
}

/* Takes the quotes away in place. *cursor: in at the opening quote, out behind the closing one. */
static bool unquote(char **cursor)
{
    char *from = *cursor + 1;
    char *to = *cursor;

    for (; *from != '\0'; ++from) {
        if (*from == '"' && from[1] != '"') {
            *cursor = from + 1;
            *to = '\0'; /* behind or at the closing quote, never behind the cursor */
            return true;
        }
        if (*from == '"')
            ++from;
        *to++ = *from;
    }
    return false;
}

/* Cuts one field off. *cursor: out behind its comma, or NULL if it was the last. */
static tml_status take_field(const tml_csv_reader *reader, size_t number, char **cursor, const char **field,
                             tml_error *error)
{
    char *start = skip_blanks(*cursor);
    char *end = start;

    *field = start;
    if (*start == '"') {
        if (!unquote(&end))
            return bad_quote(reader, number, "a quote is opened and not closed on the same line", error);
        end = skip_blanks(end);
        if (*end != ',' && *end != '\0')
            return bad_quote(reader, number, "text follows a closing quote; a quote within quotes is doubled",
                             error);
        *cursor = *end == ',' ? end + 1 : NULL;
        return TML_OK;
    }
    end += strcspn(start, ",");
    *cursor = *end == ',' ? end + 1 : NULL;
    while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
        --end;
    *end = '\0';
    return TML_OK;
}

static tml_status split_line(tml_csv_reader *reader, size_t *count, tml_error *error)
{
    char *cursor = reader->line;

    for (*count = 0; cursor != NULL; ++*count) {
        tml_status status;

        if (*count == reader->field_room) {
            size_t room = reader->field_room > 0 ? 2 * reader->field_room : 128;
            const char **grown = realloc(reader->fields, room * sizeof *grown);

            if (grown == NULL)
                return TML_FAIL(error, TML_INTERNAL, "no memory for the fields of %s", reader->path);
            reader->fields = grown;
            reader->field_room = room;
        }
        status = take_field(reader, *count, &cursor, &reader->fields[*count], error);
        if (status != TML_OK)
            return status;
    }
    return TML_OK;
}

static int compare_names(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;

    return strcmp(*left, *right);
}

static tml_status check_names(tml_csv_reader *reader, tml_error *error)
{
    const char **sorted = reader->fields; /* room for as many: the next row overwrites it */

    for (size_t i = 0; i < reader->columns; ++i)
        if (reader->names[i][0] == '\0')
            return TML_FAIL(error, TML_BAD_DATA,
                            "%s: column %zu has no name in the header%s; name it or remove the column",
                            reader->path, i + 1,
                            i == 0 ? " (an index? pandas leaves it out with index=False)" : "");
    qsort(sorted, reader->columns, sizeof *sorted, compare_names);
    for (size_t i = 1; i < reader->columns; ++i)
        if (strcmp(sorted[i - 1], sorted[i]) == 0)
            return TML_FAIL(error, TML_BAD_DATA,
                            "%s: two columns have the name '%.*s'; every column needs its own", reader->path,
                            SHOWN, sorted[i]);
    return TML_OK;
}

static tml_status read_header(tml_csv_reader *reader, tml_error *error)
{
    size_t count = 0;
    bool found = false;
    tml_status status = read_filled_line(reader, &found, error);

    if (status == TML_OK && !found)
        status = TML_FAIL(error, TML_BAD_DATA, "%s: the file is empty; a header with column names is wanted",
                          reader->path);
    if (status == TML_OK)
        status = split_line(reader, &count, error);
    if (status == TML_OK)
        status = tml_array_create(count, sizeof *reader->names, "column names", &reader->names, error);
    if (status != TML_OK)
        return status;
    memcpy(reader->names, reader->fields, count * sizeof *reader->names);
    reader->columns = count;
    reader->header = reader->line;
    reader->line = NULL;
    reader->line_room = 0;
    return check_names(reader, error);
}

tml_status tml_csv_open(const char *path, tml_csv_reader **reader, tml_error *error)
{
    tml_csv_reader *made = calloc(1, sizeof *made);
    tml_status status = TML_OK;

    *reader = NULL;
    if (made != NULL) {
        made->path = strdup(path);
        made->buffer = malloc(BUFFER_BYTES);
        made->row = -1;
    }
    if (made == NULL || made->path == NULL || made->buffer == NULL)
        status = TML_FAIL(error, TML_INTERNAL, "no memory to read %s", path);
    if (status == TML_OK)
        status = tml_byte_source_open(path, &made->source, error);
    if (status == TML_OK)
        status = read_header(made, error);
    if (status != TML_OK)
        tml_csv_close(&made);
    *reader = made;
    return status;
}

size_t tml_csv_columns(const tml_csv_reader *reader)
{
    return reader->columns;
}

const char *tml_csv_name(const tml_csv_reader *reader, size_t column)
{
    return reader->names[column];
}

long tml_csv_find(const tml_csv_reader *reader, const char *name)
{
    for (size_t i = 0; i < reader->columns; ++i)
        if (strcmp(reader->names[i], name) == 0)
            return (long)i;
    return -1;
}

tml_status tml_csv_next(tml_csv_reader *reader, const char *const **fields, tml_error *error)
{
    size_t count = 0;
    bool found = false;
    tml_status status = read_filled_line(reader, &found, error);

    *fields = NULL;
    if (status != TML_OK || !found)
        return status;
    status = split_line(reader, &count, error);
    if (status != TML_OK)
        return status;
    if (count != reader->columns)
        return TML_FAIL(error, TML_BAD_DATA, "%s: line %lld, row %lld has %zu field%s, the header has %zu",
                        reader->path, (long long)reader->line_number, (long long)reader->row + 1, count,
                        count == 1 ? "" : "s", reader->columns);
    ++reader->row;
    *fields = (const char *const *)reader->fields;
    return TML_OK;
}

int64_t tml_csv_row(const tml_csv_reader *reader)
{
    return reader->row;
}

int64_t tml_csv_line(const tml_csv_reader *reader)
{
    return reader->line_number;
}

tml_status tml_csv_number(const tml_csv_reader *reader, size_t column, double *value, tml_error *error)
{
    const char *text = reader->fields[column];
    const char *fault = "is not a number";
    double parsed = 0.0;

    if (tml_text_to_double(text, &parsed)) {
        if (isfinite(parsed)) {
            *value = parsed;
            return TML_OK;
        }
        fault = "is not a finite number";
    }
    if (*text == '\0')
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s: line %lld, row %lld, column '%.*s' is empty; a number is wanted", reader->path,
                        (long long)reader->line_number, (long long)reader->row, SHOWN, reader->names[column]);
    return TML_FAIL(error, TML_BAD_DATA, "%s: line %lld, row %lld, column '%.*s': '%.*s' %s", reader->path,
                    (long long)reader->line_number, (long long)reader->row, SHOWN, reader->names[column],
                    SHOWN, text, fault);
}

void tml_csv_close(tml_csv_reader **reader)
{
    tml_csv_reader *old = *reader;

    if (old == NULL)
        return;
    tml_byte_source_close(&old->source);
    free(old->fields);
    free(old->names);
    free(old->header);
    free(old->line);
    free(old->buffer);
    free(old->path);
    free(old);
    *reader = NULL;
}
