#ifndef TML_TESTS_REPORT_FOLDER_H
#define TML_TESTS_REPORT_FOLDER_H

/** @file report_folder.h
 * A folder with made-up results of every kind, to be reported on. For serial tests with cmocka; include it
 * after results_example.h. */

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/atomic_file.h"
#include "io/model_file.h"

enum { FOLDER_PATH = 512 };

static inline const char *folder_path(const char *folder, const char *name)
{
    static char path[FOLDER_PATH];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static inline void folder_store(const char *folder, const char *name, const char *text)
{
    tml_error error = {0, ""};

    if (tml_atomic_write(folder_path(folder, name), text, strlen(text), &error) != TML_OK)
        fail_msg("%s", error.message);
}

/* Not inlined: GCC 12 would warn of a pointer to `text` that there is not. */
__attribute__((noinline, unused)) static char *folder_load(const char *folder, const char *name)
{
    char *text = NULL;
    tml_error error = {0, ""};

    if (tml_file_read_text(folder_path(folder, name), (size_t)1 << 27, &text, NULL, &error) != TML_OK)
        fail_msg("%s", error.message);
    return text;
}

/** Remove a folder and what is below it. */
static inline void folder_remove(const char *folder)
{
    DIR *stream = opendir(folder);
    const struct dirent *entry;

    if (stream == NULL)
        return;
    while ((entry = readdir(stream)) != NULL) {
        char path[FOLDER_PATH];

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%.200s/%.250s", folder, entry->d_name);
        if (unlink(path) != 0)
            folder_remove(path);
    }
    closedir(stream);
    rmdir(folder);
}

static inline void folder_add_results(const char *folder)
{
    tml_results results = results_example();
    tml_error error = {0, ""};

    if (tml_results_write(folder_path(folder, "results.h5"), &results, &error) != TML_OK)
        fail_msg("%s", error.message);
    tml_results_free(&results);
}

static inline void folder_add_model(const char *folder)
{
    static char configuration[] = "run: {}\n";
    static char provenance[] = "program=telescopeml\n";
    double um[2] = {1.0, 2.0};
    float weight = 0.0F;
    tml_model_target target = {"teff", "K"};
    tml_model_tensor tensor = {"output", "bias", 1, {1, 0, 0}, 0};
    tml_model_contents model = {.configuration = configuration,
                                .provenance = provenance,
                                .wavelengths = 2,
                                .wavelength_um = um,
                                .target_count = 1,
                                .targets = &target,
                                .tensor_count = 1,
                                .tensors = &tensor,
                                .weight_count = 1,
                                .weights = &weight,
                                .best_loss = 0.25,
                                .best_epoch = 2,
                                .epochs = 5};
    tml_error error = {0, ""};

    if (tml_model_file_write(folder_path(folder, "model.h5"), &model, &error) != TML_OK)
        fail_msg("%s", error.message);
}

static inline void folder_add_training(const char *folder)
{
    folder_store(
        folder, "history.csv",
        "epoch,step,seconds,learning_rate,train_loss,validation_loss,train_loss_teff,"
        "validation_loss_teff\n"
        "0,10,0.5,0.001,1.0,0.9,1.0,0.9\n1,20,1.0,0.001,0.5,0.6,0.5,0.6\n2,30,1.5,0.001,0.3,0.4,0.3,0.4\n");
    folder_store(folder, "used_parameters.yml",
                 "run:\n  seed: 7  # default\ngrid:\n  path: a<b&c.h5\nloss:\n  kind: huber  # default\n"
                 "stop:\n  monitor: validation\n");
    folder_store(folder, "provenance.json",
                 "{\"program\": \"telescopeml\", \"command\": \"telescopeml train a.yml --set x=<y>\"}\n");
    folder_store(folder, "ranks.csv", "rank,rows_read\n0,100\n1,100\n");
    folder_add_model(folder);
}

static inline void folder_add_scores(const char *folder)
{
    static const char target[] =
        "{\"unit\": \"K\", \"r2\": 0.98, \"rmse\": 21.5, \"mae\": 15.0, \"bias\": -0.25, "
        "\"sd\": 21.4, \"skewness\": null, \"ceiling_r2\": null}";
    char document[2048];

    snprintf(document, sizeof document,
             "{\"schema\": \"telescopeml.evaluate/1\", \"version\": \"0.1.0\", \"status\": \"done\", "
             "\"exit_code\": 0, \"warnings\": [{\"code\": \"other_grid\", \"text\": \"another <grid>\"}], "
             "\"result\": {\"split\": \"test\", \"rows\": 2, \"noise\": {\"snr\": 30}, \"targets\": "
             "{\"teff\": %s}, "
             "\"baseline\": {\"name\": \"nearest grid point\", \"targets\": {\"teff\": %s}, \"beaten\": [], "
             "\"beats_baseline\": false}, \"model\": \"model.h5\", \"other_splits\": [{\"split\": \"train\", "
             "\"rows\": 2, \"noise\": {\"snr\": null}, \"targets\": {\"teff\": %s}}]}}\n",
             target, target, target);
    folder_store(folder, "evaluation.json", document);
    folder_store(
        folder, "evaluation_rows.csv",
        "row,split,teff_true,teff\n0,train,500,510\n1,train,700,690\n2,test,900,930\n3,test,1100,nan\n"
        "4,test,1300,1290\n");
}

static inline void folder_add_table(const char *folder)
{
    folder_store(folder, "predictions.csv",
                 "row,teff,teff_sd,chi2,dof,flags,teff_label\n0,510,9,100,98,,500\n"
                 "1,690,9,300,98,outside_grid+poor_fit,700\n2,930,9,nan,nan,no_grid,\n");
    folder_store(
        folder, "predictions.json",
        "{\"schema\": \"telescopeml.predict/1\", \"version\": \"0.1.0\", \"status\": \"done\", "
        "\"exit_code\": 0, \"warnings\": [], \"result\": {\"table\": {\"rows\": 3, \"ranges\": [{\"target\": "
        "\"teff\", \"unit\": \"K\", \"low\": 400, \"high\": 1000, \"count\": 2, \"bias\": 0.0, "
        "\"scatter_mad\": 10.0, \"rmse\": 10.0, \"coverage68\": 0.5, \"coverage95\": 1.0}]}}}\n");
}

/** A new folder with everything. @param folder  "name-XXXXXX", changed */
static inline void folder_fill(char *folder)
{
    assert_non_null(mkdtemp(folder));
    folder_add_results(folder);
    folder_add_training(folder);
    folder_add_scores(folder);
    folder_add_table(folder);
}

#endif
