#ifndef TML_REPORT_SETTING_LIST_H
#define TML_REPORT_SETTING_LIST_H

/** @file report/setting_list.h
 * The settings of several trainings, and which of them differ. Not collective. */

#include "report/comparison.h"

enum { TML_SETTING_NAME = 96 };

/** One setting that is not the same in all trainings. */
typedef struct tml_setting_difference {
    char name[TML_SETTING_NAME];                          /* "section.key" */
    char value[TML_COMPARED_FOLDERS][TML_REPORT_SETTING]; /* of each folder; "": not known */
} tml_setting_difference;

/** Settings that differ, in the order of the first used_parameters.yml that has them. Folders without one do
 * not count.
 * @param list  out: [*count] on the heap, owned by the caller (free); NULL on failure
 * @return TML_OK or TML_INTERNAL (no memory) */
TML_NODISCARD tml_status tml_setting_differences(const tml_comparison *comparison,
                                                 tml_setting_difference **list, size_t *count,
                                                 tml_error *error);

#endif
