#include "io/observation_ascii.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "core/log.h"
#include "core/text.h"

enum { COLUMNS = 3, TOKEN = 64, SHOWN = 72 };

typedef enum field_kind { WORD, NUMBER, MISSING } field_kind;

/* One line, without its end. */
typedef struct text_line {
    const char *start;
    size_t length;
    size_t number; /* from 1 */
} text_line;

typedef struct field_list {
    size_t count; /* on the line; what is known of them is kept for the first three */
    bool has_number;
    field_kind kind[COLUMNS];
    double value[COLUMNS];
} field_list;

/* What has been read so far. */
typedef struct reading {
    const char *path;
    tml_observed_spectrum *pixels;
    size_t columns;      /* of the first line of numbers; 0 before it */
    size_t first_number; /* its line */
    size_t words;        /* lines of words before it */
} reading;

/* Take the next line from *text; false at the end. The ends of lines of all systems are understood. */
static bool next_line(const char **text, text_line *line)
{
    const char *start = *text;
    const char *end = start + strcspn(start, "\r\n");

    if (*start == '\0')
        return false;
    line->start = start;
    line->length = (size_t)(end - start);
    ++line->number;
    if (*end == '\r' && end[1] == '\n')
        ++end;
    *text = *end != '\0' ? end + 1 : end;
    return true;
}

static tml_status bad_line(const reading *in, const text_line *line, const char *what, tml_error *error)
{
    char shown[SHOWN + 1];
    size_t length = line->length < SHOWN ? line->length : SHOWN;

    memcpy(shown, line->start, length);
    shown[length] = '\0';
    tml_observation_plain_text(shown);
    return TML_FAIL(error, TML_BAD_DATA, "%s: line %zu: %s: '%s%s'", in->path, line->number, what, shown,
                    line->length > SHOWN ? "..." : "");
}

static field_kind classify(const char *start, size_t length, double *value)
{
    static const char *const missing[] = {"null", "--", "nan", "+nan", "-nan"};
    char token[TOKEN];

    *value = NAN;
    if (length == 0)
        return MISSING;
    if (length >= sizeof token)
        return WORD;
    memcpy(token, start, length);
    token[length] = '\0';
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; ++i)
        if (strcasecmp(token, missing[i]) == 0)
            return MISSING;
    if (!tml_text_to_double(token, value))
        return WORD;
    if (isfinite(*value))
        return NUMBER;
    *value = NAN;
    return MISSING;
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        ++at;
    return at;
}

static void add_field(const char *start, size_t length, field_list *fields)
{
    double value;
    const field_kind kind = classify(start, length, &value);

    fields->has_number |= kind == NUMBER;
    if (fields->count < COLUMNS) {
        fields->kind[fields->count] = kind;
        fields->value[fields->count] = value;
    }
    ++fields->count;
}

static void split(const text_line *line, field_list *fields)
{
    const char *comment = memchr(line->start, '#', line->length);
    const char *end = comment != NULL ? comment : line->start + line->length;
    const char *at = skip_blanks(line->start, end);
    bool has_more = at < end && *at != ';' && *at != '!';

    memset(fields, 0, sizeof *fields);
    while (has_more) {
        const char *start = at;

        while (at < end && *at != ' ' && *at != '\t' && *at != ',')
            ++at;
        add_field(start, (size_t)(at - start), fields);
        at = skip_blanks(at, end);
        has_more = at < end; /* a comma at the end has an empty field behind it */
        if (has_more && *at == ',')
            at = skip_blanks(at + 1, end);
    }
}

/* A line of words may stand before the numbers; a damaged line of numbers must not pass for one. */
static bool is_words(const text_line *line, const field_list *fields)
{
    size_t blanks = 0;

    while (line->start[blanks] == ' ' || line->start[blanks] == '\t')
        ++blanks;
    if (!fields->has_number)
        return true;
    return fields->kind[0] == WORD && strchr("+-.0123456789", line->start[blanks]) == NULL;
}

static tml_status take_pixel(reading *in, const text_line *line, const field_list *fields, tml_error *error)
{
    tml_observed_spectrum *pixels = in->pixels;
    size_t columns = fields->count < COLUMNS ? fields->count : COLUMNS;

    for (size_t i = 0; i < columns; ++i)
        if (fields->kind[i] == WORD)
            return bad_line(in, line, "this is neither numbers nor a comment (comments begin with '#')",
                            error);
    if (columns < 2)
        return bad_line(in, line, "one number alone; wavelength, flux and error are wanted", error);
    if (in->columns == 0) {
        in->columns = columns;
        in->first_number = line->number;
    }
    if (columns != in->columns)
        return bad_line(in, line,
                        columns < in->columns ? "a number is missing that the lines before it have"
                                              : "there are more numbers than on the lines before it",
                        error);
    if (fields->kind[0] == MISSING)
        return bad_line(in, line, "the wavelength is missing", error);
    if (fields->value[0] <= 0.0)
        return bad_line(in, line, "the wavelength is not above 0", error);
    pixels->wavelength_um[pixels->count] = fields->value[0];
    pixels->flux[pixels->count] = fields->value[1];
    if (columns == COLUMNS)
        pixels->error[pixels->count] = fields->value[2];
    ++pixels->count;
    return TML_OK;
}

static tml_status read_lines(const char *text, reading *in, tml_error *error)
{
    text_line line = {NULL, 0, 0};
    tml_status status = TML_OK;

    while (status == TML_OK && next_line(&text, &line)) {
        field_list fields;

        split(&line, &fields);
        if (fields.count == 0)
            continue;
        if (in->columns == 0 && is_words(&line, &fields)) {
            ++in->words;
            continue;
        }
        status = take_pixel(in, &line, &fields, error);
    }
    if (status == TML_OK && in->pixels->count == 0)
        status = TML_FAIL(
            error, TML_BAD_DATA,
            "%s: no line holds numbers; a spectrum has a line for each pixel with wavelength, flux "
            "and error, or is a FITS file",
            in->path);
    return status;
}

static size_t count_lines(const char *text)
{
    text_line line = {NULL, 0, 0};
    size_t count = 0;

    while (next_line(&text, &line))
        count += line.length > 0;
    return count;
}

tml_status tml_observation_ascii_read(const char *path, const char *text, tml_observation_raw *raw,
                                      tml_error *error)
{
    reading in = {path, &raw->pixels, 0, 0, 0};
    tml_status status;

    memset(raw, 0, sizeof *raw);
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;
    status = tml_observed_spectrum_create(count_lines(text) + 1, &raw->pixels, error);
    if (status != TML_OK)
        return status;
    raw->pixels.count = 0;
    status = read_lines(text, &in, error);
    if (status != TML_OK) {
        tml_observed_spectrum_free(&raw->pixels);
        return status;
    }
    if (in.words > 0)
        tml_log(TML_LOG_DETAIL, "%s: passed over %zu line%s of words before the numbers", path, in.words,
                in.words == 1 ? "" : "s");
    raw->pixels.has_errors = in.columns == COLUMNS;
    raw->pixels.density = TML_FLUX_PER_WAVELENGTH;
    (void)tml_text_copy(raw->unit_flux, sizeof raw->unit_flux, "erg/s/cm2/A");
    return TML_OK;
}
