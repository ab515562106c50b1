#include "core/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

tml_status tml_error_set(tml_error *error, tml_status status, const char *format, ...)
{
    char message[TML_ERROR_LENGTH]; /* the old message may be among the arguments */
    va_list arguments;

    if (error == NULL)
        return status;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    memcpy(error->message, message, strlen(message) + 1);
    error->rank = TML_RANK_UNKNOWN;
    return status;
}

void tml_error_prefix(tml_error *error, const char *format, ...)
{
    char prefix[TML_ERROR_LENGTH];
    size_t length;
    va_list arguments;

    if (error == NULL)
        return;
    va_start(arguments, format);
    vsnprintf(prefix, sizeof prefix, format, arguments);
    va_end(arguments);
    length = strlen(prefix);
    memmove(error->message + length, error->message, sizeof error->message - length);
    memcpy(error->message, prefix, length);
    error->message[sizeof error->message - 1] = '\0';
}

const char *tml_status_name(tml_status status)
{
    switch (status) {
    case TML_OK:
        return "done";
    case TML_DIVERGED:
        return "diverged";
    case TML_USAGE:
        return "usage";
    case TML_BAD_DATA:
        return "bad data";
    case TML_NO_INPUT:
        return "missing input";
    case TML_INTERNAL:
        return "internal error";
    case TML_CANNOT_CREATE:
        return "cannot create";
    case TML_IO_ERROR:
        return "input/output error";
    case TML_STOPPED:
        return "stopped";
    case TML_CONFIG:
        return "configuration";
    }
    return "unknown";
}
