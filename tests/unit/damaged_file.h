#ifndef TML_TESTS_DAMAGED_FILE_H
#define TML_TESTS_DAMAGED_FILE_H

/** @file damaged_file.h
 * Copies of a file with something wrong: cut short at many places, one bit turned at many places, or a disk
 * that is full while it is written. For serial tests with cmocka; include it after <cmocka.h>. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

/** What is done with each damaged copy. @param place  byte at which it was cut or changed */
typedef void damaged_check(const char *path, size_t place);

static inline unsigned char *damaged_load(const char *path, size_t *count)
{
    FILE *file = fopen(path, "rb");
    unsigned char *bytes;
    long length;

    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    length = ftell(file);
    assert_true(length > 0);
    rewind(file);
    *count = (size_t)length;
    bytes = malloc(*count);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *count, file), *count);
    fclose(file);
    return bytes;
}

static inline void damaged_store(const char *path, const unsigned char *bytes, size_t count)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}

/** Cut `path` at about `cuts` places, the very beginning and the last byte among them. */
static inline void damaged_by_cutting(const char *path, const char *copy, size_t cuts, damaged_check *check)
{
    size_t count;
    unsigned char *bytes = damaged_load(path, &count);
    size_t stride = count / cuts + 1;

    for (size_t at = 0; at < count; at += at + stride < count || at == count - 1 ? stride : count - 1 - at) {
        damaged_store(copy, bytes, at);
        check(copy, at);
    }
    free(bytes);
    remove(copy);
}

/** Turn one bit of `path` at about `places` places; every byte of the first 64 is one of them. */
static inline void damaged_by_a_bit(const char *path, const char *copy, size_t places, damaged_check *check)
{
    size_t count;
    unsigned char *bytes = damaged_load(path, &count);
    size_t stride = count / places + 1;

    for (size_t at = 0; at < count; at += at < 64 ? 1 : stride) {
        unsigned char bit = (unsigned char)(1U << at % 8);

        bytes[at] ^= bit;
        damaged_store(copy, bytes, count);
        check(copy, at);
        bytes[at] ^= bit;
    }
    free(bytes);
    remove(copy);
}

/** Let files grow to `bytes` at most, as on a full disk. @return the limit before, for damaged_disk_back */
static inline struct rlimit damaged_disk_full(rlim_t bytes)
{
    struct rlimit before;
    struct rlimit now;

    getrlimit(RLIMIT_FSIZE, &before);
    now = before;
    now.rlim_cur = bytes;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
    return before;
}

static inline void damaged_disk_back(struct rlimit before)
{
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
}

#endif
