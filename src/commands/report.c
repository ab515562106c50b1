#include "commands/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "io/atomic_file.h"
#include "io/path.h"
#include "mpi/agree.h"
#include "report/report.h"

enum { MOST_JSON = 1 << 30 };

/* The document on disk is what is printed: there is one truth. */
static tml_status print_document(const char *folder, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    char *text = NULL;
    tml_status status;

    if (!tml_path_join(path, sizeof path, folder, "report.json"))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the path is too long", folder);
    status = tml_file_read_text(path, MOST_JSON, &text, NULL, error);
    if (status == TML_OK && (fputs(text, stdout) == EOF || fflush(stdout) == EOF))
        status = TML_FAIL(error, TML_IO_ERROR,
                          "standard output: the JSON document could not be written (%s); it stands in %s",
                          strerror(errno), path);
    free(text);
    return status;
}

static tml_status print_path(const char *folder, tml_error *error)
{
    char path[TML_PATH_LENGTH];

    if (!tml_path_join(path, sizeof path, folder, "report.html"))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the path is too long", folder);
    if (printf("report     %s\n", path) < 0 || fflush(stdout) == EOF)
        return TML_FAIL(error, TML_IO_ERROR, "standard output: %s", strerror(errno));
    return TML_OK;
}

static tml_status report(const char *folder, const tml_common_options *common, tml_error *error)
{
    tml_status status;

    if (common->dry_run) {
        status = tml_report_check(folder, error);
        if (status == TML_OK)
            tml_log(TML_LOG_INFO, "%s can be reported on; nothing was written", folder);
        return status;
    }
    status = tml_report_write(folder, error);
    if (status == TML_OK)
        status = common->json ? print_document(folder, error) : print_path(folder, error);
    return status;
}

tml_status tml_command_report(const tml_world *world, int argc, char **argv, tml_error *error)
{
    const tml_command_usage usage = {
        .name = "report",
        .synopsis = "DIR [options]",
        .summary =
            "Makes the report of a folder again from the results in it: DIR/report.html, one file for\n"
            "a browser, DIR/report.json and DIR/figures. It tells of observed objects, of a table of\n"
            "objects, of the network's scores and of its training, whatever of them is there.",
        .positional_minimum = 1,
        .positional_maximum = 1,
        .examples = "  telescopeml report runs/small",
    };
    const char *folder[1] = {NULL};
    tml_common_options common;
    bool help_shown;
    tml_status status = tml_command_parse(world, &usage, argc, argv, &common, folder, NULL, &help_shown,
                                          error);

    if (status != TML_OK || help_shown)
        return status;
    if (world->rank == 0)
        status = report(folder[0], &common, error);
    return tml_agree(world->comm, status, error);
}
