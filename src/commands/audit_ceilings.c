#include "commands/audit_ceilings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/text.h"
#include "exploration/grid_audit.h"
#include "io/atomic_file.h"

static const size_t largest_file = (size_t)64 << 20;

static tml_status read_members(const char *path, const cJSON *document, size_t count, const char *const *name,
                               double *ceiling, char digest[TML_AUDIT_DIGEST], tml_error *error)
{
    const cJSON *schema = cJSON_GetObjectItemCaseSensitive(document, "schema");
    const cJSON *result = cJSON_GetObjectItemCaseSensitive(document, "result");
    const cJSON *parameters = cJSON_GetObjectItemCaseSensitive(result, "parameters");
    const cJSON *of_grid = cJSON_GetObjectItemCaseSensitive(result, "digest");

    if (!cJSON_IsString(schema) || strcmp(schema->valuestring, TML_AUDIT_SCHEMA) != 0 ||
        !cJSON_IsObject(parameters))
        return TML_FAIL(
            error, TML_BAD_DATA,
            "%s: is not the result of an audit (%s); make it by telescopeml grid audit G.h5 --out "
            "DIR",
            path, TML_AUDIT_SCHEMA);
    for (size_t i = 0; i < count; ++i) {
        const cJSON *parameter = cJSON_GetObjectItemCaseSensitive(parameters, name[i]);
        const cJSON *r2 = cJSON_GetObjectItemCaseSensitive(parameter, "ceiling_r2");

        ceiling[i] = cJSON_IsNumber(r2) && r2->valuedouble <= 1.0 ? r2->valuedouble : (double)NAN;
    }
    if (!cJSON_IsString(of_grid) || !tml_text_copy(digest, TML_AUDIT_DIGEST, of_grid->valuestring))
        digest[0] = '\0';
    return TML_OK;
}

tml_status tml_audit_ceilings_read(const char *path, size_t count, const char *const *name, double *ceiling,
                                   char digest[TML_AUDIT_DIGEST], tml_error *error)
{
    cJSON *document = NULL;
    char *text = NULL;
    size_t length = 0;
    tml_status status = tml_file_read_text(path, largest_file, &text, &length, error);

    if (status != TML_OK)
        return status;
    document = cJSON_ParseWithLength(text, length);
    status = read_members(path, document, count, name, ceiling, digest, error);
    cJSON_Delete(document);
    free(text);
    return status;
}
