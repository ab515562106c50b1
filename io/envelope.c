#include "io/envelope.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/build_info.h"
#include "core/log.h"
#include "core/number_text.h"
#include "io/atomic_file.h"

/* Put an item that may be missing for want of memory into an object; false then, and nothing is leaked. */
static bool put(cJSON *object, const char *name, cJSON *item)
{
    if (item != NULL && cJSON_AddItemToObject(object, name, item))
        return true;
    cJSON_Delete(item);
    return false;
}

static cJSON *warnings_given(void)
{
    size_t count = 0;
    const tml_warning *warnings = tml_log_warnings(&count);
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < count && list != NULL; ++i) {
        cJSON *entry = cJSON_CreateObject();

        if (!put(entry, "code", cJSON_CreateString(warnings[i].code)) ||
            !put(entry, "text", cJSON_CreateString(warnings[i].text)) || !cJSON_AddItemToArray(list, entry)) {
            cJSON_Delete(entry);
            cJSON_Delete(list);
            return NULL;
        }
    }
    return list;
}

cJSON *tml_envelope_create(const char *schema, tml_status status, cJSON *result)
{
    cJSON *envelope = cJSON_CreateObject();

    if (put(envelope, "schema", cJSON_CreateString(schema)) &&
        put(envelope, "version", cJSON_CreateString(tml_build_info_get()->version)) &&
        put(envelope, "status", cJSON_CreateString(tml_status_name(status))) &&
        put(envelope, "exit_code", cJSON_CreateNumber((double)status)) &&
        put(envelope, "warnings", warnings_given())) {
        if (put(envelope, "result", result != NULL ? result : cJSON_CreateNull()))
            return envelope;
    } else {
        cJSON_Delete(result);
    }
    cJSON_Delete(envelope);
    return NULL;
}

cJSON *tml_json_number(double value)
{
    char text[TML_NUMBER_TEXT];

    if (!isfinite(value))
        return cJSON_CreateNull();
    /* cJSON 1.7.15 stops at 15 digits when they are within one epsilon, which is not always the same double.
     */
    tml_number_text(value, text);
    return cJSON_CreateRaw(text);
}

tml_status tml_json_print(const cJSON *document, int compact, tml_error *error)
{
    char *text = document == NULL ? NULL : compact ? cJSON_PrintUnformatted(document) : cJSON_Print(document);
    tml_status status = TML_OK;

    if (text == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory to print a JSON document");
    if (fputs(text, stdout) == EOF || fputc('\n', stdout) == EOF || fflush(stdout) == EOF)
        status = TML_FAIL(
            error, TML_IO_ERROR,
            "standard output: the JSON document could not be written (%s); give it somewhere with room",
            strerror(errno));
    free(text);
    return status;
}

tml_status tml_json_write(const char *path, const cJSON *document, tml_error *error)
{
    char *text = document == NULL ? NULL : cJSON_Print(document);
    size_t length;
    tml_status status;

    if (text == NULL)
        return TML_FAIL(error, TML_INTERNAL, "%s: no memory to write a JSON document", path);
    length = strlen(text);
    text[length] = '\n'; /* the end of the string makes room: the count says where the text ends */
    status = tml_atomic_write(path, text, length + 1, error);
    free(text);
    return status;
}

tml_status tml_envelope_print(const char *schema, cJSON *result, tml_error *error)
{
    cJSON *document = tml_envelope_create(schema, TML_OK, result);
    tml_status status = document == NULL ? TML_FAIL(error, TML_INTERNAL, "no memory for the JSON document")
                                         : tml_json_print(document, 0, error);

    cJSON_Delete(document);
    return status;
}
