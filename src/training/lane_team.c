#include "training/lane_team.h"

#include <stdlib.h>

#include "core/memory.h"

/* What one thread works with. */
typedef struct worker_room {
    tml_lane *lane;
    float *noisy;    /* [wavelengths] */
    double *scratch; /* [wavelengths] */
    float *spectrum; /* [wavelengths] */
    float *features; /* [TML_PREPARATION_FEATURES] */
} worker_room;

struct tml_lane_team {
    const tml_preparation *preparation;
    tml_sample_layout layout;
    size_t lane_size;
    size_t outputs; /* of a sample */
    int threads;
    worker_room *workers; /* [threads] */
};

static tml_status make_worker(const tml_network *network, const tml_lane_team *team, int training,
                              worker_room *w, tml_error *error)
{
    size_t count = team->layout.wavelengths;
    tml_status status = tml_lane_create(network, team->lane_size, training, &w->lane, error);

    if (status == TML_OK)
        status = tml_array_create(count, sizeof(float), "a spectrum", &w->noisy, error);
    if (status == TML_OK)
        status = tml_array_create(count, sizeof(double), "a spectrum", &w->scratch, error);
    if (status == TML_OK)
        status = tml_array_create(count, sizeof(float), "a spectrum", &w->spectrum, error);
    if (status == TML_OK)
        status = tml_array_create(TML_PREPARATION_FEATURES, sizeof(float), "features", &w->features, error);
    return status;
}

tml_status tml_lane_team_create(const tml_network *network, tml_sample_layout layout,
                                const tml_preparation *preparation, size_t lane_size, int threads,
                                int training, tml_lane_team **team, tml_error *error)
{
    tml_lane_team *made = NULL;
    tml_status status;

    *team = NULL;
    status = tml_array_create(1, sizeof *made, "the lanes", &made, error);
    if (status != TML_OK)
        return status;
    made->preparation = preparation;
    made->layout = layout;
    made->lane_size = lane_size;
    made->outputs = tml_network_outputs(network);
    made->threads = threads;
    status = tml_array_create((size_t)threads, sizeof *made->workers, "the lanes", &made->workers, error);
    for (int w = 0; w < threads && status == TML_OK; ++w)
        status = make_worker(network, made, training, &made->workers[w], error);
    if (status != TML_OK)
        tml_lane_team_destroy(&made);
    *team = made;
    return status;
}

void tml_lane_team_destroy(tml_lane_team **team)
{
    if (*team == NULL)
        return;
    for (int w = 0; w < (*team)->threads && (*team)->workers != NULL; ++w) {
        worker_room *worker = &(*team)->workers[w];

        tml_lane_destroy(&worker->lane);
        free(worker->noisy);
        free(worker->scratch);
        free(worker->spectrum);
        free(worker->features);
    }
    free((*team)->workers);
    free(*team);
    *team = NULL;
}

tml_lane *tml_lane_team_lane(tml_lane_team *team, int worker)
{
    return team->workers[worker].lane;
}

int tml_lane_team_threads(const tml_lane_team *team)
{
    return team->threads;
}

size_t tml_lane_team_lane_size(const tml_lane_team *team)
{
    return team->lane_size;
}

size_t tml_lane_team_outputs(const tml_lane_team *team)
{
    return team->outputs;
}

size_t tml_lane_team_bytes(const tml_lane_team *team)
{
    return (size_t)team->threads * tml_lane_bytes(team->workers[0].lane);
}

tml_status tml_lane_team_fill(tml_lane_team *team, int worker, const float *records, const uint64_t *numbers,
                              size_t count, const tml_noise *noise, uint64_t epoch, tml_error *error)
{
    worker_room *w = &team->workers[worker];
    size_t length = tml_sample_length(team->layout);

    for (size_t i = 0; i < count; ++i) {
        const float *record = records + i * length;
        tml_status status;

        tml_noise_apply(noise, epoch, numbers[i], team->layout.wavelengths, tml_sample_flux(record),
                        w->scratch, w->noisy);
        status = tml_preparation_input(team->preparation, w->noisy, w->spectrum, w->features, error);
        if (status != TML_OK) {
            tml_error_prefix(error,
                             "row %lld of the grid: ", (long long)tml_sample_row(team->layout, record));
            return status;
        }
        tml_lane_set_sample(w->lane, i, w->spectrum, w->features, numbers[i]);
        tml_lane_set_targets(w->lane, i, tml_sample_learned(team->layout, record));
    }
    for (size_t i = count; i < team->lane_size; ++i)
        tml_lane_set_empty(w->lane, i);
    return TML_OK;
}
