/** @file test_fault.c
 * Failures on demand strike exactly the call that the environment names, on exactly that rank, and once. */
#include "core/fault.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/memory.h"

enum { CALLS = 10 };

static int first_that_fails(int *failures)
{
    int first = 0;

    *failures = 0;
    for (int call = 1; call <= CALLS; ++call)
        if (tml_fault("call")) {
            first = first == 0 ? call : first;
            *failures += 1;
        }
    return first;
}

static void test_the_named_call_of_the_named_rank_fails_once(void **state)
{
    int failures;

    (void)state;
    setenv("TML_FAULT_RANK", "2", 1);
    setenv("TML_FAULT_CALL", "7", 1);
    tml_fault_setup(2);
#ifdef TML_FAULTS
    assert_int_equal(first_that_fails(&failures), 7);
    assert_int_equal(failures, 1);
    assert_int_equal(errno, EIO);
#else
    assert_int_equal(first_that_fails(&failures), 0);
#endif
    tml_fault_setup(1);
    assert_int_equal(first_that_fails(&failures), 0);
    unsetenv("TML_FAULT_RANK");
    unsetenv("TML_FAULT_CALL");
    tml_fault_setup(0);
    assert_int_equal(first_that_fails(&failures), 0);
}

#ifdef TML_FAULTS

static void test_an_allocation_fails_with_its_message(void **state)
{
    int *array = NULL;
    tml_block *block = NULL;
    tml_error error = {0, ""};

    (void)state;
    setenv("TML_FAULT_RANK", "0", 1);
    setenv("TML_FAULT_CALL", "1", 1);
    tml_fault_setup(0);
    assert_int_equal(tml_array_create(3, sizeof *array, "three numbers", &array, &error), TML_INTERNAL);
    assert_null(array);
    assert_non_null(strstr(error.message, "three numbers"));
    setenv("TML_FAULT_CALL", "2", 1); /* the bytes of the block, not the block itself */
    tml_fault_setup(0);
    assert_int_equal(tml_block_create(100, "a block", &block, &error), TML_INTERNAL);
    assert_null(block);
    assert_non_null(strstr(error.message, "a block"));
    unsetenv("TML_FAULT_CALL");
    tml_fault_setup(0);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_named_call_of_the_named_rank_fails_once),
#ifdef TML_FAULTS
        cmocka_unit_test(test_an_allocation_fails_with_its_message),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
