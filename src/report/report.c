#include "report/report.h"

#include <stdlib.h>

#include "io/atomic_file.h"
#include "report/documents.h"
#include "report/figures.h"
#include "report/report_html.h"
#include "report/report_json.h"

/* The folders, and where the report goes. */
static tml_status read_request(const tml_report_request *request, tml_comparison *comparison,
                               tml_report_place *place, tml_error *error)
{
    tml_status status;

    if (request->folders > 1 && request->out == NULL)
        return TML_FAIL(error, TML_USAGE,
                        "report: %zu folders are compared: say by --out DIR where the comparison goes",
                        request->folders);
    status = tml_comparison_read(request->folders, request->folder, comparison, error);
    if (status != TML_OK)
        return status;
    status = request->folders == 1
                 ? tml_report_place_choose(request->out != NULL ? request->out : request->folder[0], "report",
                                           "tables", place, error)
                 : tml_report_place_choose(request->out, "comparison", "comparison", place, error);
    if (status != TML_OK)
        tml_comparison_free(comparison);
    return status;
}

/* ---- one folder ---- */

static tml_status write_html(const tml_report_sources *sources, const tml_report_figures *figures,
                             const cJSON *document, const tml_report_place *place, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    char *text = NULL;
    size_t count = 0;
    tml_status status = tml_report_html(sources, figures, document, &text, &count, error);

    if (status == TML_OK)
        status = tml_report_place_file(place, place->stem, ".html", path, error);
    if (status == TML_OK)
        status = tml_atomic_write(path, text, count, error);
    free(text);
    return status;
}

static tml_status report_folder(const tml_comparison *comparison, const tml_report_place *place,
                                unsigned formats, tml_error *error)
{
    const tml_report_sources *sources = &comparison->folder[0].sources;
    tml_report_figures figures = {0};
    cJSON *document = NULL;
    tml_status status = tml_report_figures_draw(sources, place->folder, &figures, error);

    if (status == TML_OK) {
        document = tml_report_json(sources, &figures);
        status = tml_document_write_json(place, document, error);
    }
    if (status == TML_OK && (formats & TML_REPORT_HTML) != 0)
        status = write_html(sources, &figures, document, place, error);
    cJSON_Delete(document);
    tml_report_figures_free(&figures);
    return status;
}

/* ---- several folders ---- */

static tml_status compare_folders(const tml_comparison *comparison, const tml_report_place *place,
                                  unsigned formats, tml_error *error)
{
    tml_report_figures figures = {0};
    cJSON *document = NULL;
    tml_status status = tml_comparison_figures_draw(comparison, place->folder, &figures, error);

    if (status == TML_OK) {
        document = tml_comparison_json(comparison, &figures);
        status = tml_document_write_json(place, document, error);
    }
    if (status == TML_OK && (formats & TML_REPORT_HTML) != 0)
        status = tml_comparison_write_html(comparison, &figures, place, error);
    cJSON_Delete(document);
    tml_report_figures_free(&figures);
    return status;
}

/* ---- both ---- */

tml_status tml_report_make(const tml_report_request *request, tml_report_place *place, tml_error *error)
{
    tml_comparison comparison;
    tml_status status = read_request(request, &comparison, place, error);

    if (status != TML_OK)
        return status;
    status = tml_report_place_prepare(place, error);
    if (status == TML_OK)
        status = request->folders == 1 ? report_folder(&comparison, place, request->formats, error)
                                       : compare_folders(&comparison, place, request->formats, error);
    if (status == TML_OK)
        status = tml_documents_write_tables(&comparison, place, request->formats, error);
    tml_comparison_free(&comparison);
    return status;
}

tml_status tml_report_check(const tml_report_request *request, tml_error *error)
{
    tml_comparison comparison;
    tml_report_place place;
    tml_status status = read_request(request, &comparison, &place, error);

    if (status == TML_OK)
        tml_comparison_free(&comparison);
    return status;
}

tml_status tml_report_write(const char *folder, tml_error *error)
{
    const tml_report_request request = {.folders = 1, .folder = &folder, .formats = TML_REPORT_HTML};
    tml_report_place place;

    return tml_report_make(&request, &place, error);
}
