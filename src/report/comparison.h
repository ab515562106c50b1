#ifndef TML_REPORT_COMPARISON_H
#define TML_REPORT_COMPARISON_H

/** @file report/comparison.h
 * Several folders of results beside each other: what they hold, which objects they share, what differs. Not
 * collective: one rank. */

#include <stddef.h>

#include "core/status.h"
#include "report/sources.h"

enum { TML_COMPARED_FOLDERS = 32, TML_COMPARED_LABEL = 512 };

/** One folder. */
typedef struct tml_compared_folder {
    char label[TML_COMPARED_LABEL]; /* its name, or its path where two have the same name */
    tml_report_sources sources;
} tml_compared_folder;

/** What one folder says of an object. */
typedef struct tml_compared_answer {
    size_t folder;
    const tml_object_result *object; /* borrowed from the folder's sources */
} tml_compared_answer;

/** An object by its name, with every answer; those of a folder stand together. */
typedef struct tml_compared_object {
    const char *name; /* borrowed */
    size_t count;     /* at least 1 */
    const tml_compared_answer *answer;
} tml_compared_object;

typedef struct tml_comparison {
    size_t folders;
    tml_compared_folder *folder; /* [folders] owned */
    size_t objects;
    tml_compared_object *object; /* [objects] owned, in the order in which the names come */
    tml_compared_answer *answer; /* owned */
} tml_comparison;

/** Read folders.
 * @param paths       borrowed while the comparison lives
 * @param comparison  out, owned by the caller (tml_comparison_free); all zero on failure
 * @return as tml_report_sources_read, or TML_USAGE: more than TML_COMPARED_FOLDERS, or one of them twice
 */
TML_NODISCARD tml_status tml_comparison_read(size_t count, const char *const *paths,
                                             tml_comparison *comparison, tml_error *error);

/** The parameter of an answer that has the same name and unit; NULL: it has none. */
const tml_parameter_result *tml_compared_parameter(const tml_object_result *object,
                                                   const tml_parameter_result *like);

/** Second answer minus first in units of the combined standard deviation, sqrt(sd1^2 + sd2^2).
 * @return NaN when one of them, or both errors, are not known */
double tml_compared_difference(const tml_object_result *first, const tml_object_result *second,
                               const tml_parameter_result *like);

/** One parameter of each name and unit that answers have.
 * @param parameters  out: [TML_RESULT_TARGETS] borrowed
 * @return their number; those for which there is no room are left out */
size_t tml_compared_parameters(const tml_comparison *comparison,
                               const tml_parameter_result *parameters[TML_RESULT_TARGETS]);

/** Whether two folders have an answer for the object. */
bool tml_compared_is_shared(const tml_compared_object *object);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_comparison_free(tml_comparison *comparison);

#endif
