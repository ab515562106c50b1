#include "io/run_files.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"
#include "io/path.h"

static const char PARTIAL[] = ".partial";

/* Names in the run directory and in its folders, ended by NULL. */
static const char *const own_files[] = {"used_parameters.yml",
                                        "provenance.json",
                                        "metrics.jsonl",
                                        "history.csv",
                                        "model.h5",
                                        "results.h5",
                                        "report.*",
                                        "evaluation.*",
                                        "evaluation_rows.csv",
                                        "predictions.csv",
                                        "predictions.json",
                                        "ranks.csv",
                                        "phases.csv",
                                        NULL};
static const char *const own_checkpoints[] = {"step-*.h5", NULL};
static const char *const own_figures[] = {"*.pdf", "*.svg", "*.png", NULL};

static tml_status path_too_long(const char *folder, tml_error *error)
{
    return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the path is too long", folder);
}

static tml_status cannot_read(const char *folder, tml_error *error)
{
    return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the folder cannot be read (%s)", folder, strerror(errno));
}

static bool is_dot(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Not entered when it is a link: what is behind it may be somebody else's. */
static bool is_own_folder(const char *path)
{
    struct stat facts;

    return lstat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

static bool is_empty_folder(const char *path)
{
    DIR *stream = is_own_folder(path) ? opendir(path) : NULL;
    const struct dirent *entry;
    bool is_empty = stream != NULL;

    while (is_empty && (entry = readdir(stream)) != NULL)
        is_empty = is_dot(entry->d_name);
    if (stream != NULL)
        closedir(stream);
    return is_empty;
}

static bool is_leftover(const char *folder, const char *name)
{
    char path[TML_PATH_LENGTH];

    if (strcmp(name, ".lock") == 0)
        return true;
    if (strcmp(name, "checkpoints") != 0 && strcmp(name, "figures") != 0)
        return false;
    return tml_path_join(path, sizeof path, folder, name) && is_empty_folder(path);
}

static bool is_own(const char *name, const char *const *patterns)
{
    char whole[TML_PATH_LENGTH];
    size_t length = strlen(name);
    size_t tail = sizeof PARTIAL - 1;

    if (!tml_text_copy(whole, sizeof whole, name))
        return false;
    if (length > tail && strcmp(whole + length - tail, PARTIAL) == 0)
        whole[length - tail] = '\0';
    for (; *patterns != NULL; ++patterns)
        if (fnmatch(*patterns, whole, FNM_PERIOD) == 0)
            return true;
    return false;
}

tml_status tml_run_files_present(const char *folder, bool *is_used, bool *has_run, tml_error *error)
{
    DIR *stream = opendir(folder);
    const struct dirent *entry;

    if (stream == NULL)
        return cannot_read(folder, error);
    *is_used = false;
    *has_run = false;
    while ((entry = readdir(stream)) != NULL) {
        const char *name = entry->d_name;

        if (is_dot(name) || is_leftover(folder, name))
            continue;
        *is_used = true;
        *has_run = *has_run || is_own(name, own_files) || strcmp(name, "checkpoints") == 0;
    }
    closedir(stream);
    return TML_OK;
}

static tml_status remove_matching(const char *folder, const char *const *patterns, tml_error *error)
{
    DIR *stream = opendir(folder);
    const struct dirent *entry;
    tml_status status = TML_OK;

    if (stream == NULL)
        return cannot_read(folder, error);
    while (status == TML_OK && (entry = readdir(stream)) != NULL) {
        char path[TML_PATH_LENGTH];
        struct stat facts;

        if (!is_own(entry->d_name, patterns))
            continue;
        if (!tml_path_join(path, sizeof path, folder, entry->d_name))
            status = path_too_long(folder, error);
        else if (lstat(path, &facts) == 0 && (S_ISREG(facts.st_mode) || S_ISLNK(facts.st_mode)) &&
                 unlink(path) != 0)
            status = TML_FAIL(error, TML_CANNOT_CREATE, "%s: cannot be removed (%s)", path, strerror(errno));
    }
    closedir(stream);
    return status;
}

static tml_status remove_below(const char *folder, const char *name, const char *const *patterns,
                               tml_error *error)
{
    char path[TML_PATH_LENGTH];

    if (!tml_path_join(path, sizeof path, folder, name))
        return path_too_long(folder, error);
    return is_own_folder(path) ? remove_matching(path, patterns, error) : TML_OK;
}

tml_status tml_run_files_remove(const char *folder, tml_error *error)
{
    tml_status status = remove_matching(folder, own_files, error);

    if (status == TML_OK)
        status = remove_below(folder, "checkpoints", own_checkpoints, error);
    if (status == TML_OK)
        status = remove_below(folder, "figures", own_figures, error);
    return status;
}
