#include "report/comparison_sheets.h"

#include <string.h>

tml_status tml_comparison_sheets_fill(const tml_comparison *comparison, tml_comparison_sheets *sheets,
                                      tml_error *error)
{
    tml_status status;

    tml_sheet_of_objects(comparison, &sheets->sheet[TML_SHEET_OBJECTS]);
    tml_sheet_of_differences(comparison, &sheets->sheet[TML_SHEET_DIFFERENCES]);
    tml_sheet_of_scores(comparison, &sheets->sheet[TML_SHEET_SCORES]);
    tml_sheet_of_labels(comparison, &sheets->sheet[TML_SHEET_LABELS]);
    tml_sheet_of_trainings(comparison, &sheets->sheet[TML_SHEET_TRAININGS]);
    status = tml_sheet_of_settings(comparison, &sheets->sheet[TML_SHEET_SETTINGS], error);
    for (size_t i = 0; i < TML_SHEET_KINDS && status == TML_OK; ++i)
        status = tml_sheet_complete(&sheets->sheet[i], error);
    if (status != TML_OK)
        tml_comparison_sheets_free(sheets);
    return status;
}

void tml_comparison_sheets_free(tml_comparison_sheets *sheets)
{
    for (size_t i = 0; i < TML_SHEET_KINDS; ++i)
        tml_sheet_free(&sheets->sheet[i]);
}
