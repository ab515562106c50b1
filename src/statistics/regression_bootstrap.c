#include "statistics/regression_bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/random.h"
#include "statistics/sample_summary.h"

enum { R2, RMSE, MAE, BIAS, FIGURES };

/* A truth whose variance is this part of its mean square is constant but for roundings. */
static const double constant_truth = 1e-12;

/* One row and target: truth from its mean, prediction - truth. */
typedef struct deviation {
    double truth, residual;
} deviation;

typedef struct bootstrap {
    const tml_scored_rows *rows;
    size_t used;       /* rows that are resampled */
    deviation *values; /* [targets][used] */
    uint32_t *drawn;   /* [used] how often, in this resample */
    double *resampled; /* [targets][FIGURES][TML_BOOTSTRAP_RESAMPLES] */
} bootstrap;

static void take_rows(const bootstrap *b)
{
    const tml_scored_rows *rows = b->rows;

    for (size_t i = 0; i < b->used; ++i) {
        size_t at = (size_t)((uint64_t)i * rows->count / b->used) * rows->stride;

        for (size_t t = 0; t < rows->targets; ++t)
            b->values[t * b->used + i] = (deviation){rows->truth[at + t] - rows->scores[t].truth_mean,
                                                     rows->prediction[at + t] - rows->truth[at + t]};
    }
}

static void draw(const bootstrap *b, uint64_t seed, uint64_t stream, uint64_t resample)
{
    memset(b->drawn, 0, b->used * sizeof *b->drawn);
    for (size_t i = 0; i < b->used; i += 4) {
        tml_random_words words = tml_random_at(seed, TML_RANDOM_BOOTSTRAP, stream, resample, i / 4);

        for (size_t k = 0; k < 4 && i + k < b->used; ++k)
            ++b->drawn[(size_t)(tml_random_unit(words.word[k]) * (double)b->used)];
    }
}

/* Scores of the rows, each as often as it was drawn. */
static void score(size_t count, const deviation *values, const uint32_t *drawn, double figures[FIGURES])
{
    double truth = 0.0, truth_squared = 0.0, residual = 0.0, residual_squared = 0.0, absolute = 0.0;
    double n = (double)count;
    double variance;

    for (size_t i = 0; i < count; ++i) {
        double times = (double)drawn[i];

        truth += times * values[i].truth;
        truth_squared += times * values[i].truth * values[i].truth;
        residual += times * values[i].residual;
        residual_squared += times * values[i].residual * values[i].residual;
        absolute += times * fabs(values[i].residual);
    }
    variance = truth_squared / n - truth / n * (truth / n);
    figures[R2] = variance > constant_truth * truth_squared / n ? 1.0 - residual_squared / n / variance
                                                                : (double)NAN;
    figures[RMSE] = sqrt(residual_squared / n);
    figures[MAE] = absolute / n;
    figures[BIAS] = residual / n;
}

static double *resampled_of(const bootstrap *b, size_t target, size_t figure)
{
    return b->resampled + (target * FIGURES + figure) * TML_BOOTSTRAP_RESAMPLES;
}

static void resample(const bootstrap *b, uint64_t seed, uint64_t stream)
{
    for (size_t r = 0; r < TML_BOOTSTRAP_RESAMPLES; ++r) {
        draw(b, seed, stream, r);
        for (size_t t = 0; t < b->rows->targets; ++t) {
            double figures[FIGURES];

            score(b->used, b->values + t * b->used, b->drawn, figures);
            for (size_t f = 0; f < FIGURES; ++f)
                resampled_of(b, t, f)[r] = figures[f];
        }
    }
}

/* @param centre  score of the rows that were resampled
 * @param all     score of all rows
 * @param least, most  that the score can be */
static tml_interval interval_of(const bootstrap *b, double *resampled, double centre, double all,
                                double least, double most)
{
    double shrink = sqrt((double)b->used / (double)b->rows->count);
    tml_sample_summary summary;
    size_t count = 0;

    for (size_t r = 0; r < TML_BOOTSTRAP_RESAMPLES; ++r)
        if (isfinite(resampled[r]))
            resampled[count++] = resampled[r];
    if (!isfinite(all) || !isfinite(centre) || 2 * count < TML_BOOTSTRAP_RESAMPLES)
        return (tml_interval){NAN, NAN};
    summary = tml_sample_summarise(count, resampled);
    if (b->used == b->rows->count)
        return (tml_interval){summary.p2_5, summary.p97_5};
    return (tml_interval){fmax(all + shrink * (summary.p2_5 - centre), least),
                          fmin(all + shrink * (summary.p97_5 - centre), most)};
}

static void summarise(const bootstrap *b, tml_regression_intervals *intervals)
{
    for (size_t i = 0; i < b->used; ++i)
        b->drawn[i] = 1;
    for (size_t t = 0; t < b->rows->targets; ++t) {
        const tml_regression_result *all = &b->rows->scores[t];
        tml_regression_intervals *out = &intervals[t];
        double centre[FIGURES];

        score(b->used, b->values + t * b->used, b->drawn, centre);
        out->r2 = interval_of(b, resampled_of(b, t, R2), centre[R2], all->r2, -INFINITY, 1.0);
        out->rmse = interval_of(b, resampled_of(b, t, RMSE), centre[RMSE], all->rmse, 0.0, INFINITY);
        out->mae = interval_of(b, resampled_of(b, t, MAE), centre[MAE], all->mae, 0.0, INFINITY);
        out->bias = interval_of(b, resampled_of(b, t, BIAS), centre[BIAS], all->bias, -INFINITY, INFINITY);
    }
}

tml_regression_intervals tml_regression_intervals_unknown(void)
{
    const tml_interval unknown = {NAN, NAN};

    return (tml_regression_intervals){unknown, unknown, unknown, unknown};
}

tml_status tml_regression_bootstrap(const tml_scored_rows *rows, uint64_t seed, uint64_t stream,
                                    tml_regression_intervals *intervals, tml_error *error)
{
    static const char what[] = "resampling the scores";
    bootstrap b = {.rows = rows, .used = rows->count};
    tml_status status;

    for (size_t t = 0; t < rows->targets; ++t)
        intervals[t] = tml_regression_intervals_unknown();
    if (rows->count < TML_BOOTSTRAP_FEWEST)
        return TML_OK;
    if (b.used > TML_BOOTSTRAP_MOST)
        b.used = TML_BOOTSTRAP_MOST;
    status = tml_array_create(b.used * rows->targets, sizeof *b.values, what, &b.values, error);
    if (status == TML_OK)
        status = tml_array_create(b.used, sizeof *b.drawn, what, &b.drawn, error);
    if (status == TML_OK)
        status = tml_array_create(rows->targets * FIGURES * TML_BOOTSTRAP_RESAMPLES, sizeof *b.resampled,
                                  what, &b.resampled, error);
    if (status == TML_OK) {
        take_rows(&b);
        resample(&b, seed, stream);
        summarise(&b, intervals);
    }
    free(b.values);
    free(b.drawn);
    free(b.resampled);
    return status;
}
