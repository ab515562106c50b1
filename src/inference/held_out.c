#include "inference/held_out.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "inference/predicted_spread.h"
#include "mpi/agree.h"
#include "training/lane_team.h"
#include "training/sweep.h"

/* The sweep over one part: this rank's rows go to their place among those of all. */
typedef struct collection {
    const tml_model *model;
    const tml_data_set *data;
    size_t offset; /* of the part's first row in the table */
    size_t room;
    size_t width; /* of a row of the table */
    double
        *table; /* [room][width]: prediction, residual, spread if there is one; 0 where another rank writes */
} collection;

static double as_learned(const tml_preparation *preparation, size_t t, double value)
{
    return preparation->choice.target_log10[t] ? log10(value) : value;
}

static tml_status keep_errors(void *context, const float *records, const uint64_t *numbers, size_t count,
                              const float *outputs, tml_error *error)
{
    collection *c = context;
    tml_sample_layout layout = c->data->layout;
    const tml_preparation *preparation = &c->model->preparation;
    size_t width = tml_network_outputs(&c->model->network);

    (void)error;
    for (size_t i = 0; i < count; ++i) {
        double truth[TML_PREPARATION_TARGETS];
        double value[TML_PREPARATION_TARGETS];
        double *row;

        if (c->offset + numbers[i] >= c->room)
            continue;
        row = c->table + (c->offset + (size_t)numbers[i]) * c->width;
        tml_sample_truth(layout, records + i * tml_sample_length(layout), truth);
        tml_preparation_inverse(preparation, outputs + i * width, value);
        for (size_t t = 0; t < layout.targets; ++t) {
            row[t] = as_learned(preparation, t, value[t]);
            row[layout.targets + t] = as_learned(preparation, t, truth[t]) - row[t];
        }
        if (tml_predicts_spread(c->model))
            tml_predicted_spread(c->model, outputs + i * width, row + 2 * layout.targets);
    }
    return TML_OK;
}

static size_t rows_of(const tml_data_set *data, tml_part part)
{
    return data->part[part] != NULL ? (size_t)tml_sample_store_total(data->part[part]) : 0;
}

static tml_status sweep_parts(const tml_world *world, collection *c, tml_lane_team *team, tml_error *error)
{
    static const tml_part parts[] = {TML_PART_VALIDATION, TML_PART_TEST};
    const tml_noise silence = {0};
    tml_status status = TML_OK;

    for (size_t p = 0; p < sizeof parts / sizeof parts[0] && status == TML_OK; ++p) {
        if (rows_of(c->data, parts[p]) > 0)
            status = tml_sweep_run(world->comm, c->data->part[parts[p]], c->data->layout, team,
                                   &c->model->prepared, &silence, 0, keep_errors, c, error);
        c->offset += rows_of(c->data, parts[p]);
    }
    return status;
}

/* Exactly one rank has written each number: adding zeros to it rounds nothing. */
static tml_status share_table(const tml_world *world, const collection *c, tml_held_out *held_out,
                              tml_error *error)
{
    size_t targets = held_out->targets;
    double *const columns[] = {held_out->prediction, held_out->residual, held_out->spread};
    tml_status status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, c->table, (int)(c->room * c->width), MPI_DOUBLE, MPI_SUM, world->comm),
        "sharing the errors of held-out rows", error);

    for (size_t i = 0; i < c->room && status == TML_OK; ++i)
        for (size_t k = 0; k * targets < c->width; ++k)
            memcpy(columns[k] + i * targets, c->table + i * c->width + k * targets, targets * sizeof(double));
    return status;
}

static tml_status allocate(tml_held_out *held_out, collection *c, tml_error *error)
{
    size_t numbers = held_out->count * held_out->targets;
    tml_status status = tml_array_create(held_out->count * c->width, sizeof(double), "held-out rows",
                                         &c->table, error);

    if (status == TML_OK)
        status = tml_array_create(numbers, sizeof(double), "held-out rows", &held_out->prediction, error);
    if (status == TML_OK)
        status = tml_array_create(numbers, sizeof(double), "held-out rows", &held_out->residual, error);
    if (status == TML_OK && tml_predicts_spread(c->model))
        status = tml_array_create(numbers, sizeof(double), "held-out rows", &held_out->spread, error);
    return status;
}

tml_status tml_held_out_run(const tml_world *world, const tml_model *model, const tml_data_set *data,
                            int threads, tml_held_out *held_out, tml_error *error)
{
    collection c = {.model = model, .data = data};
    tml_lane_team *team = NULL;
    tml_status status;

    memset(held_out, 0, sizeof *held_out);
    c.room = rows_of(data, TML_PART_VALIDATION) + rows_of(data, TML_PART_TEST);
    c.room = c.room < TML_HELD_OUT_ROWS ? c.room : TML_HELD_OUT_ROWS;
    held_out->targets = data->layout.targets;
    held_out->count = c.room;
    c.width = (tml_predicts_spread(model) ? 3 : 2) * held_out->targets;
    if (c.room == 0)
        return TML_OK;
    status = allocate(held_out, &c, error);
    if (status == TML_OK)
        status = tml_lane_team_create(&model->network, data->layout, &model->preparation,
                                      (size_t)model->settings.batch_lane, threads, 0, &team, error);
    status = tml_agree(world->comm, status, error);
    if (status == TML_OK)
        status = sweep_parts(world, &c, team, error);
    if (status == TML_OK)
        status = share_table(world, &c, held_out, error);
    tml_lane_team_destroy(&team);
    free(c.table);
    if (status != TML_OK)
        tml_held_out_free(held_out);
    return status;
}

size_t tml_held_out_nearest(const tml_held_out *held_out, const tml_preparation *preparation,
                            const double *answer, size_t wanted, size_t *rows)
{
    double best[TML_HELD_OUT_NEAR];
    size_t found = 0;

    for (size_t i = 0; i < held_out->count; ++i) {
        double distance = 0.0;
        size_t at;

        for (size_t t = 0; t < held_out->targets; ++t) {
            double step = (held_out->prediction[i * held_out->targets + t] - answer[t]) /
                          preparation->targets[t].divisor;

            distance += step * step;
        }
        if (found == wanted && distance >= best[found - 1])
            continue;
        at = found < wanted ? found++ : found - 1;
        for (; at > 0 && best[at - 1] > distance; --at) {
            best[at] = best[at - 1];
            rows[at] = rows[at - 1];
        }
        best[at] = distance;
        rows[at] = i;
    }
    return found;
}

void tml_held_out_free(tml_held_out *held_out)
{
    free(held_out->prediction);
    free(held_out->residual);
    free(held_out->spread);
    memset(held_out, 0, sizeof *held_out);
}
