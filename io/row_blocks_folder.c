#include "io/row_blocks_folder.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/log.h"
#include "core/memory.h"
#include "io/atomic_file.h"
#include "io/lock_file.h"
#include "io/path.h"
#include "mpi/agree.h"

static const char job_name[] = "job";
static const char lock_name[] = ".lock";
static const size_t longest_job = (size_t)1 << 24;

void tml_blocks_file_name(uint64_t attempt, uint64_t rank, char name[TML_BLOCKS_NAME])
{
    snprintf(name, TML_BLOCKS_NAME, "blocks-%" PRIu64 "-%" PRIu64, attempt, rank);
}

static bool parse_name(const char *name, tml_blocks_file *file)
{
    char again[TML_BLOCKS_NAME];

    if (sscanf(name, "blocks-%" SCNu64 "-%" SCNu64, &file->attempt, &file->rank) != 2)
        return false;
    tml_blocks_file_name(file->attempt, file->rank, again);
    return strcmp(name, again) == 0;
}

/* ---- what is in it ---- */

static tml_status append(tml_blocks_list *list, size_t *room, const tml_blocks_file *file, tml_error *error)
{
    if (list->count == *room) {
        const size_t more = *room > 0 ? 2 * *room : 64;
        tml_blocks_file *grown = realloc(list->file, more * sizeof *grown);

        if (grown == NULL)
            return TML_FAIL(error, TML_INTERNAL, "no memory for the names of %zu files", more);
        list->file = grown;
        *room = more;
    }
    list->file[list->count++] = *file;
    return TML_OK;
}

static tml_status list_files(const char *folder, tml_blocks_list *list, tml_error *error)
{
    DIR *stream = opendir(folder);
    const struct dirent *entry;
    size_t room = 0;
    tml_status status = TML_OK;

    memset(list, 0, sizeof *list);
    if (stream == NULL)
        return TML_FAIL(error, TML_IO_ERROR, "%s: cannot be read: %s", folder, strerror(errno));
    while (status == TML_OK && (entry = readdir(stream)) != NULL) {
        tml_blocks_file file;

        if (parse_name(entry->d_name, &file))
            status = append(list, &room, &file, error);
    }
    closedir(stream);
    return status;
}

tml_status tml_blocks_folder_list(MPI_Comm comm, const char *folder, tml_blocks_list *list, tml_error *error)
{
    enum { WORDS = sizeof *list->file / sizeof(uint64_t) };
    uint64_t count = 0;
    int rank = 0;
    tml_status status = TML_OK;

    memset(list, 0, sizeof *list);
    MPI_Comm_rank(comm, &rank);
    if (rank == 0)
        status = list_files(folder, list, error);
    status = tml_agree(comm, status, error);
    count = list->count;
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(&count, 1, MPI_UINT64_T, 0, comm), "sharing names of files", error);
    if (status == TML_OK && rank != 0)
        status = tml_array_create((size_t)count, sizeof *list->file, "names of files", &list->file, error);
    status = tml_agree(comm, status, error);
    list->count = (size_t)count;
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(list->file, (int)(count * WORDS), MPI_UINT64_T, 0, comm),
                               "sharing names of files", error);
    return status;
}

/* ---- beginning and end ---- */

static void remove_file(const char *folder, const char *name)
{
    char path[TML_PATH_LENGTH];

    if (tml_path_join(path, sizeof path, folder, name) && unlink(path) != 0 && errno != ENOENT)
        tml_log(TML_LOG_DETAIL, "%s: cannot be removed: %s", path, strerror(errno));
}

static void remove_blocks(const char *folder)
{
    tml_blocks_list list;
    tml_error ignored;

    if (list_files(folder, &list, &ignored) != TML_OK)
        tml_log(TML_LOG_DETAIL, "%s", ignored.message);
    for (size_t i = 0; i < list.count; ++i) {
        char name[TML_BLOCKS_NAME];

        tml_blocks_file_name(list.file[i].attempt, list.file[i].rank, name);
        remove_file(folder, name);
    }
    free(list.file);
    remove_file(folder, job_name);
}

/* The first line in which two texts differ, of either. */
static tml_status refuse_other_job(const char *folder, const char *old, const char *now, tml_error *error)
{
    size_t old_length = strcspn(old, "\n");
    size_t now_length = strcspn(now, "\n");

    while (old_length == now_length && old[old_length] == '\n' && now[now_length] == '\n' &&
           strncmp(old, now, old_length) == 0) {
        old += old_length + 1;
        now += now_length + 1;
        old_length = strcspn(old, "\n");
        now_length = strcspn(now, "\n");
    }
    return TML_FAIL(
        error, TML_USAGE,
        "%s: holds another job: there '%.*s', here '%.*s'; give the same options and use the same "
        "program, or begin anew by --force",
        folder, (int)(old_length < 200 ? old_length : 200), old, (int)(now_length < 200 ? now_length : 200),
        now);
}

/* What to do with a folder that is ours already. */
static tml_status take_up(const char *folder, const char *path, const char *job, tml_blocks_start start,
                          tml_error *error)
{
    char *old = NULL;
    tml_status status;

    if (start == TML_BLOCKS_NEW)
        return TML_FAIL(
            error, TML_CANNOT_CREATE,
            "%s: holds what an interrupted job has finished; go on with --resume, or begin anew by "
            "--force",
            folder);
    status = tml_file_read_text(path, longest_job, &old, NULL, error);
    if (status == TML_OK && strcmp(old, job) != 0)
        status = refuse_other_job(folder, old, job, error);
    free(old);
    return status;
}

static tml_status fill_folder(const char *folder, const char *job, tml_blocks_start start, tml_error *error)
{
    char path[TML_PATH_LENGTH];

    if (!tml_path_join(path, sizeof path, folder, job_name))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: its path is too long", folder);
    if (start == TML_BLOCKS_REPLACE || access(path, F_OK) != 0)
        remove_blocks(folder);
    else
        return take_up(folder, path, job, start, error);
    return tml_atomic_write(path, job, strlen(job), error);
}

tml_status tml_blocks_folder_begin(const char *folder, const char *job, tml_blocks_start start, int *lock,
                                   tml_error *error)
{
    char path[TML_PATH_LENGTH];
    tml_status status;

    *lock = -1;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return TML_FAIL(
            error, TML_CANNOT_CREATE,
            "%s: the folder for finished spectra cannot be made (%s); make the folder above it, or "
            "choose another by --out",
            folder, strerror(errno));
    if (!tml_path_join(path, sizeof path, folder, lock_name))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: its path is too long", folder);
    status = tml_lock_file_take(path, "telescopeml grid synth", lock, error);
    if (status == TML_OK)
        status = fill_folder(folder, job, start, error);
    if (status != TML_OK)
        tml_lock_file_release(lock);
    return status;
}

void tml_blocks_folder_end(const char *folder, bool keep, int *lock)
{
    if (*lock < 0)
        return;
    if (!keep) {
        remove_blocks(folder);
        remove_file(folder, lock_name);
        if (rmdir(folder) != 0)
            tml_log(TML_LOG_DETAIL, "%s: cannot be removed: %s", folder, strerror(errno));
    }
    tml_lock_file_release(lock);
}
