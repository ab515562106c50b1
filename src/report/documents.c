#include "report/documents.h"

#include <stdlib.h>

#include "io/atomic_file.h"
#include "io/envelope.h"
#include "report/comparison_sheets.h"

tml_status tml_document_render(tml_document_print *print, const void *data, char **text, size_t *count,
                               tml_error *error)
{
    FILE *out;
    int failed;

    *text = NULL;
    *count = 0;
    out = open_memstream(text, count);
    if (out == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for a document of the report");
    print(out, data);
    failed = ferror(out);
    if (fclose(out) == 0 && !failed)
        return TML_OK;
    free(*text);
    *text = NULL;
    return TML_FAIL(error, TML_INTERNAL, "no memory for a document of the report");
}

tml_status tml_document_write_json(const tml_report_place *place, const cJSON *document, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    tml_status status;

    if (document == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for %s.json", place->stem);
    status = tml_report_place_file(place, place->stem, ".json", path, error);
    return status == TML_OK ? tml_json_write(path, document, error) : status;
}

/* ---- tables ---- */

static bool is_any(const tml_comparison_sheets *sheets)
{
    for (size_t i = 0; i < TML_SHEET_KINDS; ++i)
        if (sheets->sheet[i].rows > 0)
            return true;
    return false;
}

static void print_markdown(FILE *out, const void *data)
{
    const tml_comparison_sheets *sheets = data;

    fputs("# TelescopeML: tables\n", out);
    if (!is_any(sheets))
        fputs("\nThere are no objects and no scores.\n", out);
    for (size_t i = 0; i < TML_SHEET_KINDS; ++i)
        if (sheets->sheet[i].rows > 0)
            tml_sheet_markdown(out, &sheets->sheet[i]);
}

static void print_latex(FILE *out, const void *data)
{
    const tml_comparison_sheets *sheets = data;

    fputs("% Made by telescopeml report. To be read into a document by \\input; it wants\n"
          "% \\usepackage[T1]{fontenc} and \\usepackage{booktabs}.\n",
          out);
    if (!is_any(sheets))
        fputs("% There are no objects and no scores.\n", out);
    for (size_t i = 0; i < TML_SHEET_KINDS; ++i)
        if (sheets->sheet[i].rows > 0)
            tml_sheet_latex(out, &sheets->sheet[i]);
}

static tml_status write_tables(const tml_comparison_sheets *sheets, const tml_report_place *place,
                               tml_report_format format, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    char *text = NULL;
    size_t count = 0;
    tml_status status = format == TML_REPORT_MARKDOWN
                            ? tml_report_place_file(place, place->stem, ".md", path, error)
                            : tml_report_place_file(place, place->tables, ".tex", path, error);

    if (status == TML_OK)
        status = tml_document_render(format == TML_REPORT_MARKDOWN ? print_markdown : print_latex, sheets,
                                     &text, &count, error);
    if (status == TML_OK)
        status = tml_atomic_write(path, text, count, error);
    free(text);
    return status;
}

tml_status tml_documents_write_tables(const tml_comparison *comparison, const tml_report_place *place,
                                      unsigned formats, tml_error *error)
{
    tml_comparison_sheets sheets = {0};
    tml_status status;

    if ((formats & (TML_REPORT_MARKDOWN | TML_REPORT_LATEX)) == 0)
        return TML_OK;
    status = tml_comparison_sheets_fill(comparison, &sheets, error);
    if (status == TML_OK && (formats & TML_REPORT_MARKDOWN) != 0)
        status = write_tables(&sheets, place, TML_REPORT_MARKDOWN, error);
    if (status == TML_OK && (formats & TML_REPORT_LATEX) != 0)
        status = write_tables(&sheets, place, TML_REPORT_LATEX, error);
    tml_comparison_sheets_free(&sheets);
    return status;
}
