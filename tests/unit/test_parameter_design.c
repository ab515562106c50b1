/** @file test_parameter_design.c
 * Node i of a design is the same for everybody: the presets, random nodes within their ranges, tables. */
#include "atmosphere/parameter_design.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/random.h"

static tml_parameter_design preset(const char *name)
{
    tml_parameter_design design;
    tml_error error;

    assert_int_equal(tml_design_preset(name, &design, &error), TML_OK);
    return design;
}

static void test_the_published_preset_has_the_published_axes(void **state)
{
    const tml_parameter_design design = preset("published");
    static const size_t counts[4] = {39, 11, 6, 12};
    static const double first[4] = {200.0, 3.0, 0.25, -1.0};
    static const double last[4] = {2400.0, 5.5, 2.5, 2.0};

    (void)state;
    assert_int_equal(design.nodes, 30888);
    for (size_t a = 0; a < 4; ++a) {
        assert_int_equal(design.axes[a].count, counts[a]);
        assert_true(design.axes[a].value[0] == first[a]);
        assert_true(design.axes[a].value[counts[a] - 1] == last[a]);
    }
    for (size_t i = 1; i < 39; ++i) { /* steps of 25, 50 and 100 K */
        const double from = design.axes[0].value[i - 1];
        const double step = from < 600.0 ? 25.0 : from < 1000.0 ? 50.0 : 100.0;

        assert_true(design.axes[0].value[i] - from == step);
    }
}

static void test_all_axes_ascend(void **state)
{
    static const char *const names[] = {"published", "quickstart"};

    (void)state;
    for (size_t n = 0; n < 2; ++n) {
        const tml_parameter_design design = preset(names[n]);

        for (size_t a = 0; a < design.axis_count; ++a)
            for (size_t i = 1; i < design.axes[a].count; ++i)
                assert_true(design.axes[a].value[i] > design.axes[a].value[i - 1]);
    }
}

static void test_the_last_axis_runs_fastest(void **state)
{
    const tml_parameter_design design = preset("published");
    double parameters[4];

    (void)state;
    tml_design_node(&design, 0, parameters);
    assert_true(parameters[0] == 200.0 && parameters[1] == 3.0 && parameters[2] == 0.25 &&
                parameters[3] == -1.0);
    tml_design_node(&design, 1, parameters);
    assert_true(parameters[0] == 200.0 && parameters[2] == 0.25 && parameters[3] == -0.7);
    tml_design_node(&design, 12, parameters);
    assert_true(parameters[1] == 3.0 && parameters[2] == 0.5 && parameters[3] == -1.0);
    tml_design_node(&design, 30887, parameters);
    assert_true(parameters[0] == 2400.0 && parameters[1] == 5.5 && parameters[2] == 2.5 &&
                parameters[3] == 2.0);
}

static void test_every_node_of_a_regular_design_is_another(void **state)
{
    const tml_parameter_design design = preset("quickstart");
    double before[4];

    (void)state;
    assert_in_range(design.nodes, 3000, 5000); /* small enough to train on within minutes */
    tml_design_node(&design, 0, before);
    for (uint64_t node = 1; node < design.nodes; ++node) {
        double now[4];
        size_t a = 0;

        /* Ascending in the order of the axes: all different. */
        tml_design_node(&design, node, now);
        while (a < 4 && now[a] == before[a])
            ++a;
        assert_true(a < 4 && now[a] > before[a]);
        memcpy(before, now, sizeof before);
    }
}

static void test_random_nodes_fill_the_ranges_evenly(void **state)
{
    enum { NODES = 20000 };
    tml_parameter_design design = preset("quickstart");
    double sum[4] = {0.0};

    (void)state;
    tml_design_randomise(&design, NODES, 7);
    assert_int_equal(design.nodes, NODES);
    for (uint64_t node = 0; node < NODES; ++node) {
        double parameters[4];

        tml_design_node(&design, node, parameters);
        for (size_t a = 0; a < 4; ++a) {
            const tml_design_axis *axis = &design.axes[a];
            const double first = axis->value[0];
            const double last = axis->value[axis->count - 1];

            assert_true(parameters[a] >= first && parameters[a] <= last);
            sum[a] += (parameters[a] - first) / (last - first);
        }
    }
    for (size_t a = 0; a < 4; ++a) /* mean of a uniform number: sd 1 / sqrt(12 n), five of them */
        assert_true(fabs(sum[a] / NODES - 0.5) < 5.0 / sqrt(12.0 * NODES));
}

static void test_a_random_node_depends_on_its_number_and_the_seed_alone(void **state)
{
    tml_parameter_design few = preset("published");
    tml_parameter_design many = few;
    tml_parameter_design other = few;
    double a[4], b[4], c[4];

    (void)state;
    tml_design_randomise(&few, 10, 1);
    tml_design_randomise(&many, (uint64_t)1 << 40, 1);
    tml_design_randomise(&other, 10, 2);
    tml_design_node(&few, 9, a);
    tml_design_node(&many, 9, b);
    tml_design_node(&other, 9, c);
    assert_memory_equal(a, b, sizeof a);
    assert_true(a[0] != c[0]);
    assert_true(fabs(a[1] - (3.0 + 2.5 * tml_random_uniform(1, TML_RANDOM_DESIGN, 9, 1, 0))) < 1e-12);
}

static void test_a_table_gives_its_rows(void **state)
{
    static const double table[2][3] = {{1.0, 2.0, 3.0}, {4.0, 5.0, 6.0}};
    const tml_parameter_design design = {
        .kind = TML_DESIGN_TABLE, .nodes = 2, .axis_count = 3, .table = &table[0][0]};
    double parameters[3];

    (void)state;
    tml_design_node(&design, 1, parameters);
    assert_memory_equal(parameters, table[1], sizeof parameters);
}

static void test_an_unknown_preset_names_the_nearest(void **state)
{
    tml_parameter_design design;
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_design_preset("publishd", &design, &error), TML_USAGE);
    assert_non_null(strstr(error.message, "did you mean 'published'"));
    assert_int_equal(tml_design_preset("zzzzzzzzzzzz", &design, &error), TML_USAGE);
    assert_non_null(strstr(error.message, "quickstart"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_published_preset_has_the_published_axes),
        cmocka_unit_test(test_all_axes_ascend),
        cmocka_unit_test(test_the_last_axis_runs_fastest),
        cmocka_unit_test(test_every_node_of_a_regular_design_is_another),
        cmocka_unit_test(test_random_nodes_fill_the_ranges_evenly),
        cmocka_unit_test(test_a_random_node_depends_on_its_number_and_the_seed_alone),
        cmocka_unit_test(test_a_table_gives_its_rows),
        cmocka_unit_test(test_an_unknown_preset_names_the_nearest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
