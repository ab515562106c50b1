#include "core/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct {
    int rank;
    tml_log_level level;
    size_t warning_count;
    tml_warning warnings[TML_LOG_WARNINGS];
} state = {0, TML_LOG_INFO, 0, {{"", ""}}};

static const char *const level_prefix[] = {"error: ", "warning: ", "", ""};

void tml_log_setup(int rank, tml_log_level level)
{
    state.rank = rank;
    state.level = level;
}

tml_log_level tml_log_current_level(void)
{
    return state.level;
}

static void print_line(tml_log_level level, const char *who, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

static void print_line(tml_log_level level, const char *who, const char *format, va_list arguments)
{
    char line[TML_ERROR_LENGTH + 256];

    vsnprintf(line, sizeof line, format, arguments);
    /* One call per line: lines of several ranks do not mix. */
    fprintf(stderr, "%s%s%s\n", who, level_prefix[level], line);
}

void tml_log(tml_log_level level, const char *format, ...)
{
    va_list arguments;

    if (state.rank != 0 || level > state.level)
        return;
    va_start(arguments, format);
    print_line(level, "", format, arguments);
    va_end(arguments);
}

void tml_log_rank(tml_log_level level, const char *format, ...)
{
    char who[32];
    va_list arguments;

    if (level > state.level)
        return;
    snprintf(who, sizeof who, "[rank %d] ", state.rank);
    va_start(arguments, format);
    print_line(level, who, format, arguments);
    va_end(arguments);
}

bool tml_log_remember(const char *code, const char *text)
{
    tml_warning warning;

    snprintf(warning.code, sizeof warning.code, "%s", code);
    snprintf(warning.text, sizeof warning.text, "%s", text);
    for (size_t i = 0; i < state.warning_count; ++i)
        if (strcmp(state.warnings[i].code, warning.code) == 0 &&
            strcmp(state.warnings[i].text, warning.text) == 0)
            return false;
    if (state.warning_count < TML_LOG_WARNINGS)
        state.warnings[state.warning_count++] = warning;
    return true;
}

void tml_warn(const char *code, const char *format, ...)
{
    char text[TML_LOG_WARNING_LENGTH];
    va_list arguments;

    if (state.rank != 0)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (tml_log_remember(code, text))
        tml_log(TML_LOG_WARNING, "%s", text);
}

const tml_warning *tml_log_warnings(size_t *count)
{
    *count = state.warning_count;
    return state.warnings;
}
