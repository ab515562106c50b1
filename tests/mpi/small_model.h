#ifndef TML_TESTS_MPI_SMALL_MODEL_H
#define TML_TESTS_MPI_SMALL_MODEL_H

/** @file small_model.h
 * A network with the weights that a training starts from, for the spectra of spectra_grid.h: its answers mean
 * nothing, but are numbers like any other. For tests that run on several ranks; include it after
 * spectra_grid.h. */

#include <stdlib.h>

#include "core/memory.h"
#include "mpi/world.h"
#include "network/initialise.h"
#include "training/model.h"

/** A world of all ranks, or of this one alone. */
static inline tml_world small_world(MPI_Comm comm)
{
    tml_world world = {.comm = comm, .nodes = 1};

    MPI_Comm_rank(comm, &world.rank);
    MPI_Comm_size(comm, &world.size);
    return world;
}

static inline void small_model_set(tml_settings *settings, const char *assignment)
{
    tml_error error = {0, ""};

    TML_CHECK(tml_config_set(tml_settings_table(), assignment, settings, sizeof *settings, &error) == TML_OK);
}

/** Settings of a small network of shapes on a grid of so many rows. */
static inline tml_settings small_model_settings(const char *path, const spectra_grid *grid)
{
    static const char *const lines[] = {
        "input.features=[]",      "network.conv_blocks=1", "network.conv_layers=1", "network.conv_filters=3",
        "network.fc1_layers=0",   "network.fc2_layers=1",  "network.fc2_units=7",   "batch.lane=4",
        "input.transform=linear", "network.pool=2",        "batch.global=8"};
    tml_settings settings = spectra_grid_settings(grid);

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; ++i)
        small_model_set(&settings, lines[i]);
    snprintf(settings.grid_path, sizeof settings.grid_path, "%s", path);
    return settings;
}

/** The network of some settings. Its answers lie about 1000 K, 4.2 dex, 0 dex. Ends the job if it cannot be.
 */
static inline void small_model_make(const tml_settings *settings, tml_model *model)
{
    static const tml_column learned[SPECTRA_TARGETS] = {{3.0, 0.05}, {4.2, 0.2}, {0.0, 0.1}};
    static const char *const units[SPECTRA_TARGETS] = {"K", "dex", "dex"};
    tml_architecture architecture = tml_settings_architecture(settings, SPECTRA_WAVELENGTHS);
    tml_error error = {0, ""};
    tml_status status;

    memset(model, 0, sizeof *model);
    architecture.is_steady = true;
    model->settings = *settings;
    status = tml_settings_check(settings, &error);
    if (status == TML_OK)
        status = tml_network_lay_out(&architecture, &model->network, &error);
    if (status == TML_OK)
        status = tml_preparation_from_settings(settings, SPECTRA_WAVELENGTHS, &model->preparation, &error);
    model->wavelength_um = calloc(SPECTRA_WAVELENGTHS, sizeof(double));
    model->weights = calloc(model->network.parameter_count + 1, sizeof(float));
    if (status == TML_OK && model->weights != NULL) {
        tml_initialise_weights(&model->network, 3, model->weights);
        status = tml_model_prepare(model, &error);
    }
    if (status != TML_OK || model->wavelength_um == NULL || model->weights == NULL) {
        fprintf(stderr, "rank %d: %s\n", tml_test_rank, error.message);
        MPI_Abort(MPI_COMM_WORLD, 1);
        return;
    }
    for (int j = 0; j < SPECTRA_WAVELENGTHS; ++j)
        model->wavelength_um[j] = 0.9 + 0.1 * j;
    for (size_t t = 0; t < SPECTRA_TARGETS; ++t) {
        model->preparation.targets[t] = learned[t];
        snprintf(model->target_unit[t], sizeof model->target_unit[t], "%s", units[t]);
    }
}

#endif
