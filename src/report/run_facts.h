#ifndef TML_REPORT_RUN_FACTS_H
#define TML_REPORT_RUN_FACTS_H

/** @file report/run_facts.h
 * What is asked of a training first, from the files of its folder. Not collective. */

#include <cjson/cJSON.h>

#include "report/sources.h"

/** Numbers; NaN where one is not known. */
typedef struct tml_run_facts {
    double epochs;
    double best_epoch; /* counted from 1 */
    double best_loss;
    double weights;
    double ranks;              /* of the last job */
    double seconds;            /* of computing, over all jobs */
    double samples_per_second; /* steps times batch over seconds: a little high where an epoch's last batch is
                                  short */
} tml_run_facts;

/** Whether there is a training, and its facts. */
bool tml_run_facts_of(const tml_report_sources *sources, tml_run_facts *facts);

/** The scores of a folder that are compared: those on the test part if it was scored, else those that
 * evaluate gave first; NULL: none. Borrowed: "split", "rows", "noise", "targets". */
const cJSON *tml_run_scores(const tml_report_sources *sources);

/** A number of a JSON object; NaN where there is none. */
double tml_run_number(const cJSON *object, const char *name);

#endif
