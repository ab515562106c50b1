#include "training/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "mpi/agree.h"
#include "mpi/world.h"
#include "training/data_set.h"

enum { TENSORS_PER_LAYER = 2 };

static void add_tensor(tml_model_tensor *tensors, size_t *count, const tml_layer *layer,
                       const tml_tensor *tensor, const char *name)
{
    tml_model_tensor *entry = &tensors[(*count)++];

    memset(entry, 0, sizeof *entry);
    snprintf(entry->layer, sizeof entry->layer, "%s", layer->name);
    snprintf(entry->name, sizeof entry->name, "%s", name);
    entry->rank = (int)tensor->rank;
    memcpy(entry->size, tensor->size, sizeof entry->size);
    entry->offset = tensor->offset;
}

/* Tensors of the network in the order of the layers. @param tensors room for TENSORS_PER_LAYER * TML_LAYERS
 */
static size_t list_tensors(const tml_network *network, tml_model_tensor *tensors)
{
    size_t count = 0;

    for (size_t i = 0; i < network->layer_count; ++i) {
        const tml_layer *layer = &network->layer[i];
        bool is_norm = layer->kind == TML_LAYER_NORM; /* named as in Keras */

        if (layer->kernel.count == 0)
            continue;
        add_tensor(tensors, &count, layer, &layer->kernel, is_norm ? "gamma" : "kernel");
        add_tensor(tensors, &count, layer, &layer->bias, is_norm ? "beta" : "bias");
    }
    return count;
}

static tml_status split_columns(const tml_column *columns, size_t count, tml_model_columns *split,
                                tml_error *error)
{
    tml_status status;

    if (columns == NULL || count == 0)
        return TML_OK;
    status = tml_array_create(count, sizeof(double), "scalers", &split->offset, error);
    if (status == TML_OK)
        status = tml_array_create(count, sizeof(double), "scalers", &split->divisor, error);
    for (size_t i = 0; i < count && status == TML_OK; ++i) {
        split->offset[i] = columns[i].offset;
        split->divisor[i] = columns[i].divisor;
    }
    split->count = count;
    return status;
}

static void fill_targets(const tml_model *model, tml_model_target *targets)
{
    for (size_t t = 0; t < model->settings.targets.count; ++t) {
        memcpy(targets[t].name, model->settings.targets.item[t], sizeof targets[t].name);
        memcpy(targets[t].unit, model->target_unit[t], sizeof targets[t].unit);
    }
}

static tml_status fill_contents(const tml_model *model, tml_model_contents *c, tml_error *error)
{
    const tml_preparation_choice *choice = &model->preparation.choice;
    tml_status status = split_columns(model->preparation.spectrum, choice->wavelengths, &c->spectrum, error);

    if (status == TML_OK)
        status = split_columns(model->preparation.features, choice->feature_count, &c->features, error);
    if (status == TML_OK)
        status = split_columns(model->preparation.targets, choice->target_count, &c->target_scaling, error);
    if (status == TML_OK)
        status = tml_array_create(model->settings.targets.count, sizeof *c->targets, "targets", &c->targets,
                                  error);
    if (status == TML_OK)
        status = tml_array_create(TENSORS_PER_LAYER * TML_LAYERS, sizeof *c->tensors, "tensors", &c->tensors,
                                  error);
    if (status != TML_OK)
        return status;
    fill_targets(model, c->targets);
    c->tensor_count = list_tensors(&model->network, c->tensors);
    c->target_count = model->settings.targets.count;
    c->wavelengths = choice->wavelengths;
    c->weight_count = model->network.parameter_count;
    c->solar_c_o = model->solar_c_o;
    c->best_loss = model->best_loss;
    c->best_epoch = model->best_epoch;
    c->epochs = model->epochs;
    snprintf(c->grid_digest, sizeof c->grid_digest, "%.32s", model->grid_digest);
    return TML_OK;
}

tml_status tml_model_save(const char *path, const tml_model *model, const char *configuration,
                          const char *provenance, tml_error *error)
{
    tml_model_contents contents = {0};
    tml_model_contents borrowed;
    tml_status status = fill_contents(model, &contents, error);

    if (status == TML_OK) {
        union {
            const char *read_only;
            char *plain;
        } text = {configuration}, lines = {provenance};

        borrowed = contents;
        borrowed.configuration = text.plain;
        borrowed.provenance = lines.plain;
        borrowed.wavelength_um = model->wavelength_um;
        borrowed.weights = model->weights;
        status = tml_model_file_write(path, &borrowed, error);
    }
    tml_model_contents_free(&contents);
    return status;
}

static tml_status join_columns(const tml_model_columns *split, const char *what, tml_column *columns,
                               size_t count, tml_error *error)
{
    if (split->count != count || (count > 0 && columns == NULL))
        return TML_FAIL(error, TML_BAD_DATA, "it has scalers for %zu %s, its configuration speaks of %zu",
                        split->count, what, count);
    for (size_t i = 0; i < count; ++i) {
        columns[i].offset = split->offset[i];
        columns[i].divisor = split->divisor[i];
    }
    return TML_OK;
}

/* From the file's contents to a model without weights. */
static tml_status interpret(tml_model_contents *c, const char *path, tml_model *model, tml_error *error)
{
    tml_architecture architecture;
    tml_preparation *p = &model->preparation;
    tml_status status;

    tml_config_defaults(tml_settings_table(), &model->settings);
    status = tml_config_read_text(tml_settings_table(), c->configuration, path, &model->settings,
                                  sizeof model->settings, error);
    if (status == TML_OK)
        status = tml_settings_check(&model->settings, error);
    if (status == TML_OK)
        status = tml_preparation_from_settings(&model->settings, c->wavelengths, p, error);
    if (status == TML_OK && c->target_count != model->settings.targets.count)
        status = TML_FAIL(error, TML_BAD_DATA, "it has %zu targets, its configuration %zu", c->target_count,
                          model->settings.targets.count);
    if (status == TML_OK)
        status = join_columns(&c->spectrum, "pixels", p->spectrum, p->spectrum != NULL ? c->wavelengths : 0,
                              error);
    if (status == TML_OK)
        status = join_columns(&c->features, "features", p->features, p->choice.feature_count, error);
    if (status == TML_OK)
        status = join_columns(&c->target_scaling, "targets", p->targets, p->choice.target_count, error);
    if (status != TML_OK)
        return status;
    architecture = tml_settings_architecture(&model->settings, c->wavelengths);
    architecture.is_steady = true;
    status = tml_network_lay_out(&architecture, &model->network, error);
    if (status == TML_OK && model->network.parameter_count != c->weight_count)
        status = TML_FAIL(error, TML_BAD_DATA,
                          "it has %zu weights, its configuration describes a network of %zu", c->weight_count,
                          model->network.parameter_count);
    return status;
}

static void take_over(tml_model_contents *c, tml_model *model)
{
    model->wavelength_um = c->wavelength_um;
    c->wavelength_um = NULL;
    for (size_t t = 0; t < c->target_count; ++t)
        memcpy(model->target_unit[t], c->targets[t].unit, sizeof c->targets[t].unit);
    model->solar_c_o = c->solar_c_o;
    model->best_loss = c->best_loss;
    model->best_epoch = c->best_epoch;
    model->epochs = c->epochs;
    memcpy(model->grid_digest, c->grid_digest, sizeof c->grid_digest);
}

static tml_status read_model(const char *path, tml_model *model, tml_error *error)
{
    tml_model_contents contents;
    tml_model_tensor *tensors = NULL;
    tml_status status = tml_model_file_read_header(path, &contents, error);

    if (status != TML_OK)
        return status;
    status = interpret(&contents, path, model, error);
    if (status == TML_BAD_DATA)
        tml_error_prefix(error, "%s: ", path);
    if (status == TML_CONFIG)
        status = TML_BAD_DATA; /* the configuration is part of the file, not something the user wrote */
    if (status == TML_OK)
        status = tml_array_create(TENSORS_PER_LAYER * TML_LAYERS, sizeof *tensors, "tensors", &tensors,
                                  error);
    if (status == TML_OK)
        status = tml_array_create(model->network.parameter_count, sizeof(float), "the weights",
                                  &model->weights, error);
    if (status == TML_OK)
        status = tml_model_file_read_weights(path, tensors, list_tensors(&model->network, tensors),
                                             model->weights, error);
    if (status == TML_OK)
        take_over(&contents, model);
    free(tensors);
    tml_model_contents_free(&contents);
    return status;
}

/* Room on the other ranks for what rank 0 has read. */
static tml_status make_room(tml_model *model, tml_error *error)
{
    tml_preparation_choice choice = model->preparation.choice;
    tml_status status = tml_preparation_create(&choice, &model->preparation, error);

    if (status == TML_OK)
        status = tml_array_create(choice.wavelengths, sizeof(double), "wavelengths", &model->wavelength_um,
                                  error);
    if (status == TML_OK)
        status = tml_array_create(model->network.parameter_count, sizeof(float), "the weights",
                                  &model->weights, error);
    return status;
}

/* The plain part of a model goes as bytes, its arrays after it. */
static tml_status share_model(MPI_Comm comm, tml_model *model, tml_error *error)
{
    tml_preparation *p = &model->preparation;
    int rank = 0;
    int result;
    tml_model own;
    tml_status status = TML_OK;

    MPI_Comm_rank(comm, &rank);
    own = *model;
    result = MPI_Bcast(&own, (int)sizeof own, MPI_BYTE, 0, comm);
    if (rank != 0) {
        *model = own;
        model->preparation.spectrum = NULL;
        model->wavelength_um = NULL;
        model->weights = NULL;
        status = make_room(model, error);
        memcpy(p->features, own.preparation.features, sizeof p->features);
        memcpy(p->targets, own.preparation.targets, sizeof p->targets);
    }
    if (result != MPI_SUCCESS)
        status = tml_mpi_check(result, "sharing the model", error);
    status = tml_agree(comm, status, error);
    if (status != TML_OK)
        return status;
    result = MPI_Bcast(model->wavelength_um, (int)p->choice.wavelengths, MPI_DOUBLE, 0, comm);
    if (result == MPI_SUCCESS && p->spectrum != NULL)
        result = MPI_Bcast(p->spectrum, 2 * (int)p->choice.wavelengths, MPI_DOUBLE, 0, comm);
    if (result == MPI_SUCCESS)
        result = MPI_Bcast(model->weights, (int)model->network.parameter_count, MPI_FLOAT, 0, comm);
    return tml_mpi_check(result, "sharing the weights", error);
}

tml_status tml_model_prepare(tml_model *model, tml_error *error)
{
    size_t bytes = tml_prepared_count(&model->network) * sizeof(tml_real);
    tml_status status = tml_block_create(bytes > 0 ? bytes : 1, "the prepared kernels", &model->block, error);

    if (status != TML_OK)
        return status;
    model->prepared.kernels = tml_block_take(model->block, bytes, 1);
    model->prepared.weights = model->weights;
    tml_prepare_weights(&model->network, &model->prepared);
    return TML_OK;
}

tml_status tml_model_load(MPI_Comm comm, const char *path, tml_model *model, tml_error *error)
{
    int rank = 0;
    tml_status status = TML_OK;

    memset(model, 0, sizeof *model);
    MPI_Comm_rank(comm, &rank);
    if (rank == 0)
        status = read_model(path, model, error);
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = share_model(comm, model, error);
    if (status == TML_OK)
        status = tml_model_prepare(model, error);
    status = tml_agree(comm, status, error);
    if (status != TML_OK)
        tml_model_free(model);
    return status;
}

void tml_model_free(tml_model *model)
{
    tml_preparation_free(&model->preparation);
    free(model->wavelength_um);
    free(model->weights);
    tml_block_destroy(&model->block);
    memset(model, 0, sizeof *model);
}
