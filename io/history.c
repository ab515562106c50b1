#include "io/history.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "core/text.h"
#include "io/atomic_file.h"

static const size_t MOST_BYTES = (size_t)1 << 30;

/* The next whole line of the text, its newline replaced; NULL after the last. */
static char *next_line(char **text)
{
    char *line = *text;
    char *end = strchr(line, '\n');

    if (end == NULL)
        return NULL;
    *end = '\0';
    if (end > line && end[-1] == '\r')
        end[-1] = '\0';
    *text = end + 1;
    return line;
}

/* The next field of a line; NULL after the last. */
static char *next_field(char **line)
{
    char *field = *line;
    char *comma;

    if (field == NULL)
        return NULL;
    comma = strchr(field, ',');
    if (comma != NULL)
        *comma = '\0';
    *line = comma != NULL ? comma + 1 : NULL;
    return field;
}

static size_t count_of(const char *text, char what)
{
    size_t count = 0;

    for (; *text != '\0'; ++text)
        count += *text == what;
    return count;
}

/* Columns that the program writes must hold numbers; what others add need not. */
static bool is_own_column(const char *name)
{
    static const char *const names[] = {"epoch", "step", "seconds", "learning_rate"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
        if (strcmp(name, names[i]) == 0)
            return true;
    return strncmp(name, "train_loss", 10) == 0 || strncmp(name, "validation_loss", 15) == 0;
}

static tml_status read_header(const char *path, char *header, tml_history *history, tml_error *error)
{
    char *field;
    size_t at = 0;
    tml_status status = tml_array_create(count_of(header, ',') + 1, sizeof *history->names,
                                         "the columns of a history", &history->names, error);

    if (status != TML_OK)
        return status;
    while ((field = next_field(&header)) != NULL) {
        if (field[0] == '\0' || !tml_text_copy(history->names[at], TML_HISTORY_NAME, field))
            return TML_FAIL(error, TML_BAD_DATA,
                            "%s: line 1, column %zu: '%.40s' is not the name of a column", path, at + 1,
                            field);
        ++at;
    }
    history->columns = at;
    if (strcmp(history->names[0], "epoch") != 0)
        return TML_FAIL(
            error, TML_BAD_DATA,
            "%s: line 1: the first column is '%s', not 'epoch'; this is not a history of a training", path,
            history->names[0]);
    return TML_OK;
}

/* `stride` is the room of a column while the number of rows is not known. */
static tml_status read_row(const char *path, char *line, size_t line_number, size_t stride,
                           tml_history *history, tml_error *error)
{
    size_t fields = count_of(line, ',') + 1;

    if (fields != history->columns)
        return TML_FAIL(error, TML_BAD_DATA, "%s: line %zu has %zu fields, the header has %zu", path,
                        line_number, fields, history->columns);
    for (size_t at = 0; at < history->columns; ++at) {
        const char *field = next_field(&line);
        double value = NAN;

        if (!tml_text_to_double(field, &value) && is_own_column(history->names[at]))
            return TML_FAIL(error, TML_BAD_DATA, "%s: line %zu, column %s: '%.40s' is not a number", path,
                            line_number, history->names[at], field);
        history->values[at * stride + history->rows] = value;
    }
    ++history->rows;
    return TML_OK;
}

static tml_status read_text(const char *path, char *text, tml_history *history, tml_error *error)
{
    size_t stride = count_of(text, '\n');
    size_t room = 0;
    char *line = next_line(&text);
    tml_status status;

    if (line == NULL)
        return TML_FAIL(error, TML_BAD_DATA, "%s: there is no header line; the file is empty or incomplete",
                        path);
    status = read_header(path, line, history, error);
    if (status == TML_OK && !tml_size_multiply(stride, history->columns, &room))
        status = TML_FAIL(error, TML_BAD_DATA, "%s: too many lines", path);
    if (status == TML_OK)
        status = tml_array_create(room, sizeof *history->values, "a history", &history->values, error);
    for (size_t number = 2; status == TML_OK && (line = next_line(&text)) != NULL; ++number)
        if (line[0] != '\0')
            status = read_row(path, line, number, stride, history, error);
    for (size_t at = 1; status == TML_OK && at < history->columns; ++at)
        memmove(history->values + at * history->rows, history->values + at * stride,
                history->rows * sizeof *history->values);
    return status;
}

tml_status tml_history_read(const char *path, tml_history *history, tml_error *error)
{
    char *text = NULL;
    tml_status status;

    memset(history, 0, sizeof *history);
    status = tml_file_read_text(path, MOST_BYTES, &text, NULL, error);
    if (status != TML_OK)
        return status;
    status = read_text(path, text, history, error);
    free(text);
    if (status != TML_OK)
        tml_history_free(history);
    return status;
}

const double *tml_history_column(const tml_history *history, const char *name)
{
    for (size_t at = 0; at < history->columns; ++at)
        if (strcmp(history->names[at], name) == 0)
            return history->values + at * history->rows;
    return NULL;
}

void tml_history_free(tml_history *history)
{
    free(history->names);
    free(history->values);
    memset(history, 0, sizeof *history);
}
