#ifndef TML_IO_ENVELOPE_H
#define TML_IO_ENVELOPE_H

/** @file io/envelope.h
 * The envelope of every JSON document that the program prints or writes (docs/contracts.md, "JSON"). */

#include <cjson/cJSON.h>

#include "core/status.h"

/** Wrap a result: {"schema", "version", "status", "exit_code", "warnings", "result"}.
 * The warnings are those given so far on this rank (core/log.h).
 * @param schema  "telescopeml.evaluate/1"
 * @param result  taken: owned by the envelope afterwards, also when this fails; NULL gives null
 * @return on the heap, owned by the caller (cJSON_Delete); NULL without memory
 */
cJSON *tml_envelope_create(const char *schema, tml_status status, cJSON *result);

/** A number with the fewest digits that give a reader the same double back; null when it is not finite. For
 * documents that are written, not for reading back from memory: it is text to cJSON (cJSON_IsRaw).
 * @return owned by the caller; NULL without memory
 */
cJSON *tml_json_number(double value);

/** Print the envelope of a result that was had to standard output.
 * @param result  taken
 * @return TML_OK, TML_INTERNAL (no memory) or TML_IO_ERROR */
TML_NODISCARD tml_status tml_envelope_print(const char *schema, cJSON *result, tml_error *error);

/** Print a document to standard output, one line if `compact`.
 * @param document  borrowed; NULL is treated as no memory
 * @return TML_OK, TML_IO_ERROR or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_json_print(const cJSON *document, int compact, tml_error *error);

/** Write a document to a file, complete or not at all.
 * @param document  borrowed; NULL is treated as no memory
 * @return as tml_atomic_write, or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_json_write(const char *path, const cJSON *document, tml_error *error);

#endif
