#include "training/settings.h"

#include <float.h>
#include <string.h>

#include "spectra/preparation.h"

#define AT(member) offsetof(tml_settings, member)
#define MOST 1e15

static const tml_config_key keys[] = {
    {"run", "seed", TML_CONFIG_INTEGER, AT(seed), "42", 0, 9e15, NULL, "",
     "Seed of all random numbers: split, starting weights, shuffle, noise, dropout."},
    {"run", "threads", TML_CONFIG_INTEGER, AT(threads), "1", 1, 1024, NULL, "",
     "Threads per rank; they share the lanes of the rank. The weights do not depend on it."},
    {"run", "stall_seconds", TML_CONFIG_REAL, AT(stall_seconds), "300", 0, 1e6, NULL, "s",
     "Time without progress after which the job ends and the rank to blame is named; 0: never."},

    {"grid", "path", TML_CONFIG_STRING, AT(grid_path), "grid.h5", 0, 0, NULL, "",
     "Grid file, relative to the current directory; made by grid synth or grid import."},
    {"grid", "targets", TML_CONFIG_NAME_LIST, AT(targets), "[teff, logg, c_o, met]", 0, 0, NULL, "",
     "Parameters of the grid that the network learns."},
    {"grid", "log10", TML_CONFIG_NAME_LIST, AT(log10_targets), "[teff]", 0, 0, NULL, "",
     "Targets that are learned as their decimal logarithm."},
    {"grid", "target_scaler", TML_CONFIG_CHOICE, AT(target_scaler), "column_standard", 0, 0,
     TML_COLUMN_SCALER_CHOICES, "", "Scaling of each target over the training spectra."},

    {"split", "rule", TML_CONFIG_CHOICE, AT(split_rule), "groups", 0, 0, "groups|random|file", "",
     "groups keeps identical spectra on one side; random draws rows one by one; file reads the metadata "
     "column "
     "'split' with train, validation, test."},
    {"split", "test", TML_CONFIG_REAL, AT(test_fraction), "0.1", 0, 0.9, NULL, "",
     "Fraction held out for the final scores."},
    {"split", "validation", TML_CONFIG_REAL, AT(validation_fraction), "0.1", 0, 0.9, NULL, "",
     "Fraction held out to decide when to stop."},

    {"input", "spectrum", TML_CONFIG_CHOICE, AT(spectrum_scaler), "row_standard", 0, 0, TML_SCALER_CHOICES,
     "",
     "Scaling of the spectrum: by its own mean and deviation (row) or per wavelength over the training "
     "spectra "
     "(column)."},
    {"input", "transform", TML_CONFIG_CHOICE, AT(transform), "linear", 0, 0, TML_TRANSFORM_CHOICES, "",
     "Applied to the flux before everything else."},
    {"input", "softening", TML_CONFIG_REAL, AT(softening), "1.0e-09", 1e-30, 1e30, NULL, "erg s-1 cm-2 Hz-1",
     "Flux at which asinh turns from linear to logarithmic."},
    {"input", "features", TML_CONFIG_NAME_LIST, AT(features), "[min, max]", 0, 0, TML_FEATURE_CHOICES, "",
     "Numbers of the transformed spectrum, before its scaling, that join the dense layers; scale is the "
     "decimal "
     "logarithm of the mean of the flux as it came."},
    {"input", "feature_scaler", TML_CONFIG_CHOICE, AT(feature_scaler), "column_standard", 0, 0,
     TML_COLUMN_SCALER_CHOICES, "", "Scaling of each feature over the training spectra."},
    {"input", "order", TML_CONFIG_CHOICE, AT(order), "descending", 0, 0, TML_ORDER_CHOICES, "",
     "Order of wavelengths at the network's input; padding and pooling are not symmetric."},
    {"input", "noise", TML_CONFIG_CHOICE, AT(noise), "none", 0, 0, "none|gaussian", "",
     "Noise added to the training spectra, anew in every epoch: the same sigma for all pixels, mean flux / "
     "SNR."},
    {"input", "snr", TML_CONFIG_REAL_LIST, AT(noise_snr), "[20, 200]", 1, 1e9, NULL, "",
     "Range of the signal-to-noise ratio of that noise, drawn uniformly in its logarithm."},

    {"network", "kind", TML_CONFIG_CHOICE, AT(network_kind), "published", 0, 0, TML_NETWORK_CHOICES, "",
     "The convolutions: published blocks (conv_*), or stages of residual blocks (stage*). Behind them dense "
     "layers, features, dense layers, outputs."},
    {"network", "activation", TML_CONFIG_CHOICE, AT(activation), "relu", 0, 0, TML_ACTIVATION_CHOICES, "",
     "Behind every hidden layer: ReLU, or the exact GELU."},
    {"network", "normalisation", TML_CONFIG_CHOICE, AT(normalisation), "none", 0, 0,
     TML_NORMALISATION_CHOICES, "",
     "Before every activation: nothing, or layer normalisation over the channels of each position."},
    {"network", "head", TML_CONFIG_CHOICE, AT(head), "flatten", 0, 0, TML_HEAD_CHOICES, "",
     "What the dense layers get of the convolutions: all positions, or the mean over the positions."},
    {"network", "conv_blocks", TML_CONFIG_INTEGER, AT(conv_blocks), "2", 1, 8, NULL, "",
     "published: convolution blocks, each ended by a max pool."},
    {"network", "conv_layers", TML_CONFIG_INTEGER, AT(conv_layers), "3", 1, 8, NULL, "",
     "published: convolutions per block."},
    {"network", "conv_filters", TML_CONFIG_INTEGER, AT(conv_filters), "32", 1, 1024, NULL, "",
     "published: F; layer l of block b (from 0) has F (b + l + 1)^2 filters."},
    {"network", "stages", TML_CONFIG_INTEGER, AT(stages), "2", 1, 8, NULL, "",
     "residual: stages, each ended by a max pool."},
    {"network", "stage_blocks", TML_CONFIG_INTEGER, AT(stage_blocks), "1", 1, 16, NULL, "",
     "residual: blocks of two convolutions per stage."},
    {"network", "stage_filters", TML_CONFIG_INTEGER, AT(stage_filters), "16", 1, 1024, NULL, "",
     "residual: F; stage s (from 0) has F 2^s filters."},
    {"network", "conv_kernel", TML_CONFIG_INTEGER, AT(conv_kernel), "4", 1, 64, NULL, "pixels",
     "Width of the convolutions, 'same' padding."},
    {"network", "pool", TML_CONFIG_INTEGER, AT(pool), "3", 1, 64, NULL, "pixels", "Width of the max pools."},
    {"network", "fc1_layers", TML_CONFIG_INTEGER, AT(fc1_layers), "3", 0, 8, NULL, "",
     "Dense layers before the features join."},
    {"network", "fc1_units", TML_CONFIG_INTEGER, AT(fc1_units), "256", 1, 65536, NULL, "",
     "U: dense layer l (from 0) has U (l + 1)^2 units."},
    {"network", "fc1_dropout", TML_CONFIG_REAL, AT(fc1_dropout), "1.89897444e-03", 0, 0.95, NULL, "",
     "Dropout after the first dense stack."},
    {"network", "fc2_blocks", TML_CONFIG_INTEGER, AT(fc2_blocks), "1", 0, 8, NULL, "",
     "Blocks of dense layers after the features."},
    {"network", "fc2_layers", TML_CONFIG_INTEGER, AT(fc2_layers), "4", 0, 8, NULL, "",
     "Dense layers per block."},
    {"network", "fc2_units", TML_CONFIG_INTEGER, AT(fc2_units), "128", 1, 65536, NULL, "",
     "U: dense layer l of block b (from 0) has U (b + l + 1)^2 units."},
    {"network", "fc2_dropout", TML_CONFIG_REAL, AT(fc2_dropout), "1.89897444e-03", 0, 0.95, NULL, "",
     "Dropout at the end of each of these blocks."},
    {"network", "convolution", TML_CONFIG_CHOICE, AT(convolution), "auto", 0, 0, "auto|direct|winograd", "",
     "How convolutions are computed: direct, with fewer multiplications and other rounding (winograd, for "
     "windows of 3 to 6), "
     "or by a fixed rule of the shapes: winograd from 32 channels to 32 filters on."},

    {"loss", "kind", TML_CONFIG_CHOICE, AT(loss_kind), "huber", 0, 0, TML_LOSS_CHOICES, "",
     "Loss of each target, in its learned scale; gaussian: the network also predicts the variance of each "
     "target."},
    {"loss", "delta", TML_CONFIG_REAL, AT(huber_delta), "1.0", 1e-6, 1e6, NULL, "",
     "Where Huber's loss turns from square to straight."},
    {"loss", "variance_floor", TML_CONFIG_REAL, AT(variance_floor), "1.0e-06", 1e-12, 1, NULL, "",
     "Least variance that the gaussian loss takes and the network predicts, in the learned scale."},
    {"loss", "weights", TML_CONFIG_REAL_LIST, AT(loss_weights), "[]", 0, 1e6, NULL, "",
     "Weight of each target in the sum, in the order of grid.targets; [] weighs all alike."},

    {"optimiser", "kind", TML_CONFIG_CHOICE, AT(optimiser_kind), "adam", 0, 0, "adam|adamw", "",
     "Adam (Kingma and Ba 2015), or AdamW with decoupled weight decay (Loshchilov and Hutter 2019)."},
    {"optimiser", "adam_form", TML_CONFIG_CHOICE, AT(adam_form), "pytorch", 0, 0, "pytorch|keras", "",
     "Where epsilon and the bias corrections stand."},
    {"optimiser", "learning_rate", TML_CONFIG_REAL, AT(learning_rate), "1.0e-03", 0, 10, NULL, "",
     "Learning rate, at the start if it decays."},
    {"optimiser", "schedule", TML_CONFIG_CHOICE, AT(schedule), "constant", 0, 0, "constant|cosine|plateau",
     "",
     "How the learning rate goes on: constant; half a cosine wave over decay_epochs; cut by plateau_factor "
     "after "
     "plateau_epochs without an improvement."},
    {"optimiser", "warmup_steps", TML_CONFIG_INTEGER, AT(warmup_steps), "0", 0, 1000000000, NULL, "steps",
     "Steps over which the rate first rises in a line; the decay begins after them."},
    {"optimiser", "decay_epochs", TML_CONFIG_INTEGER, AT(decay_epochs), "300", 1, 10000000, NULL, "epochs",
     "Length of the decay; afterwards the rate stays at its end."},
    {"optimiser", "final_fraction", TML_CONFIG_REAL, AT(final_fraction), "0.01", 0, 1, NULL, "",
     "Part of the learning rate that is left at the end of the decay, or after all cuts."},
    {"optimiser", "plateau_epochs", TML_CONFIG_INTEGER, AT(plateau_epochs), "10", 1, 10000000, NULL, "epochs",
     "Epochs in a row without an improvement (stop.monitor, stop.min_delta) that bring a cut."},
    {"optimiser", "plateau_factor", TML_CONFIG_REAL, AT(plateau_factor), "0.1", 1e-6, 1, NULL, "",
     "Factor of the learning rate at each cut."},
    {"optimiser", "beta1", TML_CONFIG_REAL, AT(beta1), "0.9", 0, 0.999999, NULL, "",
     "Decay of the first moment."},
    {"optimiser", "beta2", TML_CONFIG_REAL, AT(beta2), "0.999", 0, 0.99999999, NULL, "",
     "Decay of the second moment."},
    {"optimiser", "epsilon", TML_CONFIG_REAL, AT(epsilon), "1.0e-07", 1e-30, 1, NULL, "",
     "Added to the root of the second moment."},
    {"optimiser", "weight_decay", TML_CONFIG_REAL, AT(weight_decay), "0.01", 0, 10, NULL, "",
     "Of adamw: each step takes the learning rate times this part off every weight."},
    {"optimiser", "clip_norm", TML_CONFIG_REAL, AT(clip_norm), "0", 0, 1e9, NULL, "",
     "Longer gradients (Euclidean norm over all weights, of the mean over the batch) are shortened to this; "
     "0: none "
     "are."},

    {"batch", "global", TML_CONFIG_INTEGER, AT(batch_global), "32", 1, 1 << 24, NULL, "spectra",
     "Spectra per step over all ranks; ranks and threads never change its meaning."},
    {"batch", "lane", TML_CONFIG_INTEGER, AT(batch_lane), "16", 1, 4096, NULL, "spectra",
     "Spectra that one thread computes together. Part of the numbers: another lane gives other rounding. "
     "Ranks beyond "
     "global / lane are idle."},

    {"stop", "epochs", TML_CONFIG_INTEGER, AT(epochs), "1000", 1, 10000000, NULL, "", "Most epochs."},
    {"stop", "monitor", TML_CONFIG_CHOICE, AT(monitor), "validation", 0, 0, "validation|train", "",
     "Loss that decides when to stop and which weights are kept."},
    {"stop", "patience", TML_CONFIG_INTEGER, AT(patience), "50", 1, 10000000, NULL, "epochs",
     "Epochs without improvement after which training stops."},
    {"stop", "min_delta", TML_CONFIG_REAL, AT(min_delta), "4.0e-04", 0, MOST, NULL, "",
     "An epoch is an improvement if its loss plus this is below the best."},

    {"numerics", "reduction", TML_CONFIG_CHOICE, AT(reduction), "exact", 0, 0, "exact|fast", "",
     "exact: the same weights on any number of ranks and threads; fast: plain MPI_Allreduce, the same only "
     "for the "
     "same number."},

    {"io", "mode", TML_CONFIG_CHOICE, AT(io_mode), "independent", 0, 0, "independent|collective|posix", "",
     "How ranks read the grid: MPI-IO independent or collective, or plain reads."},
    {"io", "residency", TML_CONFIG_CHOICE, AT(residency), "memory", 0, 0, "memory", "",
     "Where the spectra are during training: each rank holds its share in memory."},

    {"checkpoint", "every_epochs", TML_CONFIG_INTEGER, AT(checkpoint_epochs), "1", 1, 10000000, NULL,
     "epochs", "A checkpoint at the end of every so many epochs."},
    {"checkpoint", "every_seconds", TML_CONFIG_REAL, AT(checkpoint_seconds), "600", 1, 1e9, NULL, "s",
     "And within an epoch when this long has passed since the last."},
    {"checkpoint", "keep", TML_CONFIG_INTEGER, AT(checkpoint_keep), "2", 1, 1000, NULL, "",
     "How many of the newest checkpoints are kept."},
};

const tml_config_table *tml_settings_table(void)
{
    static const tml_config_table table = {keys, sizeof keys / sizeof keys[0]};

    return &table;
}

static bool has_name(const tml_config_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; ++i)
        if (strcmp(names->item[i], name) == 0)
            return true;
    return false;
}

static bool has_twins(const tml_config_names *names)
{
    for (size_t i = 0; i < names->count; ++i)
        for (size_t j = i + 1; j < names->count; ++j)
            if (strcmp(names->item[i], names->item[j]) == 0)
                return true;
    return false;
}

static tml_status check_targets(const tml_settings *settings, tml_error *error)
{
    size_t count = settings->targets.count;

    if (count == 0 || count > TML_LOSS_TARGETS)
        return TML_FAIL(error, TML_CONFIG, "grid.targets: %zu targets; 1 to %d can be learned", count,
                        TML_LOSS_TARGETS);
    if (has_twins(&settings->targets) || has_twins(&settings->features))
        return TML_FAIL(error, TML_CONFIG, "%s: a name is listed twice",
                        has_twins(&settings->targets) ? "grid.targets" : "input.features");
    for (size_t i = 0; i < settings->log10_targets.count; ++i)
        if (!has_name(&settings->targets, settings->log10_targets.item[i]))
            return TML_FAIL(error, TML_CONFIG,
                            "grid.log10: '%s' is not in grid.targets; add it there or take it out here",
                            settings->log10_targets.item[i]);
    if (settings->loss_weights.count != 0 && settings->loss_weights.count != count)
        return TML_FAIL(error, TML_CONFIG,
                        "loss.weights has %zu numbers for %zu targets; give one for each or []",
                        settings->loss_weights.count, count);
    return TML_OK;
}

tml_status tml_settings_check(const tml_settings *settings, tml_error *error)
{
    tml_status status = check_targets(settings, error);

    if (status != TML_OK)
        return status;
    if (settings->test_fraction + settings->validation_fraction > 0.95)
        return TML_FAIL(error, TML_CONFIG,
                        "split.test %g and split.validation %g leave too little to train on",
                        settings->test_fraction, settings->validation_fraction);
    if (settings->batch_lane > settings->batch_global)
        return TML_FAIL(error, TML_CONFIG,
                        "batch.lane %lld is larger than batch.global %lld; make the batch larger or the lane "
                        "smaller",
                        (long long)settings->batch_lane, (long long)settings->batch_global);
    if (settings->noise == TML_NOISE_GAUSSIAN && settings->transform == TML_TRANSFORM_LOG10)
        return TML_FAIL(
            error, TML_CONFIG,
            "input.transform log10 cannot take the negative fluxes that input.noise makes; use asinh");
    if (settings->noise == TML_NOISE_GAUSSIAN &&
        (settings->noise_snr.count != 2 || settings->noise_snr.item[0] > settings->noise_snr.item[1]))
        return TML_FAIL(error, TML_CONFIG, "input.snr wants two numbers, the smaller first, as in [20, 200]");
    return TML_OK;
}

tml_architecture tml_settings_architecture(const tml_settings *s, size_t wavelengths)
{
    tml_architecture a = {
        .kind = (tml_network_kind)s->network_kind,
        .activation = (tml_activation)s->activation,
        .normalisation = (tml_normalisation)s->normalisation,
        .head = (tml_head)s->head,
        .wavelengths = wavelengths,
        .features = s->features.count,
        .targets = s->targets.count,
        .outputs_per_target = tml_loss_outputs((tml_loss_kind)s->loss_kind),
        .conv_blocks = (size_t)s->conv_blocks,
        .conv_layers = (size_t)s->conv_layers,
        .conv_filters = (size_t)s->conv_filters,
        .stages = (size_t)s->stages,
        .stage_blocks = (size_t)s->stage_blocks,
        .stage_filters = (size_t)s->stage_filters,
        .conv_kernel = (size_t)s->conv_kernel,
        .pool = (size_t)s->pool,
        .fc1_layers = (size_t)s->fc1_layers,
        .fc1_units = (size_t)s->fc1_units,
        .fc2_blocks = (size_t)s->fc2_blocks,
        .fc2_layers = (size_t)s->fc2_layers,
        .fc2_units = (size_t)s->fc2_units,
        .fc1_dropout = s->fc1_dropout,
        .fc2_dropout = s->fc2_dropout,
        .convolution = (tml_convolution)s->convolution,
    };

    return a;
}

tml_adam tml_settings_adam(const tml_settings *settings)
{
    tml_adam adam = {.form = (tml_adam_form)settings->adam_form,
                     .learning_rate = settings->learning_rate,
                     .beta1 = settings->beta1,
                     .beta2 = settings->beta2,
                     .epsilon = settings->epsilon,
                     .weight_decay = settings->optimiser_kind == TML_OPTIMISER_ADAMW ? settings->weight_decay
                                                                                     : 0.0};

    return adam;
}

tml_loss tml_settings_loss(const tml_settings *settings)
{
    tml_loss loss = {.kind = (tml_loss_kind)settings->loss_kind,
                     .delta = settings->huber_delta,
                     .least_variance = settings->variance_floor};

    for (size_t t = 0; t < settings->targets.count; ++t)
        loss.weight[t] = settings->loss_weights.count > 0 ? settings->loss_weights.item[t] : 1.0;
    return loss;
}

tml_schedule tml_settings_schedule(const tml_settings *settings, uint64_t steps_per_epoch)
{
    tml_schedule schedule = {.kind = (tml_schedule_kind)settings->schedule,
                             .rate = settings->learning_rate,
                             .final_fraction = settings->final_fraction,
                             .decay_steps = (uint64_t)settings->decay_epochs * steps_per_epoch,
                             .warmup_steps = (uint64_t)settings->warmup_steps,
                             .plateau_factor = settings->plateau_factor,
                             .plateau_epochs = settings->plateau_epochs};

    return schedule;
}

bool tml_settings_may_change(const tml_config_key *key)
{
    static const char *const free_keys[][2] = {
        {"run", "threads"},
        {"run", "stall_seconds"},
        {"grid", "path"},
        {"io", "mode"},
        {"io", "residency"},
        {"stop", "epochs"},
        {"stop", "patience"},
        {"checkpoint", "every_epochs"},
        {"checkpoint", "every_seconds"},
        {"checkpoint", "keep"},
    };

    for (size_t i = 0; i < sizeof free_keys / sizeof free_keys[0]; ++i)
        if (strcmp(key->section, free_keys[i][0]) == 0 && strcmp(key->name, free_keys[i][1]) == 0)
            return true;
    return false;
}
