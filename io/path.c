#include "io/path.h"

#include <stdio.h>
#include <string.h>

bool tml_path_join(char *buffer, size_t size, const char *folder, const char *name)
{
    size_t length = strlen(folder);
    const char *slash = length == 0 || folder[length - 1] == '/' ? "" : "/";
    int written = snprintf(buffer, size, "%s%s%s", folder, slash, name);

    if (written >= 0 && (size_t)written < size)
        return true;
    if (size > 0)
        buffer[0] = '\0';
    return false;
}
