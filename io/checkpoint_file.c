#include "io/checkpoint_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/fault.h"
#include "core/memory.h"
#include "io/hdf5_private.h"

#define FORMAT "telescopeml-checkpoint"
enum { FORMAT_VERSION = 1 };

/* The numbers by name: one list for writing and reading. */
static const struct {
    const char *name;
    size_t offset;
    bool is_optional; /* 0 in checkpoints that were written before it was known */
} integers[] =
    {
        {"epoch", offsetof(tml_checkpoint_numbers, epoch), false},
        {"step_in_epoch", offsetof(tml_checkpoint_numbers, step_in_epoch), false},
        {"step", offsetof(tml_checkpoint_numbers, step), false},
        {"samples", offsetof(tml_checkpoint_numbers, samples), false},
        {"best_epoch", offsetof(tml_checkpoint_numbers, best_epoch), false},
        {"waited", offsetof(tml_checkpoint_numbers, waited), false},
        {"plateau_waited", offsetof(tml_checkpoint_numbers, plateau_waited), true},
        {"plateau_cuts", offsetof(tml_checkpoint_numbers, plateau_cuts), true},
        {"parameter_count", offsetof(tml_checkpoint_numbers, parameter_count), false},
        {"target_count", offsetof(tml_checkpoint_numbers, target_count), false},
},
  reals[] = {
      {"seconds", offsetof(tml_checkpoint_numbers, seconds), false},
      {"best_loss", offsetof(tml_checkpoint_numbers, best_loss), false},
};

enum { INTEGERS = sizeof integers / sizeof integers[0], REALS = sizeof reals / sizeof reals[0] };

static const char *const array_names[] = {"weights", "first_moment", "second_moment", "best_weights"};

static float *array_of(const tml_checkpoint_arrays *arrays, int i)
{
    float *const list[] = {arrays->weights, arrays->first_moment, arrays->second_moment, arrays->best};

    return list[i];
}

void tml_checkpoint_path(const char *folder, int64_t step, char *path)
{
    snprintf(path, TML_PATH_LENGTH, "%s/step-%08lld.h5", folder, (long long)step);
}

static tml_status write_numbers(hid_t file, const tml_checkpoint_numbers *numbers, tml_error *error)
{
    size_t dims[1] = {TML_CHECKPOINT_TARGETS};
    tml_status status = TML_OK;

    for (int i = 0; i < INTEGERS && status == TML_OK; ++i) {
        int64_t value;

        memcpy(&value, (const char *)numbers + integers[i].offset, sizeof value);
        status = tml_hdf5_set_integer(file, integers[i].name, value, error);
    }
    for (int i = 0; i < REALS && status == TML_OK; ++i) {
        double value;

        memcpy(&value, (const char *)numbers + reals[i].offset, sizeof value);
        status = tml_hdf5_set_double(file, reals[i].name, value, error);
    }
    if (status == TML_OK)
        status = tml_hdf5_set_text(file, "grid_digest", numbers->grid_digest, error);
    if (status == TML_OK)
        status = tml_hdf5_write_array(file, "loss_sum", TML_HDF5_DOUBLE, 1, dims, numbers->loss_sum, NULL,
                                      "sum of the loss over the samples of this epoch, per target", error);
    return status;
}

tml_status tml_checkpoint_write(const char *path, const tml_checkpoint_numbers *numbers,
                                const tml_checkpoint_arrays *arrays, const char *configuration,
                                const char *provenance, tml_error *error)
{
    size_t dims[1] = {(size_t)numbers->parameter_count};
    tml_hdf5_file file;
    tml_status status = tml_hdf5_file_create(path, &file, error);

    if (status != TML_OK)
        return status;
    status = tml_hdf5_set_format(file.id, FORMAT, FORMAT_VERSION, error);
    if (status == TML_OK)
        status = write_numbers(file.id, numbers, error);
    if (status == TML_OK)
        status = tml_hdf5_set_text(file.id, "configuration", configuration, error);
    for (int i = 0; i < 4 && status == TML_OK; ++i)
        status = tml_hdf5_write_array(file.id, array_names[i], TML_HDF5_FLOAT, 1, dims, array_of(arrays, i),
                                      NULL, NULL, error);
    if (status == TML_OK)
        status = tml_hdf5_write_lines(file.id, "provenance", provenance, error);
    if (status == TML_OK)
        return tml_hdf5_file_finish(&file, error);
    tml_hdf5_file_abandon(&file);
    return status;
}

static tml_status read_numbers(hid_t file, tml_checkpoint_numbers *numbers, tml_error *error)
{
    size_t dims[1] = {TML_CHECKPOINT_TARGETS};
    char *digest = NULL;
    tml_status status = TML_OK;

    for (int i = 0; i < INTEGERS && status == TML_OK; ++i) {
        int64_t value = 0;

        if (!integers[i].is_optional || tml_hdf5_has_attribute(file, integers[i].name))
            status = tml_hdf5_get_integer(file, integers[i].name, &value, error);
        memcpy((char *)numbers + integers[i].offset, &value, sizeof value);
    }
    for (int i = 0; i < REALS && status == TML_OK; ++i) {
        double value = 0;

        status = tml_hdf5_get_double(file, reals[i].name, &value, error);
        memcpy((char *)numbers + reals[i].offset, &value, sizeof value);
    }
    if (status == TML_OK)
        status = tml_hdf5_get_text(file, "grid_digest", &digest, error);
    if (status == TML_OK)
        snprintf(numbers->grid_digest, sizeof numbers->grid_digest, "%s", digest);
    free(digest);
    if (status == TML_OK)
        status = tml_hdf5_read_array(file, "loss_sum", TML_HDF5_DOUBLE, 1, dims, numbers->loss_sum, error);
    return status;
}

tml_status tml_checkpoint_read_numbers(const char *path, tml_checkpoint_numbers *numbers,
                                       char **configuration, tml_error *error)
{
    tml_hdf5_file file;
    tml_status status = tml_hdf5_file_open(path, &file, error);

    *configuration = NULL;
    memset(numbers, 0, sizeof *numbers);
    if (status != TML_OK)
        return status;
    status = tml_hdf5_check_format(file.id, FORMAT, FORMAT_VERSION, error);
    if (status == TML_OK)
        status = read_numbers(file.id, numbers, error);
    if (status == TML_OK)
        status = tml_hdf5_get_text(file.id, "configuration", configuration, error);
    tml_hdf5_file_close(&file);
    return status;
}

tml_status tml_checkpoint_read_arrays(const char *path, size_t parameter_count,
                                      const tml_checkpoint_arrays *arrays, tml_error *error)
{
    size_t dims[1] = {parameter_count};
    tml_hdf5_file file;
    tml_status status = tml_hdf5_file_open(path, &file, error);

    if (status != TML_OK)
        return status;
    for (int i = 0; i < 4 && status == TML_OK; ++i)
        status = tml_hdf5_read_array(file.id, array_names[i], TML_HDF5_FLOAT, 1, dims, array_of(arrays, i),
                                     error);
    tml_hdf5_file_close(&file);
    return status;
}

/* The step in "step-00001234.h5", or -1; `rest` is what must follow the digits. */
static int64_t step_of(const char *name, const char *rest)
{
    long long step = -1;
    int length = 0;

    if (sscanf(name, "step-%lld%n", &step, &length) != 1 || step < 0 || strcmp(name + length, rest) != 0)
        return -1;
    return step;
}

static int newest_first(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;

    return left < right ? 1 : left > right ? -1 : 0;
}

tml_status tml_checkpoint_list(const char *folder, int64_t **steps, size_t *count, tml_error *error)
{
    DIR *directory = tml_fault("opendir") ? NULL : opendir(folder);
    size_t room = 0;

    *steps = NULL;
    *count = 0;
    if (directory == NULL)
        return TML_FAIL(error, TML_NO_INPUT, "%s: %s", folder, strerror(errno));
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        int64_t step = step_of(entry->d_name, ".h5");

        if (step < 0)
            continue;
        if (*count == room) {
            int64_t *larger = tml_fault("list") ? NULL
                                                : realloc(*steps, (room = 2 * room + 16) * sizeof **steps);

            if (larger == NULL) {
                free(*steps);
                *steps = NULL;
                closedir(directory);
                return TML_FAIL(error, TML_INTERNAL, "no memory for the list of checkpoints");
            }
            *steps = larger;
        }
        (*steps)[(*count)++] = step;
    }
    closedir(directory);
    if (*count > 0)
        qsort(*steps, *count, sizeof **steps, newest_first);
    return TML_OK;
}

static tml_status remove_file(const char *path, tml_error *error)
{
    if ((tml_fault("unlink") || unlink(path) != 0) && errno != ENOENT)
        return TML_FAIL(error, TML_IO_ERROR, "%s: cannot be removed: %s", path, strerror(errno));
    return TML_OK;
}

static tml_status remove_leftovers(const char *folder, tml_error *error)
{
    DIR *directory = tml_fault("opendir") ? NULL : opendir(folder);
    tml_status status = TML_OK;

    if (directory == NULL)
        return TML_FAIL(error, TML_IO_ERROR, "%s: %s", folder, strerror(errno));
    for (struct dirent *entry; status == TML_OK && (entry = readdir(directory)) != NULL;) {
        char path[TML_PATH_LENGTH];

        if (step_of(entry->d_name, ".h5.partial") >= 0 &&
            tml_path_join(path, sizeof path, folder, entry->d_name))
            status = remove_file(path, error);
    }
    closedir(directory);
    return status;
}

tml_status tml_checkpoint_prune(const char *folder, int64_t newest, size_t keep, tml_error *error)
{
    int64_t *steps;
    size_t count;
    size_t kept = 0;
    tml_status status = tml_checkpoint_list(folder, &steps, &count, error);

    for (size_t i = 0; i < count && status == TML_OK; ++i) {
        char path[TML_PATH_LENGTH];

        if (steps[i] <= newest && kept++ < keep)
            continue;
        tml_checkpoint_path(folder, steps[i], path);
        status = remove_file(path, error);
    }
    free(steps);
    return status == TML_OK ? remove_leftovers(folder, error) : status;
}
