#include "commands/configuration.h"

#include <stdio.h>
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

/* Through the table, so that an option obeys the same limits as the file. */
static tml_status set_number(const char *key, uint64_t value, tml_settings *settings, tml_error *error)
{
    char assignment[64];

    snprintf(assignment, sizeof assignment, "%s=%llu", key, (unsigned long long)value);
    return tml_config_set(tml_settings_table(), assignment, settings, sizeof *settings, error);
}

tml_status tml_settings_from_command(const tml_world *world, const char *path,
                                     const tml_common_options *common, tml_settings *settings,
                                     tml_error *error)
{
    const tml_config_table *table = tml_settings_table();
    char *text = NULL;
    tml_status status = path != NULL ? read_shared(world, path, &text, error) : TML_OK;

    tml_config_defaults(table, settings);
    if (status == TML_OK && path != NULL)
        status = tml_config_read_text(table, text, path, settings, sizeof *settings, error);
    free(text);
    for (size_t i = 0; i < common->set_count && status == TML_OK; ++i)
        status = tml_config_set(table, common->sets[i], settings, sizeof *settings, error);
    if (status == TML_OK && common->has_seed)
        status = set_number("run.seed", common->seed, settings, error);
    if (status == TML_OK && common->has_threads)
        status = set_number("run.threads", (uint64_t)common->threads, settings, error);
    /* Each rank has read for itself: one of them may have had no memory for it. */
    return tml_agree(world->comm, status, error);
}
