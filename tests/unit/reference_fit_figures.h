#ifndef TML_TESTS_REFERENCE_FIT_FIGURES_H
#define TML_TESTS_REFERENCE_FIT_FIGURES_H

/** @file reference_fit_figures.h
 * Reference figures of how a grid fits an observation, how right the errors of many answers are, and how fast
 * a training runs, of made-up data. Included by reference_figures.h. */

#include <math.h>

#include "plots/calibration_report.h"
#include "plots/chi_square_map.h"
#include "plots/misfit_report.h"
#include "plots/phases.h"
#include "plots/scaling.h"

#include "reference_data.h"

enum {
    REFERENCE_SIDE = 7, /* nodes of each of three axes */
    REFERENCE_POINTS = REFERENCE_SIDE * REFERENCE_SIDE * REFERENCE_SIDE,
    REFERENCE_BINS = 20,
    REFERENCE_LEVELS = 19,
    REFERENCE_OBJECTS = 150,
    REFERENCE_MARKS = 8,
    REFERENCE_RANKS = 6
};

/* Nodes around the answer in the order of their chi2. */
static inline void reference_sort_points(double chi2[REFERENCE_POINTS], double node[REFERENCE_POINTS][3],
                                         double radius[REFERENCE_POINTS])
{
    for (size_t i = 1; i < REFERENCE_POINTS; ++i)
        for (size_t k = i; k > 0 && chi2[k] < chi2[k - 1]; --k) {
            double kept[5] = {chi2[k], radius[k], node[k][0], node[k][1], node[k][2]};

            chi2[k] = chi2[k - 1];
            radius[k] = radius[k - 1];
            chi2[k - 1] = kept[0];
            radius[k - 1] = kept[1];
            for (size_t p = 0; p < 3; ++p) {
                node[k][p] = node[k - 1][p];
                node[k - 1][p] = kept[2 + p];
            }
        }
}

static inline tml_status reference_chi2(const char *folder, const char *name, tml_error *error)
{
    static const double low[3] = {500.0, 4.0, 0.25}, step[3] = {100.0, 0.25, 0.25};
    double chi2[REFERENCE_POINTS], node[REFERENCE_POINTS][3], radius[REFERENCE_POINTS];
    const tml_chi_square_map_plot plot = {
        .title = "Made-up object",
        .rows = REFERENCE_POINTS,
        .chi2 = chi2,
        .parameters = 3,
        .parameter = node[0],
        .label = {reference_labels[0], reference_labels[1], reference_labels[2]},
        .answer = {785.0, 5.05, 0.85},
        .dof = 98.0,
        .radius = radius,
        .answer_radius = 0.84,
        .answer_chi2 = 104.0,
        .given_radius = 0.81,
        .given_radius_sd = 0.05};

    for (size_t i = 0; i < REFERENCE_POINTS; ++i) {
        size_t place[3] = {i % REFERENCE_SIDE, i / REFERENCE_SIDE % REFERENCE_SIDE,
                           i / (REFERENCE_SIDE * REFERENCE_SIDE)};

        chi2[i] = 100.0 + 2.0 * (1.0 + reference_noise(i));
        for (size_t p = 0; p < 3; ++p) {
            double away = 0.0;

            node[i][p] = low[p] + step[p] * (double)place[p];
            away = (node[i][p] - reference_value[p]) / (2.0 * reference_sd[p]);
            chi2[i] += 30.0 * away * away;
        }
        radius[i] = 0.84 * 785.0 / node[i][0];
    }
    reference_sort_points(chi2, node, radius);
    return tml_plot_chi_square_map(&plot, folder, name, error);
}

static inline tml_status reference_calibration(const char *folder, const char *name, tml_error *error)
{
    double bin[REFERENCE_BINS], nominal[REFERENCE_LEVELS], observed[REFERENCE_LEVELS];
    double low[REFERENCE_LEVELS], high[REFERENCE_LEVELS];
    const tml_calibration_plot plot = {.title = "Teff",
                                       .objects = 500,
                                       .bins = REFERENCE_BINS,
                                       .bin = bin,
                                       .expected = 25.0,
                                       .low = 16.0,
                                       .high = 35.0,
                                       .levels = REFERENCE_LEVELS,
                                       .nominal = nominal,
                                       .observed = observed,
                                       .chance_low = low,
                                       .chance_high = high,
                                       .p = 0.31};

    for (size_t b = 0; b < REFERENCE_BINS; ++b)
        bin[b] = 25.0 + (double)(int)(12.0 * reference_noise(b)) +
                 (b == 0 || b == REFERENCE_BINS - 1 ? 6.0 : 0.0);
    for (size_t l = 0; l < REFERENCE_LEVELS; ++l) {
        double level = (double)(l + 1) / (REFERENCE_LEVELS + 1), room = 0.16 * level * (1.0 - level);

        nominal[l] = level;
        observed[l] = level - 0.2 * level * (1.0 - level);
        low[l] = level - room;
        high[l] = level + room;
    }
    return tml_plot_calibration_report(&plot, folder, name, error);
}

static inline tml_status reference_misfit(const char *folder, const char *name, tml_error *error)
{
    double grid[REFERENCE_OBJECTS], answer[REFERENCE_OBJECTS], off[2][REFERENCE_OBJECTS];
    const tml_misfit_plot plot = {
        .count = REFERENCE_OBJECTS,
        .grid = grid,
        .answer = answer,
        .noise_low = 0.86,
        .noise_high = 1.14,
        .panels = 2,
        .panel = {{"|\u0394Teff| [K]", off[0]}, {"|\u0394log g| [dex (cgs)]", off[1]}}};

    for (size_t i = 0; i < REFERENCE_OBJECTS; ++i) {
        grid[i] = 1.0 + 0.3 * reference_noise(i) + (i % 10 == 3 ? 1.5 : 0.0);
        answer[i] = i % 50 == 7 ? (double)NAN : grid[i] * (1.05 + 0.1 * reference_noise(i + 1000));
        off[0][i] = fabs(30.0 * grid[i] * reference_noise(i + 2000));
        off[1][i] = i % 3 == 0 ? (double)NAN : fabs(0.2 * reference_noise(i + 3000));
    }
    return tml_plot_misfit_report(&plot, folder, name, error);
}

/* One and two threads on 1, 2, 4 and 8 ranks; a tenth of the work cannot be shared. */
static inline tml_status reference_scaling(const char *folder, const char *name, tml_error *error)
{
    tml_scaling_mark mark[REFERENCE_MARKS];
    const tml_scaling_plot plot = {.title = "The same work on more ranks",
                                   .x_label = "Ranks times threads",
                                   .speed_up_label = "Speed-up",
                                   .count = REFERENCE_MARKS,
                                   .mark = mark};

    for (size_t i = 0; i < REFERENCE_MARKS; ++i) {
        size_t threads = i < 4 ? 1 : 2;
        double ranks = (double)(1 << i % 4), workers = ranks * (double)threads;
        double speed_up = 1.0 / (0.1 + 0.9 / workers);

        mark[i] = (tml_scaling_mark){workers,         workers,
                                     speed_up,        0.9 * speed_up,
                                     1.05 * speed_up, 0.03 * (double)(i % 4) / (double)threads,
                                     threads};
    }
    return tml_plot_scaling(&plot, folder, name, error);
}

static inline tml_status reference_phases(const char *folder, const char *name, tml_error *error)
{
    tml_phase_bar bar[REFERENCE_RANKS];
    const tml_phases_plot plot = {.ranks = REFERENCE_RANKS, .bar = bar};

    for (size_t r = 0; r < REFERENCE_RANKS; ++r) {
        double busy = 20.0 + 3.0 * reference_noise(r);

        bar[r] = (tml_phase_bar){r, r < 3 ? "node1" : "node2", {busy, 2.0, 1.0, 24.0 - busy}};
    }
    return tml_plot_phases(&plot, folder, name, error);
}

#endif
