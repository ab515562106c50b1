/** @file test_grid_audit.c
 * The audit of a grid: identical and near spectra, the classes of labels and the ceilings that follow, bad
 * rows, missing nodes, energy. */
#include "exploration/grid_audit.h"

#include "core/log.h"
#include "mpi_test.h"

#include "audit_grid.h"

enum { TEFF, LOGG, RATIO, MET };

static tml_grid_audit audit_of(MPI_Comm comm, const char *path, double tolerance)
{
    const tml_audit_request request = {path, tolerance};
    tml_grid_audit audit;
    tml_error error = {0, ""};
    tml_status status = tml_grid_audit_run(comm, &request, &audit, &error);

    TML_CHECK(status == TML_OK);
    if (status != TML_OK)
        fprintf(stderr, "%s\n", error.message);
    return audit;
}

static bool is_near(double a, double b, double tolerance)
{
    return fabs(a - b) <= tolerance;
}

/* ---- the published structure ---- */

/* What remains when a label is known up to its class, by the definition. */
static void known_ceiling(size_t count, const double *value, size_t classes, const size_t *members,
                          double *r2, double *huber)
{
    double mean = 0.0, total = 0.0, within = 0.0;
    size_t at = 0;

    for (size_t i = 0; i < count; ++i)
        mean += value[i] / (double)count;
    for (size_t i = 0; i < count; ++i)
        total += (value[i] - mean) * (value[i] - mean);
    for (size_t c = 0; c < classes; ++c) {
        double middle = 0.0;

        for (size_t i = at; i < at + members[c]; ++i)
            middle += value[i] / (double)members[c];
        for (size_t i = at; i < at + members[c]; ++i)
            within += (value[i] - middle) * (value[i] - middle);
        at += members[c];
    }
    *r2 = 1.0 - within / total;
    *huber = 0.5 * within / total; /* no label is farther than one standard deviation from its mean */
}

static void check_classes(const tml_grid_audit *audit)
{
    static const size_t mets[AUDIT_METS] = {0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 4, 5};
    static const size_t ratios[AUDIT_RATIOS] = {0, 0, 1, 2, 3, 4};

    TML_CHECK(audit->line[MET].identical.count == 6 && audit->line[MET].near.count == 6);
    TML_CHECK(memcmp(audit->line[MET].identical.class_of, mets, sizeof mets) == 0);
    TML_CHECK(audit->line[RATIO].identical.count == 5);
    TML_CHECK(memcmp(audit->line[RATIO].identical.class_of, ratios, sizeof ratios) == 0);
    TML_CHECK(audit->line[TEFF].identical.count == AUDIT_TEFFS);
    TML_CHECK(audit->line[LOGG].identical.count == AUDIT_LOGGS);
}

static void test_the_published_structure_is_found(void)
{
    static const size_t mets[6] = {5, 3, 1, 1, 1, 1};
    static const size_t ratios[5] = {2, 1, 1, 1, 1};
    tml_grid_audit a = audit_of(MPI_COMM_WORLD, "structure.h5", 1e-3);
    double r2, huber;

    check_classes(&a);
    TML_CHECK(a.identical.spectra == AUDIT_TEFFS * AUDIT_LOGGS * 30);
    TML_CHECK(a.identical.largest == 10 && a.identical.groups == AUDIT_TEFFS * AUDIT_LOGGS * 14);
    TML_CHECK(a.identical.rows == AUDIT_TEFFS * AUDIT_LOGGS * 56);
    known_ceiling(AUDIT_METS, audit_met, 6, mets, &r2, &huber);
    TML_CHECK(is_near(a.identical.ceiling[MET].r2, r2, 1e-12) && is_near(r2, 0.9350, 5e-5));
    TML_CHECK(is_near(a.identical.ceiling[MET].huber, huber, 1e-12) && is_near(huber, 0.03249, 5e-6));
    known_ceiling(AUDIT_RATIOS, audit_ratio, 5, ratios, &r2, &huber);
    TML_CHECK(is_near(a.identical.ceiling[RATIO].r2, r2, 1e-12) && is_near(r2, 0.9918, 5e-5));
    TML_CHECK(is_near(a.identical.ceiling[RATIO].huber, huber, 1e-12) && is_near(huber, 0.00411, 5e-6));
    TML_CHECK(a.identical.ceiling[TEFF].r2 == 1.0 && a.identical.ceiling[TEFF].huber == 0.0);
    for (int p = 0; p < 4; ++p) { /* nothing else is near */
        TML_CHECK(is_near(a.near.ceiling[p].r2, a.identical.ceiling[p].r2, 1e-12));
        TML_CHECK(is_near(a.near.ceiling[p].huber, a.identical.ceiling[p].huber, 1e-12));
    }
    TML_CHECK(a.near.rows == a.identical.rows);
    TML_CHECK(a.bad_rows == 0 && a.bad.count == 0);
    TML_CHECK(a.nodes.is_regular && a.nodes.filled == AUDIT_ROWS && a.nodes.nodes == AUDIT_ROWS);
    TML_CHECK(a.energy[0] > 0.0 && a.energy[2] < 1.0);
    tml_grid_audit_free(&a);
}

/* ---- any number of ranks ---- */

static char *json_of(const tml_grid_audit *audit)
{
    cJSON *json = tml_grid_audit_json(audit);
    char *text = cJSON_Print(json);

    cJSON_Delete(json);
    return text;
}

static void check_same_alone(const char *path, double tolerance)
{
    tml_grid_audit all = audit_of(MPI_COMM_WORLD, path, tolerance);
    tml_grid_audit alone = audit_of(MPI_COMM_SELF, path, tolerance);

    if (tml_test_rank == 0) {
        char *a = json_of(&all);
        char *b = json_of(&alone);

        TML_CHECK(a != NULL && b != NULL && strcmp(a, b) == 0);
        free(a);
        free(b);
    }
    tml_grid_audit_free(&all);
    tml_grid_audit_free(&alone);
}

/* ---- near spectra ---- */

/* log g changes nothing but this. */
static void nearly(int64_t node, float *flux, double *parameters)
{
    double middle[4];

    audit_row(node - node % (AUDIT_METS * AUDIT_RATIOS * AUDIT_LOGGS) + node % (AUDIT_METS * AUDIT_RATIOS),
              flux, middle);
    for (int w = 0; w < AUDIT_WAVELENGTHS; ++w)
        flux[w] *= (float)(1.0 + 4e-4 * (parameters[LOGG] - 4.0));
}

/* Steps of 2e-4 along log g: within 3e-4 each value is near the next, so that all are one class, and for the
 * ceiling the middle one is near both others and those near the middle one. */
static void test_near_spectra_merge_labels(void)
{
    tml_grid_audit a = audit_of(MPI_COMM_WORLD, "near.h5", 3e-4);
    /* Labels 4, 4.5, 5: sets {4, 4.5}, {4, 4.5, 5}, {4.5, 5}; variances 1/16, 1/6, 1/16; of all 1/6. */
    const double r2 = 1.0 - (1.0 / 16.0 + 1.0 / 6.0 + 1.0 / 16.0) / 3.0 * 6.0;

    TML_CHECK(a.line[LOGG].identical.count == 3 && a.line[LOGG].near.count == 1);
    TML_CHECK(a.identical.ceiling[LOGG].r2 == 1.0 && is_near(a.near.ceiling[LOGG].r2, r2, 1e-12));
    tml_grid_audit_free(&a);
    a = audit_of(MPI_COMM_WORLD, "near.h5", 1e-4);
    TML_CHECK(a.line[LOGG].near.count == 3 && a.near.ceiling[LOGG].r2 == 1.0);
    tml_grid_audit_free(&a);
    a = audit_of(MPI_COMM_WORLD, "near.h5", 1e-2); /* all three are one */
    TML_CHECK(is_near(a.near.ceiling[LOGG].r2, 0.0, 1e-12));
    tml_grid_audit_free(&a);
}

/* ---- bad rows ---- */

enum { NAN_NODE = 5, NEGATIVE_NODE = 100, ZERO_NODE = 200, HOT_NODE = 300, JUMP_NODE = 500 };

static void spoil(int64_t node, float *flux, double *parameters)
{
    if (node == NAN_NODE)
        flux[3] = (float)NAN;
    if (node == NEGATIVE_NODE)
        flux[0] = -1e-9F;
    if (node == ZERO_NODE)
        flux[8] = 0.0F;
    for (int w = 0; w < AUDIT_WAVELENGTHS; ++w) {
        if (node == HOT_NODE)
            flux[w] *= 1e7F;
        if (node == JUMP_NODE)
            flux[w] *= 2.0F;
    }
    if (node == AUDIT_ROWS - 1) /* the place of the first node, twice; its own is empty */
        audit_row(0, flux, parameters);
}

static void test_bad_rows_are_counted_and_named(void)
{
    tml_grid_audit a = audit_of(MPI_COMM_WORLD, "bad.h5", 1e-3);
    int jumps = 0;

    TML_CHECK(a.defects[0] == 1 && a.defects[1] == 1 && a.defects[2] == 1 && a.defects[3] == 1);
    TML_CHECK(a.near.skipped == 3 && a.energy[2] > 1.0);
    if (tml_test_rank == 0) {
        static const struct {
            int64_t row;
            unsigned defect;
        } wanted[] = {{NAN_NODE, TML_DEFECT_NOT_FINITE},
                      {NEGATIVE_NODE, TML_DEFECT_NEGATIVE},
                      {ZERO_NODE, TML_DEFECT_ZERO},
                      {HOT_NODE, TML_DEFECT_ENERGY}};
        size_t found = 0;

        TML_CHECK(a.bad.count == a.bad_rows);
        for (size_t i = 0; i < a.bad.count; ++i) {
            const tml_row_line line = tml_row_table_line(&a.bad, i);
            const unsigned defects = (unsigned)line.extra[TML_AUDIT_DEFECTS];

            for (size_t k = 0; k < 4; ++k)
                found += line.row == wanted[k].row && (defects & wanted[k].defect) != 0;
            if (line.row == JUMP_NODE) { /* a factor of 2 */
                jumps += (defects & TML_DEFECT_JUMP) != 0;
                TML_CHECK(is_near(line.extra[TML_AUDIT_JUMP], 0.301, 0.02));
            }
        }
        TML_CHECK(found == 4 && jumps == 1);
    }
    TML_CHECK(a.nodes.filled == AUDIT_ROWS - 1 && a.nodes.repeated == 1 && a.nodes.listed == 1);
    TML_CHECK(a.nodes.missing[0] == AUDIT_ROWS - 1);
    tml_grid_audit_free(&a);
}

/* ---- no axes ---- */

static void scatter(int64_t node, float *flux, double *parameters)
{
    (void)flux;
    parameters[TEFF] += 0.01 * (double)node;
}

static void test_a_grid_without_axes(void)
{
    tml_grid_audit a = audit_of(MPI_COMM_WORLD, "scattered.h5", 1e-3);

    TML_CHECK(!a.nodes.is_regular && a.nodes.filled == AUDIT_ROWS && !a.line[TEFF].is_axis);
    TML_CHECK(a.line[TEFF].pairs == NULL && a.line[MET].is_axis);
    /* No two rows differ in met alone; the ceiling knows all the same. */
    TML_CHECK(a.line[MET].identical.count == AUDIT_METS && is_near(a.identical.ceiling[MET].r2, 0.935, 1e-3));
    TML_CHECK(a.identical.ceiling[TEFF].r2 < 1.0 && a.identical.ceiling[TEFF].r2 > 0.99);
    tml_grid_audit_free(&a);
}

static void test_wrong_files(void)
{
    const tml_audit_request request = {"absent.h5", 1e-3};
    tml_grid_audit audit;
    tml_error error = {0, ""};

    TML_CHECK(tml_grid_audit_run(MPI_COMM_WORLD, &request, &audit, &error) == TML_NO_INPUT);
    tml_grid_audit_free(&audit);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    audit_make("structure.h5", AUDIT_ROWS, NULL);
    audit_make("near.h5", AUDIT_ROWS, nearly);
    audit_make("bad.h5", AUDIT_ROWS, spoil);
    audit_make("scattered.h5", AUDIT_ROWS, scatter);
    audit_make("few.h5", 7, NULL);
    test_the_published_structure_is_found();
    test_near_spectra_merge_labels();
    test_bad_rows_are_counted_and_named();
    test_a_grid_without_axes();
    test_wrong_files();
    check_same_alone("structure.h5", 1e-3);
    check_same_alone("near.h5", 3e-4);
    check_same_alone("bad.h5", 5e-2);
    check_same_alone("scattered.h5", 1e-3);
    check_same_alone("few.h5", 1e-3);
    return tml_test_finish();
}
