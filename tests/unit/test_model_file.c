/** @file test_model_file.c
 * Model files: what is written comes back to the bit; what is cut, damaged, of another shape or of another
 * kind is refused; a write that fails leaves the older file and nothing else. */
#include "io/model_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/log.h"
#include "damaged_file.h"
#include "io/checkpoint_file.h"

enum { WAVELENGTHS = 9, TARGETS = 2, WEIGHTS = 60 };

static const char PATH[] = "model.h5";
static const char PARTIAL[] = "model.h5.partial";
static const char COPY[] = "damaged.h5";

static tml_model_tensor tensors[] = {{"output", "kernel", 2, {5, 2, 0}, 0},
                                     {"output", "bias", 1, {2, 0, 0}, 10},
                                     {"Conv__B1_L1", "kernel", 3, {4, 2, 5}, 12},
                                     {"Conv__B1_L1", "bias", 1, {5, 0, 0}, 52}};
enum { TENSORS = sizeof tensors / sizeof tensors[0], USED = 57 };

/* Everything that a model holds, in static arrays. */
static tml_model_contents make_contents(void)
{
    static char configuration[] = "run: {seed: 7}\ngrid: {path: \"\xce\xbb.h5\"}\n";
    static char provenance[] = "program=telescopeml\ncommand=train a=b\n";
    static double wavelength_um[WAVELENGTHS];
    static tml_model_target targets[TARGETS] = {{"teff", "K"}, {"logg", "dex"}};
    static double offset[WAVELENGTHS], divisor[WAVELENGTHS];
    static float weights[WEIGHTS];
    tml_model_contents contents = {.configuration = configuration,
                                   .provenance = provenance,
                                   .wavelengths = WAVELENGTHS,
                                   .wavelength_um = wavelength_um,
                                   .target_count = TARGETS,
                                   .targets = targets,
                                   .spectrum = {WAVELENGTHS, offset, divisor},
                                   .features = {3, offset + 1, divisor + 1},
                                   .target_scaling = {TARGETS, offset + 2, divisor + 2},
                                   .tensor_count = TENSORS,
                                   .tensors = tensors,
                                   .weight_count = USED,
                                   .weights = weights,
                                   .solar_c_o = 0.458,
                                   .best_loss = 1.0 / 3.0,
                                   .best_epoch = 131,
                                   .epochs = 182,
                                   .grid_digest = "0123456789abcdef0123456789abcdef"};

    for (int i = 0; i < WAVELENGTHS; ++i) {
        wavelength_um[i] = 0.9 + 0.1 * i;
        offset[i] = -1.0 / (3.0 + i);
        divisor[i] = 1e-9 * (1.0 + i);
    }
    for (int i = 0; i < WEIGHTS; ++i)
        weights[i] = 0.1F * (float)(i - 17);
    return contents;
}

static void make_file(void)
{
    tml_model_contents contents = make_contents();
    tml_error error = {0, ""};

    if (tml_model_file_write(PATH, &contents, &error) != TML_OK)
        fail_msg("%s", error.message);
    assert_int_equal(access(PARTIAL, F_OK), -1);
}

static int equal_columns(const tml_model_columns *a, const tml_model_columns *b)
{
    return a->count == b->count &&
           (a->count == 0 || (memcmp(a->offset, b->offset, a->count * sizeof(double)) == 0 &&
                              memcmp(a->divisor, b->divisor, a->count * sizeof(double)) == 0));
}

static int equal_headers(const tml_model_contents *a, const tml_model_contents *b)
{
    return strcmp(a->configuration, b->configuration) == 0 && a->wavelengths == b->wavelengths &&
           memcmp(a->wavelength_um, b->wavelength_um, a->wavelengths * sizeof(double)) == 0 &&
           a->target_count == b->target_count &&
           memcmp(a->targets, b->targets, a->target_count * sizeof *a->targets) == 0 &&
           equal_columns(&a->spectrum, &b->spectrum) && equal_columns(&a->features, &b->features) &&
           equal_columns(&a->target_scaling, &b->target_scaling) && a->weight_count == b->weight_count &&
           memcmp(&a->solar_c_o, &b->solar_c_o, sizeof(double)) == 0 &&
           memcmp(&a->best_loss, &b->best_loss, sizeof(double)) == 0 && a->best_epoch == b->best_epoch &&
           a->epochs == b->epochs && strcmp(a->grid_digest, b->grid_digest) == 0;
}

static void test_a_model_comes_back_to_the_bit(void **state)
{
    tml_model_contents want = make_contents();
    tml_model_contents got;
    float weights[WEIGHTS] = {0};
    tml_error error = {0, ""};

    (void)state;
    make_file();
    assert_int_equal(tml_model_file_read_header(PATH, &got, &error), TML_OK);
    assert_true(equal_headers(&got, &want));
    assert_int_equal(tml_model_file_read_weights(PATH, tensors, TENSORS, weights, &error), TML_OK);
    assert_memory_equal(weights, want.weights, USED * sizeof(float));
    tml_model_contents_free(&got);
    assert_null(got.configuration);
    tml_model_contents_free(&got);
}

static void test_scalings_that_are_not_there_stay_absent(void **state)
{
    tml_model_contents want = make_contents();
    tml_model_contents got;
    tml_error error = {0, ""};

    (void)state;
    want.spectrum.count = 0;
    want.features.count = 0;
    want.grid_digest[0] = '\0';
    assert_int_equal(tml_model_file_write(PATH, &want, &error), TML_OK);
    assert_int_equal(tml_model_file_read_header(PATH, &got, &error), TML_OK);
    assert_true(equal_headers(&got, &want));
    tml_model_contents_free(&got);
}

static void test_a_missing_file_is_said_to_be_missing(void **state)
{
    tml_model_contents got;
    float weights[WEIGHTS];
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_model_file_read_header("absent.h5", &got, &error), TML_NO_INPUT);
    assert_non_null(strstr(error.message, "absent.h5"));
    assert_null(got.configuration);
    assert_int_equal(tml_model_file_read_weights("absent.h5", tensors, TENSORS, weights, &error),
                     TML_NO_INPUT);
}

/* Refused, or so little damaged that it says the same (a bit of the user block that nothing reads). */
static void check_refused_or_the_same(const char *path, size_t place)
{
    tml_model_contents want = make_contents();
    tml_model_contents got;
    float weights[WEIGHTS] = {0};
    tml_error error = {0, ""};
    tml_status status = tml_model_file_read_header(path, &got, &error);

    if (status == TML_OK && !equal_headers(&got, &want))
        fail_msg("damaged at byte %zu and taken for another model", place);
    if (status != TML_OK) {
        assert_true(status == TML_BAD_DATA || status == TML_IO_ERROR);
        assert_non_null(strstr(error.message, path));
        assert_null(got.configuration);
    }
    tml_model_contents_free(&got);
    status = tml_model_file_read_weights(path, tensors, TENSORS, weights, &error);
    if (status == TML_OK && memcmp(weights, want.weights, USED * sizeof(float)) != 0)
        fail_msg("damaged at byte %zu and read with other weights", place);
}

static void check_refused(const char *path, size_t place)
{
    tml_model_contents got;
    tml_error error = {0, ""};

    if (tml_model_file_read_header(path, &got, &error) == TML_OK)
        fail_msg("cut at byte %zu and read", place);
}

static void test_a_cut_file_is_refused(void **state)
{
    (void)state;
    make_file();
    damaged_by_cutting(PATH, COPY, 300, check_refused);
}

static void test_a_turned_bit_is_refused_or_changes_nothing(void **state)
{
    (void)state;
    make_file();
    damaged_by_a_bit(PATH, COPY, 2000, check_refused_or_the_same);
}

static void test_tensors_of_another_shape_are_refused(void **state)
{
    tml_model_tensor wrong[TENSORS];
    float weights[2 * WEIGHTS];
    tml_error error = {0, ""};

    (void)state;
    make_file();
    memcpy(wrong, tensors, sizeof tensors);
    wrong[0].size[0] = 2;
    wrong[0].size[1] = 5;
    assert_int_equal(tml_model_file_read_weights(PATH, wrong, TENSORS, weights, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "model.h5:/weights/output/kernel"));
    memcpy(wrong, tensors, sizeof tensors);
    wrong[1].rank = 2;
    wrong[1].size[1] = 1;
    assert_int_equal(tml_model_file_read_weights(PATH, wrong, TENSORS, weights, &error), TML_BAD_DATA);
    memcpy(wrong, tensors, sizeof tensors);
    snprintf(wrong[2].layer, TML_MODEL_NAME, "Conv__B9_L1");
    assert_int_equal(tml_model_file_read_weights(PATH, wrong, TENSORS, weights, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "Conv__B9_L1"));
}

static void test_a_checkpoint_is_no_model(void **state)
{
    float numbers[2] = {0};
    tml_checkpoint_arrays arrays = {numbers, numbers, numbers, numbers};
    tml_checkpoint_numbers checkpoint = {.parameter_count = 2, .target_count = 1};
    tml_model_contents got;
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_checkpoint_write(COPY, &checkpoint, &arrays, "run: {}\n", "a=b\n", &error), TML_OK);
    assert_int_equal(tml_model_file_read_header(COPY, &got, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, COPY));
    remove(COPY);
}

static void check_old_file_alone(void)
{
    tml_model_contents want = make_contents();
    tml_model_contents got;
    tml_error error = {0, ""};

    assert_int_equal(access(PARTIAL, F_OK), -1);
    assert_int_equal(tml_model_file_read_header(PATH, &got, &error), TML_OK);
    assert_true(equal_headers(&got, &want));
    tml_model_contents_free(&got);
}

static void test_a_failed_write_leaves_the_older_file_and_nothing_else(void **state)
{
    const rlim_t limits[] = {0, 600, 5000};
    tml_model_contents contents = make_contents();
    tml_model_tensor wrong[TENSORS];
    tml_error error = {0, ""};

    (void)state;
    make_file();
    contents.best_epoch = 7;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; ++i) {
        struct rlimit before = damaged_disk_full(limits[i]);
        tml_status status = tml_model_file_write(PATH, &contents, &error);

        damaged_disk_back(before);
        assert_int_equal(status, TML_IO_ERROR);
        check_old_file_alone();
    }
    memcpy(wrong, tensors, sizeof tensors);
    wrong[3].rank = 0; /* fails when most of the file is there */
    contents.tensors = wrong;
    assert_int_not_equal(tml_model_file_write(PATH, &contents, &error), TML_OK);
    check_old_file_alone();
}

static void test_places_that_cannot_be_written_are_named(void **state)
{
    tml_model_contents contents = make_contents();
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_model_file_write("absent/model.h5", &contents, &error), TML_CANNOT_CREATE);
    assert_non_null(strstr(error.message, "absent/model.h5"));
    assert_int_equal(mkdir("folder.h5", 0755), 0);
    assert_int_not_equal(tml_model_file_write("folder.h5", &contents, &error), TML_OK);
    assert_non_null(strstr(error.message, "folder.h5"));
    assert_int_equal(access("folder.h5.partial", F_OK), -1);
    assert_int_equal(rmdir("folder.h5"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_model_comes_back_to_the_bit),
        cmocka_unit_test(test_scalings_that_are_not_there_stay_absent),
        cmocka_unit_test(test_a_missing_file_is_said_to_be_missing),
        cmocka_unit_test(test_a_cut_file_is_refused),
        cmocka_unit_test(test_a_turned_bit_is_refused_or_changes_nothing),
        cmocka_unit_test(test_tensors_of_another_shape_are_refused),
        cmocka_unit_test(test_a_checkpoint_is_no_model),
        cmocka_unit_test(test_a_failed_write_leaves_the_older_file_and_nothing_else),
        cmocka_unit_test(test_places_that_cannot_be_written_are_named),
    };
    int failures;

    tml_log_setup(0, TML_LOG_ERROR); /* a file without digest is warned about */
    failures = cmocka_run_group_tests(tests, NULL, NULL);
    remove(PATH);
    return failures;
}
