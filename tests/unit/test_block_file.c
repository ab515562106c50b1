/** @file test_block_file.c
 * Blocks that a killed process leaves behind: what is whole is found, what is not is told apart. */
#include "io/block_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { BLOCKS = 5, BYTES = 300, HEAD = 64 };

static const char path[] = "blocks-0-0";
static const tml_digest job = {{1, 2, 3}};

typedef struct seen {
    int count;
    uint64_t block[16];
    uint64_t offset[16];
} seen;

static void note(void *context, uint64_t block, uint64_t offset)
{
    seen *all = context;

    all->block[all->count] = block;
    all->offset[all->count++] = offset;
}

/* Block b has the number 10 b and BYTES - b bytes of value b. */
static void make_file(void)
{
    tml_block_file *file = NULL;
    tml_error error;

    unlink(path);
    assert_int_equal(tml_block_file_create(path, &job, &file, &error), TML_OK);
    for (unsigned b = 0; b < BLOCKS; ++b) {
        char bytes[BYTES];
        uint64_t offset = 0;

        memset(bytes, (int)b, sizeof bytes);
        assert_int_equal(tml_block_file_add(file, 10 * b, bytes, BYTES - b, &offset, &error), TML_OK);
    }
    assert_int_equal(tml_block_file_close(&file, &error), TML_OK);
    assert_null(file);
}

static seen scan(uint64_t *damaged)
{
    seen all = {0};
    tml_error error;

    assert_int_equal(tml_block_file_scan(path, &job, BYTES, note, &all, damaged, &error), TML_OK);
    return all;
}

static void change_byte(long at)
{
    FILE *stream = fopen(path, "r+b");
    int byte;

    assert_non_null(stream);
    fseek(stream, at, SEEK_SET);
    byte = fgetc(stream);
    fseek(stream, at, SEEK_SET);
    fputc(byte ^ 1, stream);
    fclose(stream);
}

static void test_all_blocks_are_found_and_read(void **state)
{
    uint64_t damaged = 9;
    seen all;

    (void)state;
    make_file();
    all = scan(&damaged);
    assert_int_equal(all.count, BLOCKS);
    assert_int_equal(damaged, 0);
    for (unsigned b = 0; b < BLOCKS; ++b) {
        char bytes[BYTES];
        char wanted[BYTES];
        tml_error error;

        memset(wanted, (int)b, sizeof wanted);
        assert_int_equal(all.block[b], 10 * b);
        assert_int_equal(tml_block_file_read(path, &job, 10 * b, all.offset[b], bytes, BYTES - b, &error),
                         TML_OK);
        assert_memory_equal(bytes, wanted, BYTES - b);
        assert_int_equal(tml_block_file_read(path, &job, 10 * b + 1, all.offset[b], bytes, BYTES - b, &error),
                         TML_IO_ERROR);
    }
}

/* However much of the last block is missing, the others are found, and nothing is called damaged. */
static void test_a_torn_end_is_no_damage(void **state)
{
    (void)state;
    for (int missing = 1; missing < HEAD + BYTES - 4; missing += 13) {
        const off_t length = BLOCKS * (HEAD + BYTES) - 10 - missing;
        uint64_t damaged = 9;

        make_file();
        assert_int_equal(truncate(path, length), 0);
        assert_int_equal(scan(&damaged).count, BLOCKS - 1);
        assert_int_equal(damaged, 0);
    }
}

static void test_a_changed_byte_damages_one_block(void **state)
{
    uint64_t damaged = 9;
    seen all;

    (void)state;
    make_file();
    change_byte(HEAD + BYTES + HEAD + 17); /* in block 1 */
    all = scan(&damaged);
    assert_int_equal(all.count, BLOCKS - 1);
    assert_int_equal(all.block[1], 20);
    assert_int_equal(damaged, 1);
}

/* Without a head nobody knows where the next one is. */
static void test_a_changed_head_ends_the_file(void **state)
{
    uint64_t damaged = 9;

    (void)state;
    for (long at = 0; at < HEAD; at += 7) {
        make_file();
        change_byte(2 * HEAD + 2 * BYTES - 1 + at); /* of block 2 */
        assert_int_equal(scan(&damaged).count, 2);
        assert_int_equal(damaged, 1);
    }
}

static void test_blocks_of_another_job_are_none(void **state)
{
    const tml_digest other = {{7}};
    seen all = {0};
    uint64_t damaged = 9;
    tml_error error;

    (void)state;
    make_file();
    assert_int_equal(tml_block_file_scan(path, &other, BYTES, note, &all, &damaged, &error), TML_OK);
    assert_int_equal(all.count, 0);
}

static void test_damage_after_the_scan_is_noticed(void **state)
{
    char bytes[BYTES];
    uint64_t damaged = 9;
    tml_error error = {0, ""};
    seen all;

    (void)state;
    make_file();
    all = scan(&damaged);
    change_byte(HEAD + 5);
    assert_int_equal(tml_block_file_read(path, &job, 0, all.offset[0], bytes, BYTES, &error), TML_IO_ERROR);
    assert_non_null(strstr(error.message, "--resume"));
}

static void test_a_file_that_is_there_is_not_overwritten(void **state)
{
    tml_block_file *file = NULL;
    tml_error error;

    (void)state;
    make_file();
    assert_int_equal(tml_block_file_create(path, &job, &file, &error), TML_CANNOT_CREATE);
    assert_null(file);
    assert_int_equal(tml_block_file_create("no/such/folder/f", &job, &file, &error), TML_CANNOT_CREATE);
}

static void test_a_file_that_is_not_there(void **state)
{
    uint64_t damaged = 9;
    seen all = {0};
    tml_error error;

    (void)state;
    unlink(path);
    assert_int_equal(tml_block_file_scan(path, &job, BYTES, note, &all, &damaged, &error), TML_NO_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_blocks_are_found_and_read),
        cmocka_unit_test(test_a_torn_end_is_no_damage),
        cmocka_unit_test(test_a_changed_byte_damages_one_block),
        cmocka_unit_test(test_a_changed_head_ends_the_file),
        cmocka_unit_test(test_blocks_of_another_job_are_none),
        cmocka_unit_test(test_damage_after_the_scan_is_noticed),
        cmocka_unit_test(test_a_file_that_is_there_is_not_overwritten),
        cmocka_unit_test(test_a_file_that_is_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
