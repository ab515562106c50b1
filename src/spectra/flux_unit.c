#include "spectra/flux_unit.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"

enum { MOST_FACTORS = 12, MOST_DEPTH = 4, TEXT_BYTES = 128, EXPONENT_DIGITS = 3 };

/* By convention wavelengths below are those in vacuum; the formula would end at a pole. */
static const double SHORTEST_AIR_UM = 0.2;

/* Powers of erg, cm, s and Hz. Hertz is kept apart from 1/s, so that erg cm-2 is not taken for
 * erg s-1 cm-2 Hz-1. */
typedef struct dimension {
    int energy, length, time, frequency;
} dimension;

/* A dimension that is asked for; ten: cgs units in powers of ten of the unit that the answer is in. */
typedef struct goal {
    dimension dimension;
    int ten;
} goal;

static const goal flux_goals[] = {{{1, -3, -1, 0}, -8 /* cm-1 in A-1 */}, {{1, -2, -1, -1}, 0}};
static const goal wavelength_goal = {{0, 1, 0, 0}, 4 /* cm in micron */};

typedef enum unit_kind { LENGTH, ENERGY, POWER, TIME, FREQUENCY, FLUX } unit_kind;

static const dimension kinds[] = {
    [LENGTH] = {0, 1, 0, 0}, [ENERGY] = {1, 0, 0, 0},    [POWER] = {1, 0, -1, 0},
    [TIME] = {0, 0, 1, 0},   [FREQUENCY] = {0, 0, 0, 1}, [FLUX] = {1, -2, -1, -1},
};

/* Units as people write them, as powers of ten of the cgs unit. Where the other case means something else
 * (mm and Mm, mJy and MJy, A and the year), only the exact spelling is taken. */
static const struct {
    const char *name;
    bool is_exact;
    unit_kind kind;
    int ten;
} spellings[] = {
    {"micrometers", false, LENGTH, -4},
    {"micrometres", false, LENGTH, -4},
    {"micrometer", false, LENGTH, -4},
    {"micrometre", false, LENGTH, -4},
    {"microns", false, LENGTH, -4},
    {"micron", false, LENGTH, -4},
    {"um", false, LENGTH, -4},
    {"mu", true, LENGTH, -4},
    {"nanometers", false, LENGTH, -7},
    {"nanometres", false, LENGTH, -7},
    {"nanometer", false, LENGTH, -7},
    {"nanometre", false, LENGTH, -7},
    {"nm", false, LENGTH, -7},
    {"angstroms", false, LENGTH, -8},
    {"angstrom", false, LENGTH, -8},
    {"ang", false, LENGTH, -8},
    {"AA", true, LENGTH, -8},
    {"A", true, LENGTH, -8},
    {"centimeters", false, LENGTH, 0},
    {"centimetres", false, LENGTH, 0},
    {"centimeter", false, LENGTH, 0},
    {"centimetre", false, LENGTH, 0},
    {"cm", false, LENGTH, 0},
    {"mm", true, LENGTH, -1},
    {"meters", false, LENGTH, 2},
    {"metres", false, LENGTH, 2},
    {"meter", false, LENGTH, 2},
    {"metre", false, LENGTH, 2},
    {"m", true, LENGTH, 2},
    {"ergs", false, ENERGY, 0},
    {"erg", false, ENERGY, 0},
    {"joules", false, ENERGY, 7},
    {"joule", false, ENERGY, 7},
    {"J", true, ENERGY, 7},
    {"watts", false, POWER, 7},
    {"watt", false, POWER, 7},
    {"mW", true, POWER, 4},
    {"W", false, POWER, 7},
    {"seconds", false, TIME, 0},
    {"second", false, TIME, 0},
    {"sec", false, TIME, 0},
    {"s", false, TIME, 0},
    {"hertz", false, FREQUENCY, 0},
    {"Hz", false, FREQUENCY, 0},
    {"jansky", false, FLUX, -23},
    {"mJy", true, FLUX, -26},
    {"uJy", true, FLUX, -29},
    {"Jy", false, FLUX, -23},
};

/* Place in a text and what was read up to there; copied wherever there are several ways to go on. */
typedef struct reading {
    const char *at;
    int factors;
    bool divides; /* a '/' stands before the next factor */
    int depth;
    int sign[MOST_DEPTH + 1]; /* -1 within brackets that are divided by */
    dimension sum;
    int ten;
} reading;

/* What is looked for, and what the ways through the text have come to. */
typedef struct unit_search {
    char text[TEXT_BYTES]; /* in ASCII */
    const goal *wanted;
    size_t wanted_count;
    reading found;
    size_t found_as;
    const char *furthest;
    bool is_complete; /* some way reached the end, with another dimension: */
    dimension complete;
} unit_search;

static bool is_same(const dimension *a, const dimension *b)
{
    return a->energy == b->energy && a->length == b->length && a->time == b->time &&
           a->frequency == b->frequency;
}

static bool starts_with(const char *text, const char *name, bool is_exact)
{
    for (; *name != '\0'; ++name, ++text)
        if (is_exact ? *text != *name : tolower((unsigned char)*text) != tolower((unsigned char)*name))
            return false;
    return true;
}

static bool read_integer(const char **at, int *value)
{
    const char *digit = *at;
    int sign = *digit == '-' ? -1 : 1;
    size_t digits;
    int sum = 0;

    if (*digit == '-' || *digit == '+')
        ++digit;
    digits = strspn(digit, "0123456789");
    if (digits == 0 || digits > EXPONENT_DIGITS)
        return false;
    for (size_t i = 0; i < digits; ++i)
        sum = 10 * sum + (digit[i] - '0');
    *at = digit + digits;
    *value = sign * sum;
    return true;
}

/* The exponent behind a unit or a ten: "2", "-1", "^-1", "**2", "^(-1)", "^{-1}"; 1 when there is none. */
static bool read_exponent(const char **at, int *exponent)
{
    const char *next = *at;
    char closing = '\0';

    *exponent = 1;
    if (next[0] != '^' && strncmp(next, "**", 2) != 0)
        return (!isdigit((unsigned char)*next) && *next != '-' && *next != '+') || read_integer(at, exponent);
    next += next[0] == '^' ? 1 : 2;
    if (*next == '(' || *next == '{')
        closing = *next++ == '(' ? ')' : '}';
    if (!read_integer(&next, exponent) || (closing != '\0' && *next++ != closing))
        return false;
    *at = next;
    return true;
}

/* A number before the units: "1e-17", "0.1", "10^-17", "10-17" (the FITS standard allows it). */
static bool read_prefix(const char **at, double *number, int *ten)
{
    char digits[TEXT_BYTES];
    size_t count = strspn(*at, "0123456789.");
    const char *next = *at + count;

    *number = 1.0;
    *ten = 0;
    if (count == 0)
        return true;
    if (count == 2 && strncmp(*at, "10", 2) == 0 && *next != '\0' && strchr("^*+-", *next) != NULL) {
        *at = next;
        return read_exponent(at, ten);
    }
    memcpy(digits, *at, count);
    digits[count] = '\0';
    *at = next;
    if (*next == 'e' || *next == 'E') {
        ++next;
        if (read_integer(&next, ten))
            *at = next;
    }
    return tml_text_to_double(digits, number) && *number > 0.0;
}

static bool read_on(unit_search *search, reading now);

static bool finish(unit_search *search, const reading *now)
{
    if (now->depth > 0 || now->divides || now->factors == 0)
        return false;
    for (size_t i = 0; i < search->wanted_count; ++i)
        if (is_same(&now->sum, &search->wanted[i].dimension)) {
            search->found = *now;
            search->found_as = i;
            return true;
        }
    if (!search->is_complete)
        search->complete = now->sum;
    search->is_complete = true;
    return false;
}

static bool read_bracket(unit_search *search, reading now)
{
    const int sign = now.sign[now.depth] * (now.divides ? -1 : 1);
    const bool opens = *now.at == '(' || *now.at == '[';

    if (opens ? now.depth == MOST_DEPTH : now.depth == 0 || now.divides)
        return false;
    ++now.at;
    now.divides = false;
    now.depth += opens ? 1 : -1;
    if (opens)
        now.sign[now.depth] = sign;
    return read_on(search, now);
}

/* Longest names stand first, and a shorter one is tried when the rest then makes no sense: "ergss-1" is ergs
 * and s-1, "ergs-1" is erg and s-1. */
static bool read_unit(unit_search *search, const reading *now)
{
    if (now->factors == MOST_FACTORS)
        return false;
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; ++i) {
        const dimension *unit = &kinds[spellings[i].kind];
        reading next = *now;
        int power;

        if (!starts_with(now->at, spellings[i].name, spellings[i].is_exact))
            continue;
        next.at += strlen(spellings[i].name);
        if (!read_exponent(&next.at, &power))
            continue;
        power *= now->sign[now->depth] * (now->divides ? -1 : 1);
        next.sum.energy += power * unit->energy;
        next.sum.length += power * unit->length;
        next.sum.time += power * unit->time;
        next.sum.frequency += power * unit->frequency;
        next.ten += power * spellings[i].ten;
        next.divides = false;
        ++next.factors;
        if (read_on(search, next))
            return true;
    }
    return false;
}

static bool read_on(unit_search *search, reading now)
{
    now.at += strspn(now.at, " \t*.");
    if (now.at > search->furthest)
        search->furthest = now.at;
    if (*now.at == '\0')
        return finish(search, &now);
    if (*now.at == '/') {
        if (now.divides)
            return false;
        now.divides = true;
        ++now.at;
        return read_on(search, now);
    }
    if (strchr("([])", *now.at) != NULL)
        return read_bracket(search, now);
    return read_unit(search, &now);
}

/* The signs of UTF-8 that units are written with become ASCII. @return false when the text is too long */
static bool to_ascii(const char *text, char ascii[TEXT_BYTES])
{
    static const char *const signs[][2] = {
        {"\u00b5", "u"}, {"\u03bc", "u"}, {"\u00c5", "A"}, {"\u212b", "A"}, {"\u00b7", " "},
        {"\u22c5", " "}, {"\u00d7", " "}, {"\u00a0", " "}, {"\u2212", "-"}, {"\u207b", "-"},
        {"\u00b9", "1"}, {"\u00b2", "2"}, {"\u00b3", "3"}, {"\u2070", "0"}, {"\u2074", "4"},
        {"\u2075", "5"}, {"\u2076", "6"}, {"\u2077", "7"}, {"\u2078", "8"}, {"\u2079", "9"},
    };
    size_t used = 0;

    while (*text != '\0') {
        size_t bytes = 1;
        char sign = *text;

        for (size_t i = 0; i < sizeof signs / sizeof signs[0]; ++i)
            if (strncmp(text, signs[i][0], strlen(signs[i][0])) == 0) {
                bytes = strlen(signs[i][0]);
                sign = signs[i][1][0];
            }
        text += bytes;
        if (used + 3 > TEXT_BYTES)
            return false;
        /* The sign alone stands for micron, before a unit for a millionth. */
        if (bytes > 1 && sign == 'u' && !isalpha((unsigned char)*text))
            ascii[used++] = 'm';
        ascii[used++] = sign;
    }
    ascii[used] = '\0';
    return true;
}

/* A power of ten times a number; exact wherever a double is. */
static double scaled_ten(double number, int ten)
{
    char digits[16];
    double power = NAN;

    snprintf(digits, sizeof digits, "1e%d", ten);
    return tml_text_to_double(digits, &power) ? number * power : (double)NAN;
}

/* @param factor  out: value of the unit in that of the dimension which is found */
static bool read_text(const char *text, unit_search *search, double *factor)
{
    reading start = {.sign = {1}};
    double number = 1.0;

    search->furthest = search->text;
    if (!to_ascii(text, search->text))
        return false;
    start.at = search->text + strspn(search->text, " \t");
    if (!read_prefix(&start.at, &number, &start.ten) || !read_on(search, start))
        return false;
    *factor = scaled_ten(number, search->found.ten + search->wanted[search->found_as].ten);
    return isfinite(*factor) && *factor > 0.0;
}

static tml_status refuse(const char *what, const char *known, const char *text, const unit_search *search,
                         tml_error *error)
{
    const dimension *got = &search->complete;

    if (search->is_complete)
        return TML_FAIL(error, TML_BAD_DATA,
                        "'%s' is no unit of %s: it amounts to erg^%d cm^%d s^%d Hz^%d; known are %s", text,
                        what, got->energy, got->length, got->time, got->frequency, known);
    if (*search->furthest != '\0' && search->furthest != search->text)
        return TML_FAIL(error, TML_BAD_DATA,
                        "the unit of %s '%s' is not understood from '%s' on; known are %s", what, text,
                        search->furthest, known);
    return TML_FAIL(error, TML_BAD_DATA, "the unit of %s '%s' is not understood; known are %s", what, text,
                    known);
}

tml_status tml_wavelength_unit_parse(const char *text, double *micron, tml_error *error)
{
    unit_search search = {.wanted = &wavelength_goal, .wanted_count = 1};
    double factor;

    if (!read_text(text, &search, &factor))
        return refuse("wavelength", "micron, um, nm, Angstrom, A, mm, cm, m", text, &search, error);
    *micron = factor;
    return TML_OK;
}

tml_status tml_flux_unit_parse(const char *text, tml_flux_unit *unit, tml_error *error)
{
    unit_search search = {.wanted = flux_goals, .wanted_count = 2};
    double factor;

    if (!read_text(text, &search, &factor))
        return refuse(
            "flux density",
            "products of erg, J, W, s, cm, m, micron, nm, Angstrom, Hz and Jy, such as erg/s/cm2/A, "
            "W m-2 um-1, erg s-1 cm-2 Hz-1, mJy",
            text, &search, error);
    unit->density = search.found_as == 0 ? TML_FLUX_PER_WAVELENGTH : TML_FLUX_PER_FREQUENCY;
    unit->factor = factor;
    return TML_OK;
}

double tml_per_frequency(double wavelength_um, double per_wavelength)
{
    double wavelength_a = 1e4 * wavelength_um;

    return per_wavelength * wavelength_a * wavelength_a / TML_LIGHT_SPEED_A_S;
}

double tml_per_wavelength(double wavelength_um, double per_frequency)
{
    double wavelength_a = 1e4 * wavelength_um;

    return per_frequency * TML_LIGHT_SPEED_A_S / (wavelength_a * wavelength_a);
}

double tml_surface_factor(double distance_pc, double radius_rjup)
{
    double ratio = distance_pc / radius_rjup * (TML_PARSEC_CM / TML_JUPITER_RADIUS_CM);

    return ratio * ratio;
}

static double refractive_index(double vacuum_um)
{
    double s2 = 1.0 / (vacuum_um * vacuum_um);

    return 1.0 + 1e-8 * (5792105.0 / (238.0185 - s2) + 167917.0 / (57.362 - s2));
}

double tml_vacuum_wavelength_um(double air_um)
{
    double vacuum_um = air_um;

    if (!(air_um >= SHORTEST_AIR_UM))
        return air_um;
    /* The index depends on the wavelength in vacuum; each round gains five digits. */
    for (int round = 0; round < 4; ++round)
        vacuum_um = air_um * refractive_index(vacuum_um);
    return vacuum_um;
}
