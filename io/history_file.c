#include "io/history_file.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/memory.h"
#include "core/number_text.h"
#include "core/text.h"
#include "io/line_file.h"

enum { LINE_BYTES = 8192 };

struct tml_history_file {
    tml_line_file *lines;
    size_t target_count;
    char line[LINE_BYTES]; /* the header, then each row */
};

/* What resume needs to judge a line. */
typedef struct resumption {
    const char *path;
    const char *header;
    int64_t epoch;
} resumption;

/* Put text behind what is in the line already; names and numbers are bounded, so it fits. */
static void put(char *line, const char *format, ...) TML_PRINTF(2, 3);

static void put(char *line, const char *format, ...)
{
    size_t used = strlen(line);
    va_list arguments;
    int written;

    va_start(arguments, format);
    written = vsnprintf(line + used, LINE_BYTES - used, format, arguments);
    va_end(arguments);
    assert(written >= 0 && (size_t)written < LINE_BYTES - used);
    (void)written;
}

static void put_number(char *line, double value)
{
    char text[TML_NUMBER_TEXT];

    tml_number_text(value, text);
    put(line, ",%s", text);
}

static void write_header(char *line, const char *const *names, size_t count)
{
    line[0] = '\0';
    put(line, "epoch,step,seconds,learning_rate,train_loss,validation_loss");
    for (size_t i = 0; i < count; ++i)
        put(line, ",train_loss_%s", names[i]);
    for (size_t i = 0; i < count; ++i)
        put(line, ",validation_loss_%s", names[i]);
}

static size_t fields_of(const char *line)
{
    size_t count = 1;

    for (; *line != '\0'; ++line)
        count += *line == ',';
    return count;
}

static tml_status keep_line(const char *line, int64_t number, void *context, bool *keep, tml_error *error)
{
    const resumption *r = context;
    char first[TML_NUMBER_TEXT] = "";
    size_t length = strcspn(line, ",");
    uint64_t epoch;

    *keep = true;
    if (number == 1) {
        if (strcmp(line, r->header) == 0)
            return TML_OK;
        return TML_FAIL(
            error, TML_BAD_DATA,
            "%s: its columns are not those of this run (%s); it belongs to another configuration: move it "
            "away, or choose another run directory",
            r->path, r->header);
    }
    if (length < sizeof first)
        memcpy(first, line, length);
    if (tml_text_to_uint64(first, &epoch) && fields_of(line) == fields_of(r->header)) {
        *keep = epoch < (uint64_t)r->epoch;
        return TML_OK;
    }
    *keep = false;
    if (line[0] != '\0')
        tml_warn("history", "%s: line %" PRId64 " is not a row of this history and is dropped", r->path,
                 number);
    return TML_OK;
}

static tml_status begin(const char *path, const char *const *names, size_t target_count,
                        const int64_t *resume_at, tml_history_file **file, tml_error *error)
{
    tml_history_file *made = NULL;
    tml_status status;

    *file = NULL;
    assert(target_count <= TML_HISTORY_TARGETS);
    status = tml_array_create(1, sizeof *made, "the history", &made, error);
    if (status != TML_OK)
        return status;
    made->target_count = target_count;
    write_header(made->line, names, target_count);
    if (resume_at != NULL) {
        resumption r = {path, made->line, *resume_at};

        status = tml_line_file_resume(path, keep_line, &r, &made->lines, error);
    } else {
        status = tml_line_file_create(path, &made->lines, error);
    }
    if (status == TML_OK && tml_line_file_is_empty(made->lines)) {
        status = tml_line_file_add(made->lines, made->line, error);
        if (status == TML_OK)
            status = tml_line_file_flush(made->lines, error);
    }
    if (status != TML_OK) {
        tml_status closed = tml_history_file_close(&made, NULL);

        (void)closed; /* the first failure is the one to tell */
        return status;
    }
    *file = made;
    return TML_OK;
}

tml_status tml_history_file_create(const char *path, const char *const *names, size_t target_count,
                                   tml_history_file **file, tml_error *error)
{
    return begin(path, names, target_count, NULL, file, error);
}

tml_status tml_history_file_resume(const char *path, const char *const *names, size_t target_count,
                                   int64_t epoch, tml_history_file **file, tml_error *error)
{
    return begin(path, names, target_count, &epoch, file, error);
}

tml_status tml_history_file_append(tml_history_file *file, const tml_history_row *row, tml_error *error)
{
    tml_status status;

    file->line[0] = '\0';
    put(file->line, "%" PRId64 ",%" PRId64, row->epoch, row->step);
    put_number(file->line, round(row->seconds * 1e6) / 1e6);
    put_number(file->line, row->learning_rate);
    put_number(file->line, row->train_loss);
    put_number(file->line, row->validation_loss);
    for (size_t i = 0; i < file->target_count; ++i)
        put_number(file->line, row->target_train_loss[i]);
    for (size_t i = 0; i < file->target_count; ++i)
        put_number(file->line, row->target_validation_loss[i]);
    status = tml_line_file_add(file->lines, file->line, error);
    return status == TML_OK ? tml_line_file_flush(file->lines, error) : status;
}

tml_status tml_history_file_close(tml_history_file **file, tml_error *error)
{
    tml_status status;

    if (*file == NULL)
        return TML_OK;
    status = tml_line_file_close(&(*file)->lines, error);
    free(*file);
    *file = NULL;
    return status;
}
