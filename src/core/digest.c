#include "core/digest.h"

#include <stdio.h>
#include <string.h>

#include <xxhash.h>

uint64_t tml_digest_64(const void *bytes, size_t count)
{
    return XXH3_64bits(bytes, count);
}

tml_digest tml_digest_of(const void *bytes, size_t count)
{
    XXH128_canonical_t canonical;
    tml_digest digest;

    XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes, count));
    memcpy(digest.bytes, canonical.digest, sizeof digest.bytes);
    return digest;
}

void tml_digest_text(const tml_digest *digest, char text[TML_DIGEST_TEXT])
{
    for (size_t i = 0; i < TML_DIGEST_BYTES; ++i)
        snprintf(text + 2 * i, 3, "%02x", digest->bytes[i]);
}
