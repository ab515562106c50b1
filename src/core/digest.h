#ifndef TML_CORE_DIGEST_H
#define TML_CORE_DIGEST_H

/** @file core/digest.h
 * Digests of bytes by xxHash (XXH3): one number that tells whether two things are the same. Not collective.
 */

#include <stddef.h>
#include <stdint.h>

enum { TML_DIGEST_BYTES = 16, TML_DIGEST_TEXT = 33 };

/** XXH3-128 in canonical (big-endian) order, the order in which its text is printed. */
typedef struct tml_digest {
    unsigned char bytes[TML_DIGEST_BYTES];
} tml_digest;

/** XXH3-64 of a span; used to group identical spectra. */
uint64_t tml_digest_64(const void *bytes, size_t count);

/** XXH3-128 of a span. */
tml_digest tml_digest_of(const void *bytes, size_t count);

/** 32 lower-case hexadecimal digits and the end of the string. */
void tml_digest_text(const tml_digest *digest, char text[TML_DIGEST_TEXT]);

#endif
