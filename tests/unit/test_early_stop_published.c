/** @file test_early_stop_published.c
 * Replayed on the history of the published network, the rule stops where that training stopped: after epoch
 * 181, with the weights of epoch 131. Skipped where the published data are absent. */
#include "statistics/early_stop.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LINE = 512, EPOCHS = 182 };

static size_t read_losses(FILE *file, double losses[EPOCHS])
{
    char line[LINE];
    size_t count = 0;

    if (fgets(line, sizeof line, file) == NULL)
        return 0;
    assert_int_equal(strncmp(line, "epoch,loss,", 11), 0);
    while (count < EPOCHS && fgets(line, sizeof line, file) != NULL) {
        assert_int_equal(strtol(line, NULL, 10), count);
        losses[count++] = strtod(strchr(line, ',') + 1, NULL);
    }
    return count;
}

static void test_replay_stops_at_181_and_restores_131(void **state)
{
    double losses[EPOCHS];
    size_t count = read_losses(*state, losses);
    tml_early_stop stop;

    assert_int_equal(count, EPOCHS);
    tml_early_stop_begin(&stop, 4e-4, 50);
    for (size_t epoch = 0; epoch < EPOCHS - 1; ++epoch)
        assert_int_not_equal(tml_early_stop_update(&stop, (int64_t)epoch, losses[epoch]), TML_EARLY_STOP_NOW);
    assert_int_equal(tml_early_stop_update(&stop, EPOCHS - 1, losses[EPOCHS - 1]), TML_EARLY_STOP_NOW);
    assert_int_equal(stop.best_epoch, 131);
}

int main(void)
{
    const char *folder = getenv("TML_TEST_DATA");
    char path[4096];
    FILE *file;
    int failures;

    snprintf(path, sizeof path, "%s/published/training_history_published.csv", folder != NULL ? folder : ".");
    file = fopen(path, "r");
    if (file == NULL) {
        printf("skipped: %s is not there (set TML_TEST_DATA)\n", path);
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_replay_stops_at_181_and_restores_131, file),
    };
    failures = cmocka_run_group_tests(tests, NULL, NULL);
    fclose(file);
    return failures;
}
