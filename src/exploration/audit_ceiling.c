#include "exploration/audit_ceiling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/exact_moments.h"
#include "core/memory.h"
#include "mpi/agree.h"
#include "mpi/exact_reduce.h"
#include "statistics/huber_floor.h"

enum { SQUARES, HUBER, LOSSES };

/* What delta is for labels in units of their standard deviation: the default of loss.delta. */
static const double huber_delta = 1.0;

static double learned(const tml_label_scale *scale, double value)
{
    return scale->is_log10 ? log10(value) : value;
}

/* ---- scales ---- */

/* A logarithm is only taken where every row has one. */
static tml_status check_logarithms(const tml_explored_rows *rows, const bool *is_log10,
                                   tml_label_scale *scale, tml_error *error)
{
    int fits[TML_GRID_PARAMETERS];
    tml_status status;

    for (size_t p = 0; p < rows->parameters; ++p) {
        fits[p] = is_log10[p];
        for (size_t i = 0; i < rows->count && fits[p]; ++i)
            fits[p] = tml_parameter_value(rows, i, p) > 0.0;
    }
    status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, fits, (int)rows->parameters, MPI_INT, MPI_MIN, rows->comm),
        "looking at the labels", error);
    for (size_t p = 0; p < rows->parameters; ++p)
        scale[p].is_log10 = fits[p] != 0;
    return status;
}

tml_status tml_label_scales_find(const tml_explored_rows *rows, const bool *is_log10, tml_label_scale *scale,
                                 tml_error *error)
{
    enum { FIRST, SECOND, LEARNED_FIRST, LEARNED_SECOND, SUMS };
    const size_t count = rows->parameters * SUMS;
    tml_exact_sum *sums = NULL;
    tml_status status = tml_array_create(count, sizeof *sums, "scales of labels", &sums, error);

    status = tml_agree(rows->comm, status, error);
    if (status == TML_OK)
        status = check_logarithms(rows, is_log10, scale, error);
    for (size_t i = 0; i < rows->count && status == TML_OK; ++i)
        for (size_t p = 0; p < rows->parameters; ++p) {
            const double value = tml_parameter_value(rows, i, p);

            tml_exact_sum_add(&sums[p * SUMS + FIRST], value);
            tml_exact_sum_add_square(&sums[p * SUMS + SECOND], value);
            tml_exact_sum_add(&sums[p * SUMS + LEARNED_FIRST], learned(&scale[p], value));
            tml_exact_sum_add_square(&sums[p * SUMS + LEARNED_SECOND], learned(&scale[p], value));
        }
    if (status == TML_OK)
        status = tml_exact_reduce(rows->comm, sums, count, error);
    for (size_t p = 0; p < rows->parameters && status == TML_OK; ++p) {
        const tml_exact_sum *sum = sums + p * SUMS;
        const double n = (double)rows->total;

        scale[p].variance = tml_exact_variance(n, &sum[FIRST], &sum[SECOND]);
        scale[p].mean = tml_exact_mean(n, &sum[LEARNED_FIRST]);
        scale[p].sd = sqrt(tml_exact_variance(n, &sum[LEARNED_FIRST], &sum[LEARNED_SECOND]));
    }
    free(sums);
    return status;
}

/* ---- losses ---- */

tml_status tml_ceiling_sums_create(const tml_explored_rows *rows, const tml_label_scale *scale, size_t room,
                                   tml_ceiling_sums *sums, tml_error *error)
{
    tml_status status;

    memset(sums, 0, sizeof *sums);
    sums->comm = rows->comm;
    sums->parameters = rows->parameters;
    sums->rows = rows->total;
    sums->scale = scale;
    sums->room = room;
    status = tml_array_create(rows->parameters * LOSSES, sizeof *sums->loss, "ceilings", &sums->loss, error);
    if (status == TML_OK)
        status = tml_array_create(room, sizeof *sums->label, "ceilings", &sums->label, error);
    return tml_agree(rows->comm, status, error);
}

static double squares_about_mean(size_t count, const double *label)
{
    double mean = 0.0;
    double sum = 0.0;

    for (size_t i = 0; i < count; ++i)
        mean += label[i];
    mean /= (double)count;
    for (size_t i = 0; i < count; ++i)
        sum += (label[i] - mean) * (label[i] - mean);
    return sum;
}

void tml_ceiling_sums_add(tml_ceiling_sums *sums, size_t count, const double *const *labels, double weight)
{
    for (size_t p = 0; p < sums->parameters; ++p) {
        const tml_label_scale *scale = &sums->scale[p];
        double low = labels[0][p];
        double high = low;

        for (size_t i = 0; i < count; ++i) {
            sums->label[i] = labels[i][p];
            low = fmin(low, labels[i][p]);
            high = fmax(high, labels[i][p]);
        }
        if (!(high > low))
            continue;
        tml_exact_sum_add(&sums->loss[p * LOSSES + SQUARES], weight * squares_about_mean(count, sums->label));
        for (size_t i = 0; i < count; ++i)
            sums->label[i] = (learned(scale, labels[i][p]) - scale->mean) / scale->sd;
        tml_exact_sum_add(&sums->loss[p * LOSSES + HUBER],
                          weight * tml_huber_floor(count, sums->label, huber_delta));
    }
}

tml_status tml_ceiling_sums_reduce(tml_ceiling_sums *sums, tml_label_ceiling *ceiling, tml_error *error)
{
    tml_status status = tml_exact_reduce(sums->comm, sums->loss, sums->parameters * LOSSES, error);

    for (size_t p = 0; p < sums->parameters && status == TML_OK; ++p) {
        const double n = (double)sums->rows;
        const bool varies = sums->scale[p].variance > 0.0;
        const double squares = tml_exact_sum_value(&sums->loss[p * LOSSES + SQUARES]);
        const double huber = tml_exact_sum_value(&sums->loss[p * LOSSES + HUBER]);

        ceiling[p].r2 = varies ? 1.0 - squares / n / sums->scale[p].variance : (double)NAN;
        ceiling[p].huber = varies ? huber / n : (double)NAN;
    }
    return status;
}

void tml_ceiling_sums_free(tml_ceiling_sums *sums)
{
    free(sums->loss);
    free(sums->label);
    memset(sums, 0, sizeof *sums);
}
