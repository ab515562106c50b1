#include "io/run_directory.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/fault.h"
#include "core/memory.h"
#include "core/text.h"
#include "io/lock_file.h"
#include "io/path.h"
#include "io/run_files.h"
#include "mpi/agree.h"

struct tml_run_directory {
    char path[TML_PATH_LENGTH];
    int lock; /* -1 on all ranks but 0 */
};

static tml_status make_folder(const char *path, tml_error *error)
{
    struct stat facts;

    if (!tml_fault("mkdir") && mkdir(path, 0777) == 0)
        return TML_OK;
    if (errno == EEXIST && stat(path, &facts) == 0 && S_ISDIR(facts.st_mode))
        return TML_OK;
    if (errno == EEXIST)
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: is not a folder; choose another name or move it away",
                        path);
    return TML_FAIL(error, TML_CANNOT_CREATE,
                    "%s: the folder cannot be made (%s); choose a place that you may write to", path,
                    strerror(errno));
}

static tml_status make_folder_below(const char *path, const char *name, tml_error *error)
{
    char below[TML_PATH_LENGTH];

    if (!tml_path_join(below, sizeof below, path, name))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the path is too long", path);
    return make_folder(below, error);
}

static tml_status check_contents(const char *path, tml_run_start start, tml_error *error)
{
    bool is_used = false;
    bool has_run = false;
    tml_status status = tml_run_files_present(path, &is_used, &has_run, error);

    if (status != TML_OK)
        return status;
    if (start == TML_RUN_NEW && is_used)
        return TML_FAIL(
            error, TML_CANNOT_CREATE,
            "%s: the run directory is not empty; go on with its run by --resume, replace its run by "
            "--force, or choose another one",
            path);
    if (start == TML_RUN_RESUME && is_used && !has_run)
        return TML_FAIL(error, TML_NO_INPUT,
                        "%s: holds no run to resume; check the name, or start a new run without --resume in "
                        "a folder of its own",
                        path);
    return TML_OK;
}

/* The place of a run directory that is not there yet. */
static tml_status check_parent(const char *path, tml_error *error)
{
    char copy[TML_PATH_LENGTH];
    struct stat facts;
    const char *parent;

    if (!tml_text_copy(copy, sizeof copy, path))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the path is too long", path);
    parent = dirname(copy);
    if (stat(parent, &facts) != 0)
        return TML_FAIL(error, TML_CANNOT_CREATE,
                        "%s: the folder above it does not exist; make it first (mkdir -p)", path);
    if (!S_ISDIR(facts.st_mode))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: %s is a file, not a folder; choose another name", path,
                        parent);
    if (access(parent, W_OK | X_OK) != 0)
        return TML_FAIL(error, TML_CANNOT_CREATE,
                        "%s: %s may not be written to (%s); choose another place for the run directory", path,
                        parent, strerror(errno));
    return TML_OK;
}

/* All that can be said without changing anything. */
static tml_status examine(const char *path, tml_run_start start, tml_error *error)
{
    struct stat facts;

    if (stat(path, &facts) == 0 && !S_ISDIR(facts.st_mode))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: is not a folder; choose another name or move it away",
                        path);
    if (stat(path, &facts) != 0 && start == TML_RUN_RESUME)
        return TML_FAIL(
            error, TML_NO_INPUT,
            "%s: there is no run to resume (%s); check the name, or start a new run without --resume", path,
            strerror(errno));
    if (stat(path, &facts) != 0)
        return check_parent(path, error);
    if (access(path, W_OK | X_OK) != 0)
        return TML_FAIL(error, TML_CANNOT_CREATE,
                        "%s: the run directory may not be written to (%s); choose another one", path,
                        strerror(errno));
    return check_contents(path, start, error);
}

static tml_status take_lock(tml_run_directory *directory, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    char host[256] = "unknown";
    char owner[320];

    if (!tml_path_join(path, sizeof path, directory->path, ".lock"))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the path is too long", directory->path);
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    host[sizeof host - 1] = '\0';
    snprintf(owner, sizeof owner, "process %ld on %s", (long)getpid(), host);
    return tml_lock_file_take(path, owner, &directory->lock, error);
}

static tml_status prepare(tml_run_directory *directory, tml_run_start start, tml_error *error)
{
    const char *path = directory->path;
    /* Looked at before the lock leaves a file in a folder that is refused, and again once no other job can
     * write. */
    tml_status status = examine(path, start, error);

    if (status == TML_OK)
        status = make_folder(path, error);
    if (status == TML_OK)
        status = take_lock(directory, error);
    if (status == TML_OK)
        status = check_contents(path, start, error);
    if (status == TML_OK && start == TML_RUN_FORCE)
        status = tml_run_files_remove(path, error);
    if (status == TML_OK)
        status = make_folder_below(path, "checkpoints", error);
    if (status == TML_OK)
        status = make_folder_below(path, "figures", error);
    return status;
}

tml_status tml_run_directory_check(MPI_Comm comm, const char *path, tml_run_start start, tml_error *error)
{
    int rank = 0;
    tml_status status = tml_mpi_check(MPI_Comm_rank(comm, &rank), "asking for the rank", error);

    if (status == TML_OK && rank == 0)
        status = examine(path, start, error);
    return tml_agree(comm, status, error);
}

tml_status tml_run_directory_open(MPI_Comm comm, const char *path, tml_run_start start,
                                  tml_run_directory **directory, tml_error *error)
{
    tml_run_directory *made = NULL;
    int rank = 0;
    tml_status status = tml_mpi_check(MPI_Comm_rank(comm, &rank), "asking for the rank", error);

    *directory = NULL;
    if (status == TML_OK)
        status = tml_array_create(1, sizeof *made, "the run directory", &made, error);
    if (status == TML_OK) {
        made->lock = -1;
        if (path[0] == '\0' || !tml_text_copy(made->path, sizeof made->path, path))
            status = TML_FAIL(error, TML_CANNOT_CREATE, "'%.80s' cannot be the name of a run directory",
                              path);
    }
    if (status == TML_OK && rank == 0)
        status = prepare(made, start, error);
    status = tml_agree(comm, status, error);
    if (status != TML_OK)
        tml_run_directory_close(&made);
    *directory = made;
    return status;
}

const char *tml_run_directory_path(const tml_run_directory *directory)
{
    return directory->path;
}

void tml_run_directory_close(tml_run_directory **directory)
{
    if (*directory == NULL)
        return;
    tml_lock_file_release(&(*directory)->lock);
    free(*directory);
    *directory = NULL;
}
