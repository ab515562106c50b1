#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/atomic_file.h"
#include "io/envelope.h"
#include "io/path.h"
#include "report/figures.h"
#include "report/report_html.h"
#include "report/report_json.h"

static tml_status make_figures_folder(const char *folder, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    struct stat facts;

    if (access(folder, W_OK | X_OK) != 0)
        return TML_FAIL(error, TML_CANNOT_CREATE,
                        "%s: the report cannot be written there: %s; copy the folder to a place that you may "
                        "write to",
                        folder, strerror(errno));
    if (!tml_path_join(path, sizeof path, folder, "figures"))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the path is too long", folder);
    if (mkdir(path, 0777) == 0 || (errno == EEXIST && stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)))
        return TML_OK;
    return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the folder cannot be made (%s)", path, strerror(errno));
}

static tml_status write_html(const tml_report_sources *sources, const tml_report_figures *figures,
                             const cJSON *document, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    char *text = NULL;
    size_t count = 0;
    tml_status status = tml_report_html(sources, figures, document, &text, &count, error);

    if (status == TML_OK && !tml_path_join(path, sizeof path, sources->folder, "report.html"))
        status = TML_FAIL(error, TML_CANNOT_CREATE, "%s: the path is too long", sources->folder);
    if (status == TML_OK)
        status = tml_atomic_write(path, text, count, error);
    free(text);
    return status;
}

static tml_status write_documents(const tml_report_sources *sources, const tml_report_figures *figures,
                                  tml_error *error)
{
    char path[TML_PATH_LENGTH];
    cJSON *document = tml_report_json(sources, figures);
    tml_status status = TML_OK;

    if (document == NULL)
        status = TML_FAIL(error, TML_INTERNAL, "no memory for report.json");
    else if (!tml_path_join(path, sizeof path, sources->folder, "report.json"))
        status = TML_FAIL(error, TML_CANNOT_CREATE, "%s: the path is too long", sources->folder);
    if (status == TML_OK)
        status = tml_json_write(path, document, error);
    if (status == TML_OK)
        status = write_html(sources, figures, document, error);
    cJSON_Delete(document);
    return status;
}

tml_status tml_report_write(const char *folder, tml_error *error)
{
    tml_report_sources sources;
    tml_report_figures figures = {0};
    tml_status status = tml_report_sources_read(folder, &sources, error);

    if (status != TML_OK)
        return status;
    status = make_figures_folder(folder, error);
    if (status == TML_OK)
        status = tml_report_figures_draw(&sources, &figures, error);
    if (status == TML_OK)
        status = write_documents(&sources, &figures, error);
    tml_report_figures_free(&figures);
    tml_report_sources_free(&sources);
    return status;
}

tml_status tml_report_check(const char *folder, tml_error *error)
{
    tml_report_sources sources;
    tml_status status = tml_report_sources_read(folder, &sources, error);

    if (status == TML_OK)
        tml_report_sources_free(&sources);
    return status;
}
