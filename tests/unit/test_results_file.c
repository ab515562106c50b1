/** @file test_results_file.c
 * results.h5: what is written comes back to the bit, whatever the names of the objects are; what is cut or
 * damaged is refused; a write that fails leaves the older file and nothing else. */
#include "io/results_file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/log.h"
#include "damaged_file.h"
#include "io/hdf5_private.h"
#include "io/model_file.h"
#include "results_example.h"

static const char PATH[] = "results-test.h5";
static const char COPY[] = "results-damaged.h5";

static void write_results(const tml_results *results)
{
    tml_error error = {0, ""};

    if (tml_results_write(PATH, results, &error) != TML_OK)
        fail_msg("%s", error.message);
    assert_int_equal(access("results-test.h5.partial", F_OK), -1);
}

static void read_results(tml_results *results)
{
    tml_error error = {0, ""};

    if (tml_results_read(PATH, results, &error) != TML_OK)
        fail_msg("%s", error.message);
}

static void expect_array(const void *got, const void *want, size_t bytes)
{
    if (bytes > 0)
        assert_memory_equal(got, want, bytes);
}

/* Bit for bit, so that NaN is the same as itself. */
static void expect_same_object(const tml_object_result *got, const tml_object_result *want)
{
    tml_object_result plain[2] = {*got, *want};

    assert_int_equal(got->pixels, want->pixels);
    assert_int_equal(got->bins, want->bins);
    assert_int_equal(got->parameters, want->parameters);
    assert_int_equal(got->draws, want->draws);
    expect_array(got->pixel_um, want->pixel_um, want->pixels * sizeof(double));
    expect_array(got->pixel_flux, want->pixel_flux, want->pixels * sizeof(double));
    expect_array(got->pixel_error, want->pixel_error, want->pixels * sizeof(double));
    expect_array(got->pixel_state, want->pixel_state, want->pixels);
    expect_array(got->bin_um, want->bin_um, want->bins * sizeof(double));
    expect_array(got->bin_flux, want->bin_flux, want->bins * sizeof(double));
    expect_array(got->bin_error, want->bin_error, want->bins * sizeof(double));
    expect_array(got->bin_state, want->bin_state, want->bins);
    expect_array(got->bin_filled, want->bin_filled, want->bins * sizeof(double));
    expect_array(got->bin_model, want->bin_model, want->bins * sizeof(double));
    expect_array(got->draw, want->draw, want->draws * want->parameters * sizeof(double));
    for (int q = 0; q < TML_RESULT_BANDS; ++q)
        expect_array(got->bin_band[q], want->bin_band[q], want->bins * sizeof(double));
    assert_int_equal(got->grid_rows, want->grid_rows);
    expect_array(got->grid_row, want->grid_row, want->grid_rows * sizeof(int64_t));
    expect_array(got->grid_chi2, want->grid_chi2, want->grid_rows * sizeof(double));
    expect_array(got->grid_scale, want->grid_scale, want->grid_rows * sizeof(double));
    expect_array(got->grid_parameter, want->grid_parameter,
                 want->grid_rows * want->parameters * sizeof(double));
    for (int i = 0; i < 2; ++i) { /* what is left are numbers and texts in zeroed memory */
        plain[i].pixel_um = plain[i].pixel_flux = plain[i].pixel_error = NULL;
        plain[i].bin_um = plain[i].bin_flux = plain[i].bin_error = plain[i].bin_filled = NULL;
        plain[i].bin_model = plain[i].draw = NULL;
        plain[i].pixel_state = plain[i].bin_state = NULL;
    }
    assert_memory_equal(&plain[0].facts.literature, &plain[1].facts.literature,
                        sizeof plain[0].facts.literature);
    assert_memory_equal(&plain[0].parameter, &plain[1].parameter, sizeof plain[0].parameter);
    assert_string_equal(plain[0].facts.name, plain[1].facts.name);
    assert_string_equal(plain[0].file, plain[1].file);
    assert_string_equal(plain[0].model_digest, plain[1].model_digest);
    assert_string_equal(plain[0].model_file, plain[1].model_file);
    assert_int_equal(plain[0].density, plain[1].density);
    assert_int_equal(plain[0].is_relative, plain[1].is_relative);
    assert_int_equal(plain[0].is_at_surface, plain[1].is_at_surface);
    assert_int_equal(plain[0].flags, plain[1].flags);
    assert_memory_equal(&plain[0].facts.distance_pc, &plain[1].facts.distance_pc, sizeof(tml_measure));
    assert_memory_equal(&plain[0].facts.radius_rjup, &plain[1].facts.radius_rjup, sizeof(tml_measure));
    assert_memory_equal(&plain[0].scale, &plain[1].scale, sizeof(tml_measure));
    assert_memory_equal(&plain[0].radius_rjup, &plain[1].radius_rjup, sizeof(tml_measure));
    assert_memory_equal(&plain[0].chi2, &plain[1].chi2, sizeof(double));
    assert_memory_equal(&plain[0].dof, &plain[1].dof, sizeof(double));
    assert_memory_equal(&plain[0].p, &plain[1].p, sizeof(double));
    assert_memory_equal(&plain[0].inflation, &plain[1].inflation, sizeof(double));
    assert_int_equal(plain[0].grid_point.row, plain[1].grid_point.row);
    assert_memory_equal(&plain[0].grid_point.chi2, &plain[1].grid_point.chi2, sizeof(double));
    expect_array(plain[0].grid_point.parameter, plain[1].grid_point.parameter,
                 want->parameters * sizeof(double));
}

static void expect_round_trip(const tml_results *want)
{
    tml_results got;

    write_results(want);
    read_results(&got);
    assert_int_equal(got.count, want->count);
    for (size_t i = 0; i < want->count; ++i)
        expect_same_object(&got.object[i], &want->object[i]);
    assert_string_equal(got.provenance, want->provenance);
    if (want->warnings == NULL)
        assert_null(got.warnings);
    else
        assert_string_equal(got.warnings, want->warnings);
    tml_results_free(&got);
    assert_null(got.object);
    tml_results_free(&got);
}

static void test_results_come_back_to_the_bit(void **state)
{
    tml_results results = results_example();

    (void)state;
    expect_round_trip(&results);
    tml_results_free(&results);
}

static void test_names_of_any_kind_come_back_in_order(void **state)
{
    static const char *const names[] = {"z/a/b", "HD 3651B", "HD 3651B", "\xce\xb2 Pictoris", "",
                                        ".",     "..",       "z_a_b",    "HD 3651B_2"};
    tml_results results = results_example_named(names, sizeof names / sizeof names[0]);

    (void)state;
    expect_round_trip(&results);
    tml_results_free(&results);
}

static void test_no_objects(void **state)
{
    tml_results results = results_example_named(NULL, 0);

    (void)state;
    expect_round_trip(&results);
    tml_results_free(&results);
}

static void test_an_object_without_spectrum_and_draws(void **state)
{
    static const char *const name[] = {"bare"};
    tml_results results = results_example_named(name, 1);
    tml_object_result *object = &results.object[0];
    tml_error error = {0, ""};

    (void)state;
    tml_object_result_free(object);
    object->parameters = 1;
    strcpy(object->parameter[0].name, "teff");
    assert_int_equal(tml_object_result_allocate(object, &error), TML_OK);
    expect_round_trip(&results);
    tml_results_free(&results);
}

static void expect_refused(const char *path, size_t place)
{
    tml_results got;
    tml_error error = {0, ""};
    tml_status status = tml_results_read(path, &got, &error);

    /* A bit of the zeros behind the digest may be turned unnoticed. */
    if (status == TML_OK && place < 512) {
        tml_results_free(&got);
        return;
    }
    if (status != TML_BAD_DATA || strstr(error.message, path) == NULL)
        fail_msg("place %zu: status %d: %s", place, (int)status, error.message);
    assert_null(got.object);
    assert_int_equal(got.count, 0);
}

static void test_a_cut_or_changed_file_is_refused(void **state)
{
    tml_results results = results_example();

    (void)state;
    write_results(&results);
    damaged_by_cutting(PATH, COPY, 40, expect_refused);
    damaged_by_a_bit(PATH, COPY, 200, expect_refused);
    tml_results_free(&results);
}

static void test_a_missing_file_and_another_kind_are_told(void **state)
{
    double um[2] = {1.0, 2.0};
    float weight = 0.0F;
    char empty[] = "";
    tml_model_target target = {"teff", "K"};
    tml_model_tensor tensor = {"output", "bias", 1, {1, 0, 0}, 0};
    tml_model_contents model = {.configuration = empty,
                                .provenance = empty,
                                .wavelengths = 2,
                                .wavelength_um = um,
                                .target_count = 1,
                                .targets = &target,
                                .tensor_count = 1,
                                .tensors = &tensor,
                                .weight_count = 1,
                                .weights = &weight};
    tml_results got;
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_results_read("absent.h5", &got, &error), TML_NO_INPUT);
    assert_int_equal(tml_model_file_write(COPY, &model, &error), TML_OK);
    assert_int_equal(tml_results_read(COPY, &got, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "telescopeml-results"));
    remove(COPY);
}

static void test_wavelengths_out_of_order_are_refused(void **state)
{
    tml_results results = results_example();
    tml_results got;
    tml_error error = {0, ""};

    (void)state;
    results.object[0].bin_um[3] = results.object[0].bin_um[2];
    write_results(&results);
    assert_int_equal(tml_results_read(PATH, &got, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "wavelength 3"));
    assert_non_null(strstr(error.message, PATH));
    tml_results_free(&results);
}

static void test_a_state_that_is_none_is_refused(void **state)
{
    tml_results results = results_example();
    tml_results got;
    tml_error error = {0, ""};

    (void)state;
    results.object[0].pixel_state[1] = 77;
    write_results(&results);
    assert_int_equal(tml_results_read(PATH, &got, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "77"));
    tml_results_free(&results);
}

static void test_grid_points_out_of_order_are_refused(void **state)
{
    static const double wrong[] = {1.0, (double)NAN};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; ++i) {
        tml_results results = results_example();
        tml_results got;
        tml_error error = {0, ""};

        results.object[0].grid_chi2[5] = wrong[i];
        write_results(&results);
        assert_int_equal(tml_results_read(PATH, &got, &error), TML_BAD_DATA);
        assert_non_null(strstr(error.message, "/objects/HD 3651B/grid: chi2 number 5"));
        tml_results_free(&results);
    }
}

/* Take away what was not written from the beginning, and the digest, which knows it. */
static void make_old(const char *path)
{
    static const char *const later[] = {"bin/model_p2_5", "bin/model_p16",   "bin/model_p50",
                                        "bin/model_p84",  "bin/model_p97_5", "grid"};
    static const char nothing[512];
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    FILE *bytes;

    for (size_t i = 0; i < sizeof later / sizeof later[0]; ++i) {
        char name[128];

        snprintf(name, sizeof name, "objects/HD 3651B/%s", later[i]);
        assert_true(H5Ldelete(file, name, H5P_DEFAULT) >= 0);
    }
    assert_true(H5Fclose(file) >= 0);
    bytes = fopen(path, "r+b");
    assert_non_null(bytes);
    assert_int_equal(fwrite(nothing, 1, sizeof nothing, bytes), sizeof nothing);
    assert_int_equal(fclose(bytes), 0);
}

static void test_an_older_file_has_neither_bands_nor_grid_points(void **state)
{
    tml_results results = results_example();
    tml_results got;

    (void)state;
    write_results(&results);
    make_old(PATH);
    read_results(&got);
    assert_int_equal(got.object[0].grid_rows, 0);
    for (size_t i = 0; i < EXAMPLE_BINS; ++i) {
        for (int q = 0; q < TML_RESULT_BANDS; ++q)
            assert_true(isnan(got.object[0].bin_band[q][i]));
        assert_true(got.object[0].bin_model[i] == results.object[0].bin_model[i]);
    }
    tml_results_free(&got);
    tml_results_free(&results);
}

static void test_a_failed_write_leaves_the_older_file(void **state)
{
    tml_results results = results_example();
    tml_results other = results_example_named(NULL, 0);
    tml_results got;
    struct rlimit before;
    tml_error error = {0, ""};
    tml_status status;

    (void)state;
    write_results(&results);
    before = damaged_disk_full(600);
    status = tml_results_write(PATH, &other, &error);
    damaged_disk_back(before);
    assert_int_equal(status, TML_IO_ERROR);
    assert_int_equal(access("results-test.h5.partial", F_OK), -1);
    read_results(&got);
    assert_int_equal(got.count, results.count);
    tml_results_free(&got);
    assert_int_equal(tml_results_write("absent/results.h5", &other, &error), TML_CANNOT_CREATE);
    assert_non_null(strstr(error.message, "absent/results.h5"));
    tml_results_free(&results);
    tml_results_free(&other);
}

static void test_every_flag_has_a_word(void **state)
{
    (void)state;
    for (int i = 0; i < TML_FLAG_COUNT; ++i) {
        assert_string_not_equal(tml_result_flag_name(i), "unknown");
        for (int j = 0; j < i; ++j)
            assert_string_not_equal(tml_result_flag_name(i), tml_result_flag_name(j));
    }
    assert_string_equal(tml_result_flag_name(TML_FLAG_COUNT), "unknown");
    assert_string_equal(tml_result_flag_name(0), "outside_grid");
    assert_string_equal(tml_result_flag_name(6), "no_grid");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results_come_back_to_the_bit),
        cmocka_unit_test(test_names_of_any_kind_come_back_in_order),
        cmocka_unit_test(test_no_objects),
        cmocka_unit_test(test_an_object_without_spectrum_and_draws),
        cmocka_unit_test(test_a_cut_or_changed_file_is_refused),
        cmocka_unit_test(test_a_missing_file_and_another_kind_are_told),
        cmocka_unit_test(test_wavelengths_out_of_order_are_refused),
        cmocka_unit_test(test_a_state_that_is_none_is_refused),
        cmocka_unit_test(test_grid_points_out_of_order_are_refused),
        cmocka_unit_test(test_an_older_file_has_neither_bands_nor_grid_points),
        cmocka_unit_test(test_a_failed_write_leaves_the_older_file),
        cmocka_unit_test(test_every_flag_has_a_word),
    };
    int failures;

    tml_log_setup(0, TML_LOG_ERROR); /* a file without digest is warned about */
    failures = cmocka_run_group_tests(tests, NULL, NULL);
    remove(PATH);
    return failures;
}
