#include "commands/result_folder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/path.h"
#include "mpi/agree.h"

static tml_status refuse_results(const tml_result_folder *folder, tml_error *error)
{
    char path[TML_PATH_LENGTH];

    for (size_t i = 0; i < folder->name_count; ++i)
        if (!tml_path_join(path, sizeof path, folder->path, folder->names[i]) || access(path, F_OK) == 0)
            return TML_FAIL(error, TML_CANNOT_CREATE,
                            "%s: holds %s already (%s); replace it by --force, or choose another folder by "
                            "--out",
                            folder->path, folder->what, folder->names[i]);
    return TML_OK;
}

static tml_status prepare(const tml_result_folder *folder, tml_error *error)
{
    struct stat facts;

    if (mkdir(folder->path, 0777) != 0 && errno != EEXIST)
        return TML_FAIL(error, TML_CANNOT_CREATE,
                        "%s: the folder cannot be made (%s); make the folder above it, or choose another by "
                        "--out",
                        folder->path, strerror(errno));
    if (stat(folder->path, &facts) != 0 || !S_ISDIR(facts.st_mode) || access(folder->path, W_OK | X_OK) != 0)
        return TML_FAIL(error, TML_CANNOT_CREATE,
                        "%s: results cannot be written there; choose another folder by --out", folder->path);
    return folder->replace ? TML_OK : refuse_results(folder, error);
}

tml_status tml_result_folder_prepare(const tml_world *world, const tml_result_folder *folder,
                                     tml_error *error)
{
    tml_status status = world->rank == 0 ? prepare(folder, error) : TML_OK;

    return tml_agree(world->comm, status, error);
}
