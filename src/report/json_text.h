#ifndef TML_REPORT_JSON_TEXT_H
#define TML_REPORT_JSON_TEXT_H

/** @file report/json_text.h
 * JSON of text and documents that come from files. Not collective. */

#include <cjson/cJSON.h>

/** Text as a JSON string; what is no UTF-8 is replaced (report/clean_text.h). @return owned by the caller;
 * NULL without memory */
cJSON *tml_json_text(const char *text);

/** Add a member under a clean name. @param item  taken */
void tml_json_add(cJSON *object, const char *name, cJSON *item);

/** A copy of a document for writing: numbers keep all their digits (tml_json_number), strings and names are
 * clean. @param item  borrowed; NULL gives null @return owned by the caller; NULL without memory */
cJSON *tml_json_copy(const cJSON *item);

#endif
