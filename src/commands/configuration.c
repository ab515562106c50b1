#include "commands/configuration.h"

#include <stdlib.h>

#include "io/atomic_file.h"
#include "mpi/agree.h"

enum { LARGEST_CONFIGURATION = 1 << 20 };

static tml_status read_shared(const tml_world *world, const char *path, char **text, tml_error *error)
{
    tml_status status = TML_OK;

    *text = NULL;
    if (world->rank == 0)
        status = tml_file_read_text(path, LARGEST_CONFIGURATION, text, NULL, error);
    status = tml_agree(world->comm, status, error);
    return status == TML_OK ? tml_share_text(world->comm, text, error) : status;
}

tml_status tml_settings_from_command(const tml_world *world, const char *path,
                                     const tml_common_options *common, tml_settings *settings,
                                     tml_error *error)
{
    const tml_config_table *table = tml_settings_table();
    char *text = NULL;
    tml_status status = read_shared(world, path, &text, error);

    tml_config_defaults(table, settings);
    if (status == TML_OK)
        status = tml_config_read_text(table, text, path, settings, sizeof *settings, error);
    free(text);
    for (size_t i = 0; i < common->set_count && status == TML_OK; ++i)
        status = tml_config_set(table, common->sets[i], settings, sizeof *settings, error);
    if (common->has_seed)
        settings->seed = (int64_t)common->seed;
    if (common->has_threads)
        settings->threads = common->threads;
    return status;
}
