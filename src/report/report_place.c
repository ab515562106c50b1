#include "report/report_place.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"

#define PAGE ".html"

static bool is_folder(const char *path)
{
    struct stat facts;

    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

/* "a/b.html" is the folder "a" and the stem "b". @return false if it is not such a name */
static bool split_name(const char *wanted, tml_report_place *place)
{
    const char *slash = strrchr(wanted, '/');
    const char *name = slash != NULL ? slash + 1 : wanted;
    size_t length = strlen(name);
    size_t before = (size_t)(name - wanted);

    if (length <= strlen(PAGE) || strcasecmp(name + length - strlen(PAGE), PAGE) != 0 ||
        length - strlen(PAGE) >= sizeof place->stem || before >= sizeof place->folder)
        return false;
    snprintf(place->stem, sizeof place->stem, "%.*s", (int)(length - strlen(PAGE)), name);
    memcpy(place->tables, place->stem, sizeof place->tables);
    snprintf(place->folder, sizeof place->folder, "%.*s", (int)before, wanted);
    if (before == 0)
        strcpy(place->folder, ".");
    return true;
}

tml_status tml_report_place_choose(const char *wanted, const char *stem, const char *tables,
                                   tml_report_place *place, tml_error *error)
{
    memset(place, 0, sizeof *place);
    if (!is_folder(wanted)) {
        if (split_name(wanted, place) && is_folder(place->folder))
            return TML_OK;
        return TML_FAIL(error, TML_CANNOT_CREATE,
                        "%s: there is no such folder to write the report to; make it first, or name a file "
                        "ending in " PAGE " in a folder that exists",
                        wanted);
    }
    if (!tml_text_copy(place->folder, sizeof place->folder, wanted))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the path is too long", wanted);
    snprintf(place->stem, sizeof place->stem, "%s", stem);
    snprintf(place->tables, sizeof place->tables, "%s", tables);
    return TML_OK;
}

tml_status tml_report_place_prepare(const tml_report_place *place, tml_error *error)
{
    char path[TML_PATH_LENGTH];

    if (access(place->folder, W_OK | X_OK) != 0)
        return TML_FAIL(
            error, TML_CANNOT_CREATE,
            "%s: the report cannot be written there: %s; choose a folder that you may write to by "
            "--out",
            place->folder, strerror(errno));
    if (!tml_path_join(path, sizeof path, place->folder, "figures"))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the path is too long", place->folder);
    if (mkdir(path, 0777) == 0 || (errno == EEXIST && is_folder(path)))
        return TML_OK;
    return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the folder cannot be made (%s)", path, strerror(errno));
}

tml_status tml_report_place_file(const tml_report_place *place, const char *stem, const char *ending,
                                 char path[TML_PATH_LENGTH], tml_error *error)
{
    char name[TML_REPORT_STEM + 16];

    snprintf(name, sizeof name, "%s%s", stem, ending);
    if (tml_path_join(path, TML_PATH_LENGTH, place->folder, name))
        return TML_OK;
    return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the path is too long", place->folder);
}
