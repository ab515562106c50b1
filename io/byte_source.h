#ifndef TML_IO_BYTE_SOURCE_H
#define TML_IO_BYTE_SOURCE_H

/** @file io/byte_source.h
 * The bytes of a file in order, unpacked on the way if it is compressed with gzip or bzip2, which its first
 * bytes tell. Several compressed streams one after another (as pbzip2 or cat make them) are one text. A
 * compressed file that stops early is an error, never an early end. Not collective: one rank reads. */

#include <stddef.h>

#include "core/status.h"

typedef struct tml_byte_source tml_byte_source;

/** Open a file.
 * @param source  out, owned by the caller; NULL on failure
 * @return TML_OK, TML_NO_INPUT (absent, not readable, a folder), TML_BAD_DATA (a format that is not read
 * here) or TML_IO_ERROR
 */
TML_NODISCARD tml_status tml_byte_source_open(const char *path, tml_byte_source **source, tml_error *error);

/** Read the next bytes.
 * @param bytes  out: up to `room` bytes (room > 0)
 * @param count  out: how many there are; 0 only at the end
 * @return TML_OK or TML_IO_ERROR (cannot be read, damaged or truncated compressed data)
 */
TML_NODISCARD tml_status tml_byte_source_read(tml_byte_source *source, char *bytes, size_t room,
                                              size_t *count, tml_error *error);

/** Close; sets the pointer to NULL; NULL is fine. */
void tml_byte_source_close(tml_byte_source **source);

#endif
