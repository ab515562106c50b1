/** @file test_digest.c
 * The digests are XXH3 as other programs compute it, in the order in which xxhsum prints it. */
#include "core/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Written by `xxhsum -H3` and `xxhsum -H2` 0.8.1: nothing, three bytes, and 1000 bytes (0, 1, ..., 255, 0,
 * ...). */
static const uint64_t known_64[] = {0x2d06800538d394c2U, 0x78af5f94892f3950U, 0xd33dd80b46f60e50};
static const char *const known_128[] = {"99aa06d3014798d86001c324468d497f",
                                        "06b05ab6733a618578af5f94892f3950",
                                        "076f7e02b7120d2ad33dd80b46f60e50"};

static size_t make_input(size_t which, unsigned char bytes[1000])
{
    memcpy(bytes, "abc", 3);
    if (which == 2)
        for (size_t i = 0; i < 1000; ++i)
            bytes[i] = (unsigned char)(i % 256);
    return which == 0 ? 0 : which == 1 ? 3 : 1000;
}

static void test_short_digests_are_xxh3_64(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; ++i) {
        unsigned char bytes[1000];
        size_t count = make_input(i, bytes);

        assert_true(tml_digest_64(bytes, count) == known_64[i]);
    }
}

static void test_the_text_is_that_of_xxhsum(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; ++i) {
        unsigned char bytes[1000];
        char text[TML_DIGEST_TEXT];
        size_t count = make_input(i, bytes);
        tml_digest digest = tml_digest_of(bytes, count);

        tml_digest_text(&digest, text);
        assert_string_equal(text, known_128[i]);
    }
}

static void test_the_bytes_are_in_the_order_of_the_text(void **state)
{
    const unsigned char wanted[TML_DIGEST_BYTES] = {0x06, 0xb0, 0x5a, 0xb6, 0x73, 0x3a, 0x61, 0x85,
                                                    0x78, 0xaf, 0x5f, 0x94, 0x89, 0x2f, 0x39, 0x50};
    tml_digest digest = tml_digest_of("abc", 3);

    (void)state;
    assert_memory_equal(digest.bytes, wanted, sizeof wanted);
}

static void test_every_bit_matters(void **state)
{
    unsigned char bytes[64] = {0};
    tml_digest zero = tml_digest_of(bytes, sizeof bytes);

    (void)state;
    for (size_t bit = 0; bit < 8 * sizeof bytes; ++bit) {
        tml_digest digest;

        bytes[bit / 8] = (unsigned char)(1U << bit % 8);
        digest = tml_digest_of(bytes, sizeof bytes);
        bytes[bit / 8] = 0;
        assert_memory_not_equal(digest.bytes, zero.bytes, sizeof zero.bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_digests_are_xxh3_64),
        cmocka_unit_test(test_the_text_is_that_of_xxhsum),
        cmocka_unit_test(test_the_bytes_are_in_the_order_of_the_text),
        cmocka_unit_test(test_every_bit_matters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
