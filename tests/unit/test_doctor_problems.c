/** @file test_doctor_problems.c
 * Each fact that is wrong is found, alone, with a cure; a good machine has no problem; the worst comes first.
 */
#include "commands/doctor_facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static tml_doctor_facts good_facts(void)
{
    tml_doctor_facts facts = {
        .mpi = "Open MPI v4.1.4",
        .files = {.hdf5 = "1.10.8", .has_parallel_hdf5 = true},
        .plplot = "5.15.0",
        .drivers = "ps pdfcairo svgcairo pngcairo",
        .blis = "0.9.0, zen3",
        .has_same_blis = true,
        .is_optimised = true,
        .machine = {.numa_nodes = 2,
                    .memory_available = 8000000000U,
                    .huge_pages = "madvise",
                    .shared_memory_free = 4000000000U,
                    .file_system = "ext4",
                    .disk_free = 50000000000U,
                    .is_folder_writable = true},
        .placement = {.ranks = 4,
                      .nodes = 1,
                      .most_ranks = 4,
                      .threads = 2,
                      .least_cores = 2,
                      .is_bound = true,
                      .crowding = 1.0},
    };

    return facts;
}

/* The only problem is this one. */
static void expect_problem(const tml_doctor_facts *facts, tml_doctor_severity severity, const char *code)
{
    tml_doctor_problems problems;

    tml_doctor_examine(facts, &problems);
    assert_int_equal(problems.count, 1);
    assert_string_equal(problems.problem[0].code, code);
    assert_int_equal(problems.problem[0].severity, severity);
    assert_true(strlen(problems.problem[0].text) > 0 && strlen(problems.problem[0].cure) > 0);
}

static void test_a_good_machine_has_no_problem(void **state)
{
    tml_doctor_facts facts = good_facts();
    tml_doctor_problems problems;

    (void)state;
    tml_doctor_examine(&facts, &problems);
    assert_int_equal(problems.count, 0);
}

static void test_libraries(void **state)
{
    tml_doctor_facts facts = good_facts();

    (void)state;
    facts.files.has_parallel_hdf5 = false;
    expect_problem(&facts, TML_DOCTOR_ERROR, "serial_hdf5");
    facts = good_facts();
    facts.is_optimised = false;
    expect_problem(&facts, TML_DOCTOR_WARNING, "debug_build");
    facts = good_facts();
    snprintf(facts.blis, sizeof facts.blis, "0.9.0, generic");
    expect_problem(&facts, TML_DOCTOR_WARNING, "generic_blis");
    facts = good_facts();
    facts.has_same_blis = false;
    expect_problem(&facts, TML_DOCTOR_WARNING, "mixed_kernels");
    facts = good_facts();
    snprintf(facts.drivers, sizeof facts.drivers, "ps pdfcairo svgcairo2 pngcairo");
    expect_problem(&facts, TML_DOCTOR_WARNING, "no_cairo");
}

static void test_launch(void **state)
{
    tml_doctor_facts facts = good_facts();

    (void)state;
    facts.placement.ranks = facts.placement.most_ranks = 1;
    facts.placement.launcher_ranks = 4;
    expect_problem(&facts, TML_DOCTOR_ERROR, "singletons");
    facts = good_facts();
    facts.placement.launcher_ranks = 4;
    facts.placement.crowding = 2.0;
    expect_problem(&facts, TML_DOCTOR_WARNING, "oversubscribed");
    facts = good_facts();
    facts.placement.least_cores = 1;
    expect_problem(&facts, TML_DOCTOR_WARNING, "bound_too_tightly");
    facts = good_facts();
    facts.placement.is_bound = false;
    expect_problem(&facts, TML_DOCTOR_ADVICE, "not_bound");
    facts.machine.numa_nodes = 1;
    facts.machine.processor_quota = 7.5;
    expect_problem(&facts, TML_DOCTOR_WARNING, "quota");
}

static void test_room(void **state)
{
    tml_doctor_facts facts = good_facts();

    (void)state;
    facts.machine.memory_available = 1000000000U;
    expect_problem(&facts, TML_DOCTOR_WARNING, "little_memory");
    facts = good_facts();
    facts.machine.shared_memory_free = 64U << 20;
    expect_problem(&facts, TML_DOCTOR_WARNING, "little_shared_memory");
    facts = good_facts();
    snprintf(facts.machine.huge_pages, sizeof facts.machine.huge_pages, "never");
    expect_problem(&facts, TML_DOCTOR_ADVICE, "no_huge_pages");
    facts = good_facts();
    facts.machine.disk_free = 1000000U;
    expect_problem(&facts, TML_DOCTOR_WARNING, "little_disk");
    facts.machine.is_folder_writable = false;
    expect_problem(&facts, TML_DOCTOR_ADVICE, "read_only_folder");
    facts = good_facts();
    snprintf(facts.machine.file_system, sizeof facts.machine.file_system, "nfs");
    expect_problem(&facts, TML_DOCTOR_ADVICE, "nfs");
}

static void test_the_worst_comes_first(void **state)
{
    tml_doctor_facts facts = good_facts();
    tml_doctor_problems problems;

    (void)state;
    facts.is_optimised = false;
    snprintf(facts.machine.huge_pages, sizeof facts.machine.huge_pages, "never");
    facts.placement.ranks = 1;
    facts.placement.launcher_ranks = 2;
    tml_doctor_examine(&facts, &problems);
    assert_int_equal(problems.count, 3);
    assert_string_equal(problems.problem[0].code, "singletons");
    assert_string_equal(problems.problem[2].code, "no_huge_pages");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_good_machine_has_no_problem),
        cmocka_unit_test(test_libraries),
        cmocka_unit_test(test_launch),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_the_worst_comes_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
