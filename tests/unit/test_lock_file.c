/** @file test_lock_file.c
 * A lock keeps another process out until its holder lets go or dies, even by a kill that cannot be caught. */
#include "io/lock_file.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char PATH[] = "test.lock";

/* A child that takes the lock, says so and sleeps until it is killed. */
static pid_t start_holder(void)
{
    int ready[2];
    char word = 0;
    pid_t child;

    assert_int_equal(pipe(ready), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int held;

        word = tml_lock_file_take(PATH, "the holder", &held, NULL) == TML_OK ? 'y' : 'n';
        if (write(ready[1], &word, 1) == 1)
            alarm(30);
        for (;;)
            pause();
    }
    assert_int_equal(read(ready[0], &word, 1), 1);
    assert_int_equal(word, 'y');
    close(ready[0]);
    close(ready[1]);
    return child;
}

static void kill_holder(pid_t child)
{
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void test_a_held_lock_is_refused_with_its_owner(void **state)
{
    pid_t child = start_holder();
    int descriptor = 7;
    tml_error error = {0};
    tml_status status = tml_lock_file_take(PATH, "me", &descriptor, &error);

    (void)state;
    kill_holder(child);
    assert_int_equal(status, TML_CANNOT_CREATE);
    assert_int_equal(descriptor, -1);
    assert_non_null(strstr(error.message, "test.lock is held by another job (the holder)"));
}

static void test_a_killed_holder_is_not_in_the_way(void **state)
{
    int descriptor;
    tml_error error = {0};

    (void)state;
    kill_holder(start_holder());
    assert_int_equal(tml_lock_file_take(PATH, "me", &descriptor, &error), TML_OK);
    tml_lock_file_release(&descriptor);
    assert_int_equal(descriptor, -1);
}

static void test_a_released_lock_can_be_taken(void **state)
{
    int descriptor;
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_lock_file_take(PATH, "me", &descriptor, &error), TML_OK);
    tml_lock_file_release(&descriptor);
    tml_lock_file_release(&descriptor);
    kill_holder(start_holder());
}

static void test_a_folder_that_is_not_there_is_an_error(void **state)
{
    int descriptor;
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_lock_file_take("nowhere/test.lock", "me", &descriptor, &error), TML_CANNOT_CREATE);
    assert_int_equal(descriptor, -1);
    assert_non_null(strstr(error.message, "nowhere/test.lock"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_held_lock_is_refused_with_its_owner),
        cmocka_unit_test(test_a_killed_holder_is_not_in_the_way),
        cmocka_unit_test(test_a_released_lock_can_be_taken),
        cmocka_unit_test(test_a_folder_that_is_not_there_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
