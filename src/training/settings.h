#ifndef TML_TRAINING_SETTINGS_H
#define TML_TRAINING_SETTINGS_H

/** @file training/settings.h
 * Every setting of a training, as one table and one plain struct. The table is the documentation:
 * telescopeml train --help-config prints it. */

#include <stdint.h>

#include "core/config.h"
#include "network/adam.h"
#include "network/architecture.h"
#include "network/loss.h"
#include "network/schedule.h"

typedef enum tml_split_rule { TML_SPLIT_GROUPS, TML_SPLIT_RANDOM, TML_SPLIT_FILE } tml_split_rule;
typedef enum tml_noise_kind { TML_NOISE_NONE, TML_NOISE_GAUSSIAN } tml_noise_kind;
typedef enum tml_optimiser { TML_OPTIMISER_ADAM, TML_OPTIMISER_ADAMW } tml_optimiser;
typedef enum tml_monitor { TML_MONITOR_VALIDATION, TML_MONITOR_TRAIN } tml_monitor;

/** Values of all keys. Choices are held as int in the order of the table's `choices`. */
typedef struct tml_settings {
    /* run */
    int64_t seed;
    int64_t threads;
    double stall_seconds;
    /* grid */
    char grid_path[TML_CONFIG_TEXT];
    tml_config_names targets;
    tml_config_names log10_targets;
    int target_scaler;
    /* split */
    int split_rule;
    double test_fraction;
    double validation_fraction;
    /* input */
    int spectrum_scaler;
    int transform;
    double softening;
    tml_config_names features;
    int feature_scaler;
    int order;
    int noise;
    tml_config_reals noise_snr;
    /* network */
    int network_kind, activation, normalisation, head;
    int64_t stages, stage_blocks, stage_filters;
    int64_t conv_blocks, conv_layers, conv_filters, conv_kernel, pool;
    int64_t fc1_layers, fc1_units;
    double fc1_dropout;
    int64_t fc2_blocks, fc2_layers, fc2_units;
    double fc2_dropout;
    int convolution;
    /* loss */
    int loss_kind;
    double huber_delta;
    double variance_floor;
    tml_config_reals loss_weights;
    /* optimiser */
    int optimiser_kind;
    int adam_form;
    double learning_rate, beta1, beta2, epsilon, weight_decay, clip_norm;
    int schedule;
    int64_t warmup_steps;
    int64_t decay_epochs;
    double final_fraction;
    int64_t plateau_epochs;
    double plateau_factor;
    /* batch */
    int64_t batch_global;
    int64_t batch_lane;
    /* stop */
    int64_t epochs;
    int monitor;
    int64_t patience;
    double min_delta;
    /* numerics */
    int reduction;
    /* io */
    int io_mode;
    int residency;
    /* checkpoint */
    int64_t checkpoint_epochs;
    double checkpoint_seconds;
    int64_t checkpoint_keep;
} tml_settings;

/** The table of all keys. Not collective. Borrowed from static storage. */
const tml_config_table *tml_settings_table(void);

/** Rules between keys that the table cannot say: list lengths, fractions that leave a training set, names
 * that are not targets. Not collective. @return TML_OK or TML_CONFIG */
TML_NODISCARD tml_status tml_settings_check(const tml_settings *settings, tml_error *error);

/** The network that the settings describe for spectra of this many wavelengths. Not collective. */
tml_architecture tml_settings_architecture(const tml_settings *settings, size_t wavelengths);

/** The optimiser and the loss that the settings describe. Not collective. */
tml_adam tml_settings_adam(const tml_settings *settings);
tml_loss tml_settings_loss(const tml_settings *settings);

/** The learning rate over the steps. Not collective. */
tml_schedule tml_settings_schedule(const tml_settings *settings, uint64_t steps_per_epoch);

/** Whether a key may differ between a run and its resumption: it changes neither the weights nor their
 * meaning. Not collective. @param key  one of the table's */
bool tml_settings_may_change(const tml_config_key *key);

#endif
