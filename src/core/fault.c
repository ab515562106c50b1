#include "core/fault.h"

#ifdef TML_FAULTS

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

static atomic_ullong calls;
static unsigned long long struck; /* number of the call that fails; 0: none */
static char report[512];          /* path; "" for none */

static void write_report(const char *word, unsigned long long number, const char *what)
{
    FILE *file = report[0] != '\0' ? fopen(report, "a") : NULL;

    if (file == NULL)
        return;
    fprintf(file, "%s %llu%s%s\n", word, number, what[0] != '\0' ? " " : "", what);
    fclose(file);
}

static void report_count(void)
{
    write_report("calls", atomic_load(&calls), "");
}

static unsigned long long number_in(const char *name, unsigned long long otherwise)
{
    const char *text = getenv(name);
    uint64_t value = 0;

    return text != NULL && tml_text_to_uint64(text, &value) ? value : otherwise;
}

void tml_fault_setup(int rank)
{
    const char *path = getenv("TML_FAULT_REPORT");

    atomic_store(&calls, 0);
    struck = number_in("TML_FAULT_RANK", 0) == (unsigned long long)rank ? number_in("TML_FAULT_CALL", 0) : 0;
    if (path != NULL && snprintf(report, sizeof report, "%s.%d", path, rank) < (int)sizeof report)
        atexit(report_count);
    else
        report[0] = '\0';
}

bool tml_fault(const char *what)
{
    if (atomic_fetch_add(&calls, 1) + 1 != struck)
        return false;
    write_report("strikes", struck, what);
    errno = EIO;
    return true;
}

#endif
