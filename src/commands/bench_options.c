#include "commands/bench_options.h"

#include <stdint.h>

#include "commands/configuration.h"
#include "core/text.h"
#include "mpi/agree.h"

/* As the table of the settings has them (training/settings.c). */
enum { MOST_BATCH = 1 << 24, MOST_LANE = 4096 };

tml_status tml_bench_count(const char *what, const char *text, size_t most, size_t *value, tml_error *error)
{
    uint64_t typed = 0;

    if (text == NULL)
        return TML_OK;
    if (!tml_text_to_uint64(text, &typed) || typed < 1 || typed > most)
        return TML_FAIL(error, TML_USAGE, "%s wants a whole number from 1 to %zu, not '%s'", what, most,
                        text);
    *value = (size_t)typed;
    return TML_OK;
}

tml_status tml_bench_settings(const tml_world *world, const char *name, const tml_bench_options *options,
                              const tml_common_options *common, tml_settings *settings, tml_error *error)
{
    size_t batch = 0;
    size_t lane = 0;
    tml_status status = tml_bench_count("--batch-per-rank", options->batch_per_rank, MOST_BATCH, &batch,
                                        error);

    if (status == TML_OK)
        status = tml_bench_count("--lane", options->lane, MOST_LANE, &lane, error);
    if (status != TML_OK)
        tml_error_prefix(error, "%s: ", name);
    else
        status = tml_settings_from_command(world, options->config, common, settings, error);
    if (status != TML_OK)
        return status;
    if (lane > 0)
        settings->batch_lane = (int64_t)lane;
    if (batch > (size_t)(MOST_BATCH / world->size))
        return TML_FAIL(error, TML_USAGE, "%s: --batch-per-rank %zu is too much for %d ranks", name, batch,
                        world->size);
    if (batch > 0)
        settings->batch_global = (int64_t)batch * world->size;
    return TML_OK;
}

tml_status tml_bench_show(const tml_world *world, const tml_bench_figures *figures, bool as_json,
                          tml_error *error)
{
    tml_status status = TML_OK;

    if (world->rank == 0)
        status = tml_bench_print(figures, as_json, error);
    return tml_agree(world->comm, status, error);
}
