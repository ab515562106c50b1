#include "io/opacity_file.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Both come from the build (src/cmake/layers.cmake). */
static const char from_program[] = TML_SHARE_FROM_PROGRAM; /* folder of the program to that of its data */
static const char in_sources[] = TML_SHIPPED_IN_SOURCES;

static bool is_table_name(const char *name)
{
    const size_t length = strlen(name);

    return name[0] != '.' && length > 3 && strcmp(name + length - 3, ".h5") == 0;
}

/* The only file *.h5 of a folder. */
static tml_status find_only(const char *folder, char path[TML_PATH_LENGTH], tml_error *error)
{
    DIR *entries = opendir(folder);
    size_t found = 0;
    bool fits = true;

    if (entries == NULL)
        return TML_FAIL(error, TML_NO_INPUT,
                        "%s: no folder of opacity tables that can be read: %s; give one that holds %s",
                        folder, strerror(errno), TML_OPACITY_FILE_NAME);
    for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries))
        if (is_table_name(entry->d_name) && ++found == 1)
            fits = tml_path_join(path, TML_PATH_LENGTH, folder, entry->d_name);
    closedir(entries);
    if (found == 1 && fits)
        return TML_OK;
    path[0] = '\0';
    if (found > 1)
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s holds %zu files *.h5; call the one that is meant %s, or keep it alone", folder,
                        found, TML_OPACITY_FILE_NAME);
    return TML_FAIL(error, TML_NO_INPUT, "%s: no opacity table (%s or another file *.h5) is in this folder",
                    folder, TML_OPACITY_FILE_NAME);
}

static bool is_there(const char *folder, char path[TML_PATH_LENGTH])
{
    return tml_path_join(path, TML_PATH_LENGTH, folder, TML_OPACITY_FILE_NAME) && access(path, F_OK) == 0;
}

/* The folder of the data of an installed program; empty where the system does not say. */
static void find_share(char folder[TML_PATH_LENGTH])
{
    char program[TML_PATH_LENGTH];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    char *slash;

    folder[0] = '\0';
    if (length <= 0)
        return;
    program[length] = '\0';
    slash = strrchr(program, '/');
    if (slash == NULL)
        return;
    slash[1] = '\0';
    if (!tml_path_join(folder, TML_PATH_LENGTH, program, from_program))
        folder[0] = '\0';
}

tml_status tml_opacity_file_find(const char *folder, char path[TML_PATH_LENGTH], tml_error *error)
{
    char share[TML_PATH_LENGTH];

    if (folder != NULL)
        return is_there(folder, path) ? TML_OK : find_only(folder, path, error);
    find_share(share);
    if ((share[0] != '\0' && is_there(share, path)) || is_there(in_sources, path))
        return TML_OK;
    path[0] = '\0';
    return TML_FAIL(error, TML_NO_INPUT,
                    "the opacity table %s is neither in %s nor in %s; install the program with cmake "
                    "--install, or name the table's folder with --tables DIR",
                    TML_OPACITY_FILE_NAME, share, in_sources);
}
