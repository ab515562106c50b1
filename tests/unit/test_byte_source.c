/** @file test_byte_source.c
 * Text comes out of a file as it went in, plain or compressed, in one stream or several; compressed data that
 * stop early or are damaged are never taken for a complete file. */
#include "io/byte_source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bzlib.h>
#include <cmocka.h>
#include <zlib.h>

enum { TEXT_BYTES = 600000, PACKED_ROOM = 1 << 20 };

typedef enum packing { PLAIN, GZIP, BZIP2 } packing;

static const char *const PATH = "source.bin";

/* Numbers and letters of little order: they fill several blocks of bzip2 and several reads of the file. */
static char text[TEXT_BYTES];
static char packed[2 * PACKED_ROOM];
static char unpacked[2 * TEXT_BYTES];

static int make_text(void **state)
{
    uint64_t word = 1;

    (void)state;
    for (size_t i = 0; i < TEXT_BYTES; ++i) {
        word = word * UINT64_C(6364136223846793005) + 1442695040888963407u;
        text[i] = "0123456789.,e-+ab\n"[(word >> 40) % 18];
    }
    return 0;
}

static void write_bytes(const char *bytes, size_t count)
{
    FILE *file = fopen(PATH, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}

static size_t pack_gzip(char *from, size_t count, char *to)
{
    z_stream stream;

    memset(&stream, 0, sizeof stream);
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (Bytef *)from;
    stream.avail_in = (uInt)count;
    stream.next_out = (Bytef *)to;
    stream.avail_out = PACKED_ROOM;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return PACKED_ROOM - stream.avail_out;
}

/* Blocks of 100 kB: several in this text. */
static size_t pack_bzip2(char *from, size_t count, char *to)
{
    unsigned length = PACKED_ROOM;

    assert_int_equal(BZ2_bzBuffToBuffCompress(to, &length, from, (unsigned)count, 1, 0, 0), BZ_OK);
    return length;
}

static size_t pack(packing kind, char *from, size_t count, char *to)
{
    if (kind == PLAIN)
        memcpy(to, from, count);
    return kind == PLAIN ? count : kind == GZIP ? pack_gzip(from, count, to) : pack_bzip2(from, count, to);
}

/* Reads the file in pieces of at most `room` bytes to its end or the first failure. */
static tml_status read_file(size_t room, size_t *count, tml_error *error)
{
    tml_byte_source *source = NULL;
    size_t part = 1;
    tml_status status = tml_byte_source_open(PATH, &source, error);

    *count = 0;
    while (status == TML_OK && part > 0) {
        assert_true(*count <= TEXT_BYTES);
        status = tml_byte_source_read(source, unpacked + *count, room, &part, error);
        *count += part;
    }
    tml_byte_source_close(&source);
    assert_null(source);
    return status;
}

static void expect_text(size_t room)
{
    tml_error error = {0, ""};
    size_t count = 0;

    assert_int_equal(read_file(room, &count, &error), TML_OK);
    assert_int_equal(count, TEXT_BYTES);
    assert_memory_equal(unpacked, text, TEXT_BYTES);
}

static void expect_failure(tml_status expected, const char *words)
{
    tml_error error = {0, ""};
    size_t count = 0;

    assert_int_equal(read_file(4096, &count, &error), expected);
    assert_non_null(strstr(error.message, PATH));
    assert_non_null(strstr(error.message, words));
}

static void test_text_comes_out_as_it_went_in(void **state)
{
    static const size_t rooms[] = {TEXT_BYTES, 65536, 1000, 7};

    (void)state;
    for (packing kind = PLAIN; kind <= BZIP2; ++kind) {
        write_bytes(packed, pack(kind, text, TEXT_BYTES, packed));
        for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; ++i)
            expect_text(rooms[i]);
    }
}

static void test_streams_one_after_another_are_one_text(void **state)
{
    (void)state;
    for (packing kind = GZIP; kind <= BZIP2; ++kind) {
        const size_t half = TEXT_BYTES / 2 + 11;
        size_t count = pack(kind, text, half, packed);

        count += pack(kind, text + half, 0, packed + count); /* an empty one in between */
        count += pack(kind, text + half, TEXT_BYTES - half, packed + count);
        write_bytes(packed, count);
        expect_text(4096);
        /* The second stream cut short is noticed as well. */
        write_bytes(packed, count - 1);
        expect_failure(TML_IO_ERROR, "stop before their end");
    }
}

static void test_an_empty_text_is_empty(void **state)
{
    (void)state;
    for (packing kind = PLAIN; kind <= BZIP2; ++kind) {
        tml_error error = {0, ""};
        size_t count = 1;

        write_bytes(packed, pack(kind, text, 0, packed));
        assert_int_equal(read_file(100, &count, &error), TML_OK);
        assert_int_equal(count, 0);
    }
}

/* Every length near both ends and some in between. */
static void test_truncated_data_are_never_an_end(void **state)
{
    (void)state;
    for (packing kind = GZIP; kind <= BZIP2; ++kind) {
        const size_t count = pack(kind, text, TEXT_BYTES, packed);

        for (size_t length = 5; length < count;
             length += length < 20 || length + 15 > count ? 1 : (count - 20) / 9) {
            write_bytes(packed, length);
            expect_failure(TML_IO_ERROR, "stop before their end");
        }
    }
}

static void test_damaged_data_are_noticed(void **state)
{
    (void)state;
    for (packing kind = GZIP; kind <= BZIP2; ++kind) {
        const size_t count = pack(kind, text, TEXT_BYTES, packed);

        for (size_t place = 1; place < 10; ++place) {
            char *byte = &packed[count * place / 10];

            *byte = (char)(*byte ^ 0x10);
            write_bytes(packed, count);
            expect_failure(TML_IO_ERROR, "");
            *byte = (char)(*byte ^ 0x10);
        }
    }
}

static void test_rubbish_behind_compressed_data_is_noticed(void **state)
{
    (void)state;
    for (packing kind = GZIP; kind <= BZIP2; ++kind) {
        const size_t count = pack(kind, text, TEXT_BYTES, packed);

        memcpy(packed + count, "more text\n", 10);
        write_bytes(packed, count + 10);
        expect_failure(TML_IO_ERROR, "damaged");
    }
}

static void test_other_formats_are_named(void **state)
{
    tml_byte_source *source = NULL;
    tml_error error = {0, ""};

    (void)state;
    write_bytes("\xFD"
                "7zXZ\0abc",
                9);
    expect_failure(TML_BAD_DATA, "xz");
    write_bytes("\x28\xB5\x2F\xFD"
                "abc",
                7);
    expect_failure(TML_BAD_DATA, "zstd");
    write_bytes("PK\x03\x04"
                "abc",
                7);
    expect_failure(TML_BAD_DATA, "zip");
    unlink(PATH);
    expect_failure(TML_NO_INPUT, "No such file");
    assert_int_equal(tml_byte_source_open(".", &source, &error), TML_NO_INPUT);
    assert_null(source);
}

/* "BZh" may be the beginning of a column name. */
static void test_text_that_looks_like_a_magic_number_is_text(void **state)
{
    tml_error error = {0, ""};
    size_t count = 0;

    (void)state;
    write_bytes("BZh9,b\n", 7);
    assert_int_equal(read_file(100, &count, &error), TML_OK);
    assert_int_equal(count, 7);
    assert_memory_equal(unpacked, "BZh9,b\n", 7);
}

static int remove_file(void **state)
{
    (void)state;
    unlink(PATH);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_comes_out_as_it_went_in),
        cmocka_unit_test(test_streams_one_after_another_are_one_text),
        cmocka_unit_test(test_an_empty_text_is_empty),
        cmocka_unit_test(test_truncated_data_are_never_an_end),
        cmocka_unit_test(test_damaged_data_are_noticed),
        cmocka_unit_test(test_rubbish_behind_compressed_data_is_noticed),
        cmocka_unit_test(test_other_formats_are_named),
        cmocka_unit_test(test_text_that_looks_like_a_magic_number_is_text),
    };

    return cmocka_run_group_tests(tests, make_text, remove_file);
}
