/** @file test_chemistry_published.c
 * Abundances are those of the 54 tables of the Sonora chemistry: median and 95 % of the deviation in each
 * gas, and the temperatures at which clouds form. Skipped where the published data are absent. tml-test:
 * TIMEOUT 240 */
#include "atmosphere/chemistry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/byte_source.h"

enum { TEXT = 1 << 20, ROWS = 1060, COLUMNS = 36, TABLES = 54, PATH = 4096 };

/* Region that matters: 400 to 3000 K, 0.001 to 100 bar, gases above 1e-9. */
static const double trace = 1e-9;

/* Bounds of the deviations, dex: a third above what was measured when this was written, at least 0.002. */
static const struct {
    tml_species species;
    double median, most;
} bounds[] = {
    {TML_SPECIES_H2, 0.002, 0.003},  {TML_SPECIES_HE, 0.002, 0.003},  {TML_SPECIES_H, 0.002, 0.003},
    {TML_SPECIES_H2O, 0.002, 0.055}, {TML_SPECIES_CH4, 0.002, 0.055}, {TML_SPECIES_CO, 0.002, 0.008},
    {TML_SPECIES_CO2, 0.003, 0.075}, {TML_SPECIES_NH3, 0.003, 0.009}, {TML_SPECIES_N2, 0.002, 0.01},
    {TML_SPECIES_H2S, 0.002, 0.06},  {TML_SPECIES_PH3, 0.035, 0.23},  {TML_SPECIES_NA, 0.004, 0.022},
    {TML_SPECIES_K, 0.007, 0.085},   {TML_SPECIES_TIO, 0.012, 0.18},  {TML_SPECIES_VO, 0.01, 0.1},
    {TML_SPECIES_FEH, 0.005, 0.03},  {TML_SPECIES_CRH, 0.009, 0.04},
};
static const tml_species clouds[] = {TML_SPECIES_NA, TML_SPECIES_K,   TML_SPECIES_TIO,
                                     TML_SPECIES_VO, TML_SPECIES_FEH, TML_SPECIES_CRH};

enum { CLOUDS = sizeof clouds / sizeof clouds[0], CURVES = TABLES * 18 };

typedef struct table {
    double met, c_o;
    double temperature[ROWS], pressure[ROWS];
    double published[ROWS][TML_SPECIES_COUNT], ours[ROWS][TML_SPECIES_COUNT];
} table;

typedef struct fixture {
    char text[TEXT + 1];
    table table;
    size_t count[TML_SPECIES_COUNT];
    double deviation[TML_SPECIES_COUNT][TABLES * ROWS];
    size_t shifts[CLOUDS];
    double shift[CLOUDS][CURVES];
} fixture;

static const char *folder;

static void read_text(const char *path, char text[TEXT + 1])
{
    tml_error error = {0};
    tml_byte_source *source = NULL;
    size_t length = 0;
    size_t count = 1;

    assert_int_equal(tml_byte_source_open(path, &source, &error), TML_OK);
    while (count > 0) {
        assert_true(length < TEXT);
        assert_int_equal(tml_byte_source_read(source, text + length, TEXT - length, &count, &error), TML_OK);
        length += count;
    }
    text[length] = '\0';
    tml_byte_source_close(&source);
}

/* Which column holds which gas: the head line names them, after "T (K) P (bar)". */
static char *read_head(char *text, int species_of[COLUMNS])
{
    char *end = strchr(text, '\n');
    int column = 2;
    int known = 0;

    assert_non_null(end);
    *end = '\0';
    char *save = NULL;
    const char *name = strtok_r(text, " ", &save);

    for (int i = 0; i < 4; ++i)
        name = strtok_r(NULL, " ", &save);
    species_of[0] = species_of[1] = -1;
    for (; name != NULL && column < COLUMNS; name = strtok_r(NULL, " ", &save)) {
        tml_species species;
        const int found = tml_species_find(name, &species);

        species_of[column++] = found ? (int)species : -1;
        known += found;
    }
    assert_int_equal(known, TML_SPECIES_COUNT);
    return end + 1;
}

static void read_table(const char *path, char *text, table *t)
{
    int species_of[COLUMNS];

    read_text(path, text);
    char *at = read_head(text, species_of);

    for (int row = 0; row < ROWS; ++row)
        for (int column = 0; column < COLUMNS; ++column) {
            char *end;
            const double value = strtod(at, &end);

            assert_true(end > at);
            at = end;
            if (column == 0)
                t->temperature[row] = value;
            else if (column == 1)
                t->pressure[row] = pow(10.0, value);
            else if (species_of[column] >= 0)
                t->published[row][species_of[column]] = value;
        }
}

static void compute(table *t)
{
    const tml_elements elements = tml_elements_of(t->c_o, t->met);

    for (int row = 0; row < ROWS; ++row)
        tml_chemistry_at(&elements, t->temperature[row], t->pressure[row], t->ours[row]);
}

static void collect(fixture *f)
{
    const table *t = &f->table;

    for (int row = 0; row < ROWS; ++row) {
        if (t->temperature[row] < 400.0 || t->temperature[row] > 3000.0 || t->pressure[row] < 0.99e-3 ||
            t->pressure[row] > 101.0)
            continue;
        for (int i = 0; i < TML_SPECIES_COUNT; ++i)
            if (t->ours[row][i] > trace || t->published[row][i] > trace)
                f->deviation[i][f->count[i]++] = fabs(log10(t->ours[row][i] / t->published[row][i]));
    }
}

/* The highest temperature, up to 2600 K, below which a gas falls to a tenth of its largest abundance at this
 * pressure. */
static double front(const table *t, const double (*x)[TML_SPECIES_COUNT], double pressure,
                    tml_species species)
{
    double largest = 0.0;
    double found = 0.0;
    int before = -1;

    for (int row = 0; row < ROWS; ++row)
        if (t->pressure[row] == pressure && t->temperature[row] > 500.0 && t->temperature[row] < 2600.0)
            largest = fmax(largest, x[row][species]);
    for (int row = 0; row < ROWS; ++row) {
        if (t->pressure[row] != pressure || t->temperature[row] < 500.0 || t->temperature[row] > 2600.0)
            continue;
        if (before >= 0 && x[row][species] >= 0.1 * largest && x[before][species] < 0.1 * largest &&
            found == 0.0) {
            const double step = log(x[row][species] / x[before][species]);
            const double part = log(0.1 * largest / x[before][species]) / step;

            found = t->temperature[before] + part * (t->temperature[row] - t->temperature[before]);
        }
        before = row;
    }
    return found;
}

static void collect_fronts(fixture *f)
{
    const table *t = &f->table;
    double last = 0.0;

    for (int row = 0; row < ROWS; ++row) {
        const double pressure = t->pressure[row];

        /* The rows of one temperature after another; the first that reach so hot have all pressures. */
        if (t->temperature[row] != 1000.0 || pressure < 0.99e-3 || pressure > 101.0 || pressure == last)
            continue;
        last = pressure;
        for (int i = 0; i < CLOUDS; ++i) {
            const double theirs = front(t, t->published, pressure, clouds[i]);
            const double ours = front(t, t->ours, pressure, clouds[i]);

            assert_true(f->shifts[i] < CURVES);
            if (theirs > 0.0 && ours > 0.0)
                f->shift[i][f->shifts[i]++] = fabs(ours - theirs);
        }
    }
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;

    return (x > y) - (x < y);
}

static int read_all(void **state)
{
    static const char *const metals[] = {"m03", "_00", "_03", "_05", "_07", "_10", "_15", "_17", "_20"};
    /* The tables called m03 hold the elements of -0.5: C, N, O are 0.316 of the Sun's. */
    static const double met[] = {-0.5, 0.0, 0.3, 0.5, 0.7, 1.0, 1.5, 1.7, 2.0};
    static const char *const ratios[] = {"025", "05", "10", "15", "20", "25"};
    static const double c_o[] = {0.25, 0.5, 1.0, 1.5, 2.0, 2.5};
    fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    for (int m = 0; m < 9; ++m)
        for (int r = 0; r < 6; ++r) {
            char path[PATH];

            snprintf(path, sizeof path, "%s/atmosphere/chemistry/2015_06_1060grid_feh%s_co_%s.txt.bz2",
                     folder, metals[m], ratios[r]);
            f->table.met = met[m];
            f->table.c_o = c_o[r];
            read_table(path, f->text, &f->table);
            compute(&f->table);
            collect(f);
            collect_fronts(f);
        }
    *state = f;
    return 0;
}

static int forget(void **state)
{
    free(*state);
    return 0;
}

static void test_gases_are_those_of_the_tables(void **state)
{
    fixture *f = *state;

    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; ++i) {
        const tml_species species = bounds[i].species;
        const size_t count = f->count[species];

        assert_true(count > 1000);
        qsort(f->deviation[species], count, sizeof(double), compare);
        const double median = f->deviation[species][count / 2];
        const double most = f->deviation[species][count * 95 / 100];

        if (!(median <= bounds[i].median && most <= bounds[i].most))
            fail_msg("%s is off by %.4f dex in the median, %.4f dex at 95 %%", tml_species_name(species),
                     median, most);
    }
}

static void test_clouds_form_where_those_of_the_tables_do(void **state)
{
    fixture *f = *state;

    for (int i = 0; i < CLOUDS; ++i) {
        const size_t count = f->shifts[i];

        assert_true(count > 200);
        qsort(f->shift[i], count, sizeof(double), compare);
        if (!(f->shift[i][count / 2] < 5.0 && f->shift[i][count * 95 / 100] < 30.0))
            fail_msg("the front of %s is off by %.1f K in the median, %.1f K at 95 %%",
                     tml_species_name(clouds[i]), f->shift[i][count / 2], f->shift[i][count * 95 / 100]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gases_are_those_of_the_tables),
        cmocka_unit_test(test_clouds_form_where_those_of_the_tables_do),
    };
    char path[PATH];

    folder = getenv("TML_TEST_DATA");
    if (folder == NULL)
        folder = ".";
    snprintf(path, sizeof path, "%s/atmosphere/chemistry/2015_06_1060grid_feh_00_co_10.txt.bz2", folder);
    FILE *file = fopen(path, "r");

    if (file == NULL) {
        printf("skipped: %s is not there (set TML_TEST_DATA)\n", path);
        return 77;
    }
    fclose(file);
    return cmocka_run_group_tests(tests, read_all, forget);
}
