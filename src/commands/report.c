#include "commands/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/text.h"
#include "io/atomic_file.h"
#include "io/path.h"
#include "mpi/agree.h"
#include "report/comparison.h"
#include "report/report.h"

enum { MOST_JSON = 1 << 30, WORD = 64 };

/* ---- options ---- */

static const struct {
    const char *word;
    tml_report_format format;
} formats[] = {{"html", TML_REPORT_HTML}, {"md", TML_REPORT_MARKDOWN}, {"tex", TML_REPORT_LATEX}};

enum { FORMATS = sizeof formats / sizeof formats[0] };

static tml_status add_format(const char *word, unsigned *set, tml_error *error)
{
    const char *words[FORMATS];
    const char *nearest;

    for (size_t i = 0; i < FORMATS; ++i) {
        words[i] = formats[i].word;
        if (strcmp(word, words[i]) == 0) {
            *set |= (unsigned)formats[i].format;
            return TML_OK;
        }
    }
    nearest = tml_text_nearest(word, words, FORMATS);
    return TML_FAIL(error, TML_USAGE, "report: --format '%s' is none of html, md, tex%s%s%s", word,
                    nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
                    nearest != NULL ? "?" : "");
}

/* A list of words with commas between them. */
static tml_status read_formats(const char *list, unsigned *set, tml_error *error)
{
    tml_status status = TML_OK;

    *set = list == NULL ? TML_REPORT_HTML : 0;
    while (list != NULL && status == TML_OK) {
        size_t length = strcspn(list, ",");
        char word[WORD];

        snprintf(word, sizeof word, "%.*s", (int)(length < WORD ? length : WORD - 1), list);
        status = add_format(word, set, error);
        list = list[length] == ',' ? list + length + 1 : NULL;
    }
    return status;
}

/* ---- output ---- */

/* The document on disk is what is printed: there is one truth. */
static tml_status print_document(const tml_report_place *place, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    char *text = NULL;
    tml_status status = tml_report_place_file(place, place->stem, ".json", path, error);

    if (status == TML_OK)
        status = tml_file_read_text(path, MOST_JSON, &text, NULL, error);
    if (status == TML_OK && (fputs(text, stdout) == EOF || fflush(stdout) == EOF))
        status = TML_FAIL(error, TML_IO_ERROR,
                          "standard output: the JSON document could not be written (%s); it stands in %s",
                          strerror(errno), path);
    free(text);
    return status;
}

static tml_status print_path(const tml_report_place *place, const char *what, const char *stem,
                             const char *ending, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    tml_status status = tml_report_place_file(place, stem, ending, path, error);

    if (status == TML_OK && (printf("%-10s %s\n", what, path) < 0 || fflush(stdout) == EOF))
        status = TML_FAIL(error, TML_IO_ERROR, "standard output: %s", strerror(errno));
    return status;
}

static tml_status print_paths(const tml_report_place *place, unsigned set, tml_error *error)
{
    tml_status status = TML_OK;

    if ((set & TML_REPORT_HTML) != 0)
        status = print_path(place, "report", place->stem, ".html", error);
    if (status == TML_OK && (set & TML_REPORT_MARKDOWN) != 0)
        status = print_path(place, "tables", place->stem, ".md", error);
    if (status == TML_OK && (set & TML_REPORT_LATEX) != 0)
        status = print_path(place, "tables", place->tables, ".tex", error);
    return status;
}

static tml_status report(const tml_report_request *request, const tml_common_options *common,
                         tml_error *error)
{
    tml_report_place place;
    tml_status status;

    if (common->dry_run) {
        status = tml_report_check(request, error);
        for (size_t i = 0; i < request->folders && status == TML_OK; ++i)
            tml_log(TML_LOG_INFO, "%s can be reported on; nothing was written", request->folder[i]);
        return status;
    }
    status = tml_report_make(request, &place, error);
    if (status == TML_OK)
        status = common->json ? print_document(&place, error) : print_paths(&place, request->formats, error);
    return status;
}

tml_status tml_command_report(const tml_world *world, int argc, char **argv, tml_error *error)
{
    const char *out = NULL;
    const char *list = NULL;
    const tml_option own[] = {
        {"out", "DIR|F.html", "where the report goes: a folder that exists (default: DIR), or a file in one",
         &out},
        {"format", "LIST", "html, md, tex or several of them: html,md,tex (default: html)", &list},
    };
    const tml_command_usage usage = {
        .name = "report",
        .synopsis = "DIR [DIR2 ...] [options]",
        .summary =
            "Makes the report of a folder again from the results in it: DIR/report.html, one file for\n"
            "a browser, DIR/report.json and DIR/figures. It tells of observed objects, of a table of\n"
            "objects, of the network's scores and of its training, whatever of them is there. Of several\n"
            "folders it makes comparison.html and comparison.json in --out: answers, scores, trainings and\n"
            "settings side by side. md and tex are the tables for a paper: report.md and tables.tex.",
        .options = own,
        .option_count = sizeof own / sizeof own[0],
        .positional_minimum = 1,
        .positional_maximum = TML_COMPARED_FOLDERS,
        .examples = "  telescopeml report runs/small\n"
                    "  telescopeml report runs/small runs/large --out runs\n"
                    "  telescopeml report runs/gj570d --format html,md,tex",
    };
    const char *folder[TML_COMPARED_FOLDERS] = {NULL};
    tml_report_request request = {.folder = folder};
    tml_common_options common;
    bool help_shown;
    tml_status status = tml_command_parse(world, &usage, argc, argv, &common, folder, &request.folders,
                                          &help_shown, error);

    if (status != TML_OK || help_shown)
        return status;
    status = read_formats(list, &request.formats, error);
    if (status != TML_OK)
        return status;
    request.out = out;
    if (world->rank == 0)
        status = report(&request, &common, error);
    return tml_agree(world->comm, status, error);
}
