/** @file test_provenance.c
 * The facts about a run: each on a line of its own, in a fixed order, the same in JSON. */
#include "io/provenance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "core/build_info.h"
#include "io/atomic_file.h"

static const char PATH[] = "provenance.json";

static int forget_jobs(void **state)
{
    (void)state;
    unsetenv("SLURM_JOB_ID");
    unsetenv("PBS_JOBID");
    unsetenv("LSB_JOBID");
    return 0;
}

static char *make_lines(const char *extra)
{
    tml_provenance_job job = {3, 2, 1, "node\n7", "telescopeml grid\r\nimport --out a=b", extra};

    return tml_provenance_lines(&job);
}

/* The names in the order of the lines, separated by blanks. */
static void names_of(const char *lines, char *names, size_t room)
{
    size_t used = 0;

    for (const char *at = lines; *at != '\0'; at = strchr(at, '\n') + 1) {
        size_t length = strcspn(at, "=");

        assert_non_null(strchr(at, '\n'));
        assert_true(length > 0 && at[length] == '=' && used + length + 2 < room);
        memcpy(names + used, at, length);
        used += length;
        names[used++] = ' ';
    }
    names[used] = '\0';
}

static void test_the_lines_have_a_fixed_order(void **state)
{
    char names[500];
    char *lines = make_lines("seed=42\nsource=x.csv");

    (void)state;
    assert_non_null(lines);
    names_of(lines, names, sizeof names);
    assert_string_equal(
        names, "program version revision compiler flags build_type mpi hdf5 ranks threads nodes host "
               "started_utc command seed source ");
    free(lines);
}

static void test_values_stay_on_their_line(void **state)
{
    char *lines = make_lines(NULL);

    (void)state;
    assert_non_null(strstr(lines, "\nhost=node 7\n"));
    assert_non_null(strstr(lines, "\ncommand=telescopeml grid  import --out a=b\n"));
    assert_non_null(strstr(lines, "\nranks=3\nthreads=2\nnodes=1\n"));
    assert_non_null(strstr(lines, "\nhdf5=1."));
    free(lines);
}

static void test_the_job_is_that_of_the_batch_system(void **state)
{
    static const char *const NAMES[] = {"SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID"};

    (void)state;
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; ++i) {
        char *lines;

        setenv(NAMES[i], "4711", 1);
        lines = make_lines("");
        assert_non_null(strstr(lines, "\njob_id=4711\n"));
        free(lines);
        unsetenv(NAMES[i]);
    }
}

static void test_json_holds_the_same(void **state)
{
    char *lines = make_lines("seed=42\nseed=43\n");
    char *text = NULL;
    cJSON *object;
    tml_error error;

    (void)state;
    assert_int_equal(tml_provenance_write_json(PATH, lines, &error), TML_OK);
    assert_int_equal(tml_file_read_text(PATH, 100000, &text, NULL, &error), TML_OK);
    object = cJSON_Parse(text);
    assert_non_null(object);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "command")),
                        "telescopeml grid  import --out a=b");
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "version")),
                        tml_build_info_get()->version);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "seed")), "43");
    assert_int_equal(cJSON_GetArraySize(object), 15);
    cJSON_Delete(object);
    free(text);
    free(lines);
    unlink(PATH);
}

static void test_a_missing_folder_is_an_error(void **state)
{
    tml_error error;

    (void)state;
    assert_int_equal(tml_provenance_write_json("absent/p.json", "a=b\n", &error), TML_CANNOT_CREATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_the_lines_have_a_fixed_order, forget_jobs),
        cmocka_unit_test_setup(test_values_stay_on_their_line, forget_jobs),
        cmocka_unit_test_setup(test_the_job_is_that_of_the_batch_system, forget_jobs),
        cmocka_unit_test_setup(test_json_holds_the_same, forget_jobs),
        cmocka_unit_test(test_a_missing_folder_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
