#include "report/json_text.h"

#include <stdlib.h>

#include "io/envelope.h"
#include "report/clean_text.h"

cJSON *tml_json_text(const char *text)
{
    char *clean = tml_text_clean(text, true);
    cJSON *item = clean != NULL ? cJSON_CreateString(clean) : NULL;

    free(clean);
    return item;
}

void tml_json_add(cJSON *object, const char *name, cJSON *item)
{
    char *clean = tml_text_clean(name, false);

    if (clean == NULL || !cJSON_AddItemToObject(object, clean, item))
        cJSON_Delete(item);
    free(clean);
}

static cJSON *copy_members(const cJSON *item, cJSON *copy)
{
    const cJSON *child = NULL;

    cJSON_ArrayForEach(child, item)
    {
        cJSON *member = tml_json_copy(child);

        if (cJSON_IsObject(item))
            tml_json_add(copy, child->string, member);
        else if (!cJSON_AddItemToArray(copy, member))
            cJSON_Delete(member);
    }
    return copy;
}

cJSON *tml_json_copy(const cJSON *item)
{
    if (cJSON_IsNumber(item))
        return tml_json_number(item->valuedouble);
    if (cJSON_IsString(item))
        return tml_json_text(item->valuestring);
    if (cJSON_IsBool(item))
        return cJSON_CreateBool(cJSON_IsTrue(item));
    if (cJSON_IsObject(item))
        return copy_members(item, cJSON_CreateObject());
    if (cJSON_IsArray(item))
        return copy_members(item, cJSON_CreateArray());
    return cJSON_CreateNull();
}
