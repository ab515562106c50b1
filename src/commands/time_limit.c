#include "commands/time_limit.h"

#include <stdio.h>

tml_status tml_time_limit_read(const char *command, const char *text, double *seconds, tml_error *error)
{
    double total = 0.0;
    unsigned long parts[3];
    int length = 0;
    int count = 0;
    const char *at = text;

    *seconds = 0.0;
    if (at == NULL)
        return TML_OK;
    while (count < 3 && sscanf(at, "%lu%n", &parts[count], &length) == 1 && at[0] >= '0' && at[0] <= '9') {
        total = 60.0 * total + (double)parts[count++];
        at += length;
        if (*at != ':')
            break;
        ++at;
    }
    if (count == 0 || *at != '\0' || total <= 0.0)
        return TML_FAIL(error, TML_USAGE, "%s: --time-limit wants a time such as 11:50:00 or 600, not '%s'",
                        command, text);
    *seconds = total;
    return TML_OK;
}
