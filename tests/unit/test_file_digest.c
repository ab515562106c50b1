/** @file test_file_digest.c
 * The digest in the user block: what it is taken of, what it looks like, and that every change is noticed. */
#include "io/file_digest.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char PATH[] = "digest.h5";

enum { BODY = 1000, WHOLE = TML_USER_BLOCK + BODY };

static const unsigned char SIGNATURE[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

/* An empty user block and a body that begins as HDF5 does. */
static void make_bytes(unsigned char bytes[WHOLE])
{
    memset(bytes, 0, TML_USER_BLOCK);
    for (size_t i = 0; i < BODY; ++i)
        bytes[TML_USER_BLOCK + i] = (unsigned char)(i * 37 + i / 256);
    memcpy(bytes + TML_USER_BLOCK, SIGNATURE, sizeof SIGNATURE);
}

static void store(const unsigned char *bytes, size_t count)
{
    FILE *file = fopen(PATH, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}

static void load(unsigned char bytes[WHOLE])
{
    FILE *file = fopen(PATH, "rb");

    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, WHOLE, file), WHOLE);
    assert_int_equal(fclose(file), 0);
}

static tml_file_digest_state verify(void)
{
    tml_file_digest_state state = TML_FILE_DIGEST_WRONG;
    tml_error error;

    assert_int_equal(tml_file_digest_verify(PATH, &state, &error), TML_OK);
    return state;
}

/* The file with its digest, on disk and in `bytes`. */
static void make_sealed(unsigned char bytes[WHOLE])
{
    tml_digest digest;
    tml_error error;

    make_bytes(bytes);
    store(bytes, WHOLE);
    assert_int_equal(tml_file_digest_compute(PATH, &digest, &error), TML_OK);
    assert_int_equal(tml_file_digest_seal(PATH, &digest, &error), TML_OK);
    load(bytes);
}

static void test_the_digest_is_that_of_the_digests_of_blocks(void **state)
{
    unsigned char bytes[WHOLE];
    tml_digest block;
    tml_digest want;
    tml_digest got;
    tml_error error;

    (void)state;
    make_bytes(bytes);
    store(bytes, WHOLE);
    block = tml_digest_of(bytes + TML_USER_BLOCK, BODY);
    want = tml_digest_of(&block, sizeof block);
    assert_int_equal(tml_file_digest_compute(PATH, &got, &error), TML_OK);
    assert_memory_equal(&got, &want, sizeof want);
}

/* A hole reads as zeros, so that two blocks cost no disk. */
static void test_a_second_block_begins_after_64_mib(void **state)
{
    unsigned char *zeros = calloc(TML_DIGEST_BLOCK, 1);
    tml_digest blocks[2];
    tml_digest want;
    tml_digest got;
    tml_error error;
    int descriptor = open(PATH, O_WRONLY | O_CREAT | O_TRUNC, 0666);

    (void)state;
    assert_non_null(zeros);
    assert_true(descriptor >= 0);
    assert_int_equal(ftruncate(descriptor, (off_t)TML_USER_BLOCK + TML_DIGEST_BLOCK + 5), 0);
    close(descriptor);
    blocks[0] = tml_digest_of(zeros, TML_DIGEST_BLOCK);
    blocks[1] = tml_digest_of(zeros, 5);
    want = tml_digest_of(blocks, sizeof blocks);
    assert_int_equal(tml_file_digest_compute(PATH, &got, &error), TML_OK);
    assert_memory_equal(&got, &want, sizeof want);
    free(zeros);
}

static void test_the_user_block_is_one_line_and_zeros(void **state)
{
    unsigned char bytes[WHOLE];
    char want[TML_USER_BLOCK] = {0};
    char text[TML_DIGEST_TEXT];
    tml_file_head head;
    tml_error error;

    (void)state;
    make_sealed(bytes);
    assert_int_equal(tml_file_head_read(PATH, &head, &error), TML_OK);
    assert_true(head.is_hdf5 && head.has_digest && !head.is_damaged);
    assert_int_equal(head.bytes, WHOLE);
    tml_digest_text(&head.digest, text);
    snprintf(want, sizeof want, "telescopeml-digest 1 xxh3-128 %s\n", text);
    assert_memory_equal(bytes, want, sizeof want);
    assert_int_equal(verify(), TML_FILE_DIGEST_OK);
}

static void test_memory_and_disk_give_the_same_file(void **state)
{
    unsigned char on_disk[WHOLE];
    unsigned char in_memory[WHOLE];
    tml_error error;

    (void)state;
    make_sealed(on_disk);
    make_bytes(in_memory);
    assert_int_equal(tml_file_digest_seal_memory(in_memory, WHOLE, &error), TML_OK);
    assert_memory_equal(on_disk, in_memory, WHOLE);
}

static void test_every_flipped_bit_is_noticed(void **state)
{
    unsigned char bytes[WHOLE];

    (void)state;
    make_sealed(bytes);
    for (size_t i = 0; i < WHOLE; ++i) {
        bytes[i] ^= (unsigned char)(1U << i % 8);
        store(bytes, WHOLE);
        assert_int_equal(verify(), TML_FILE_DIGEST_WRONG);
        bytes[i] ^= (unsigned char)(1U << i % 8);
    }
}

static void test_another_length_is_noticed(void **state)
{
    unsigned char bytes[WHOLE + 1] = {0};

    (void)state;
    make_sealed(bytes);
    store(bytes, WHOLE - 1);
    assert_int_equal(verify(), TML_FILE_DIGEST_WRONG);
    store(bytes, WHOLE + 1);
    assert_int_equal(verify(), TML_FILE_DIGEST_WRONG);
    store(bytes, TML_USER_BLOCK);
    assert_int_equal(verify(), TML_FILE_DIGEST_WRONG);
    store(bytes, WHOLE);
    assert_int_equal(verify(), TML_FILE_DIGEST_OK);
}

static void test_a_file_from_elsewhere_has_no_digest(void **state)
{
    unsigned char bytes[WHOLE];
    tml_file_head head;
    tml_error error;

    (void)state;
    make_bytes(bytes);
    store(bytes, WHOLE); /* with an empty user block */
    assert_int_equal(verify(), TML_FILE_DIGEST_ABSENT);
    store(bytes + TML_USER_BLOCK, BODY); /* without one */
    assert_int_equal(verify(), TML_FILE_DIGEST_ABSENT);
    assert_int_equal(tml_file_head_read(PATH, &head, &error), TML_OK);
    assert_true(head.is_hdf5);
    store((const unsigned char *)"wl,1.0", 6);
    assert_int_equal(tml_file_head_read(PATH, &head, &error), TML_OK);
    assert_false(head.is_hdf5 || head.has_digest);
}

static void test_what_cannot_be_opened(void **state)
{
    tml_file_digest_state found;
    tml_digest digest;
    tml_error error;

    (void)state;
    assert_int_equal(tml_file_digest_verify("absent.h5", &found, &error), TML_NO_INPUT);
    assert_int_equal(tml_file_digest_verify(".", &found, &error), TML_NO_INPUT);
    assert_int_equal(tml_file_digest_compute("absent.h5", &digest, &error), TML_NO_INPUT);
    assert_non_null(strstr(error.message, "absent.h5"));
    assert_int_equal(tml_file_digest_seal("absent.h5", &digest, &error), TML_IO_ERROR);
    assert_int_equal(tml_file_digest_refuse("x.h5", &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "x.h5: "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_digest_is_that_of_the_digests_of_blocks),
        cmocka_unit_test(test_a_second_block_begins_after_64_mib),
        cmocka_unit_test(test_the_user_block_is_one_line_and_zeros),
        cmocka_unit_test(test_memory_and_disk_give_the_same_file),
        cmocka_unit_test(test_every_flipped_bit_is_noticed),
        cmocka_unit_test(test_another_length_is_noticed),
        cmocka_unit_test(test_a_file_from_elsewhere_has_no_digest),
        cmocka_unit_test(test_what_cannot_be_opened),
    };
    int failures = cmocka_run_group_tests(tests, NULL, NULL);

    unlink(PATH);
    return failures;
}
