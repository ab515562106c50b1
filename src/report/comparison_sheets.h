#ifndef TML_REPORT_COMPARISON_SHEETS_H
#define TML_REPORT_COMPARISON_SHEETS_H

/** @file report/comparison_sheets.h
 * The tables of one folder or of several beside each other: answers for objects, what differs between them,
 * scores, trainings, settings. Not collective. */

#include "report/comparison.h"
#include "report/sheet.h"

typedef enum tml_sheet_kind {
    TML_SHEET_OBJECTS,     /* answers, and what others found */
    TML_SHEET_DIFFERENCES, /* of the answers of different folders for one object */
    TML_SHEET_SCORES,      /* of one folder every part; of several those of tml_run_scores */
    TML_SHEET_LABELS,      /* of one folder: objects of a table against their labels */
    TML_SHEET_TRAININGS,   /* of several folders */
    TML_SHEET_SETTINGS,    /* of several folders: those that differ */
    TML_SHEET_KINDS
} tml_sheet_kind;

/** One of each kind; one that has nothing to say has no rows. */
typedef struct tml_comparison_sheets {
    tml_sheet sheet[TML_SHEET_KINDS];
} tml_comparison_sheets;

/** Fill them. @param sheets  out, owned by the caller (tml_comparison_sheets_free); all zero on failure
 * @return TML_OK or TML_INTERNAL (no memory) */
TML_NODISCARD tml_status tml_comparison_sheets_fill(const tml_comparison *comparison,
                                                    tml_comparison_sheets *sheets, tml_error *error);

/** Free what they own and zero them; zeroed ones are fine. */
void tml_comparison_sheets_free(tml_comparison_sheets *sheets);

/** One of them each; the sheet is created by the function. */
void tml_sheet_of_objects(const tml_comparison *comparison, tml_sheet *sheet);
void tml_sheet_of_differences(const tml_comparison *comparison, tml_sheet *sheet);
void tml_sheet_of_scores(const tml_comparison *comparison, tml_sheet *sheet);
void tml_sheet_of_labels(const tml_comparison *comparison, tml_sheet *sheet);
void tml_sheet_of_trainings(const tml_comparison *comparison, tml_sheet *sheet);
TML_NODISCARD tml_status tml_sheet_of_settings(const tml_comparison *comparison, tml_sheet *sheet,
                                               tml_error *error);

#endif
