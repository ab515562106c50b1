#ifndef TML_REPORT_REPORT_PLACE_H
#define TML_REPORT_REPORT_PLACE_H

/** @file report/report_place.h
 * Where a report goes, and what its files are called. Not collective. */

#include "core/status.h"
#include "io/path.h"

enum { TML_REPORT_STEM = 256 };

typedef struct tml_report_place {
    char folder[TML_PATH_LENGTH]; /* has a folder `figures` after tml_report_place_prepare */
    char stem[TML_REPORT_STEM];   /* "report" of report.html, report.json, report.md */
    char tables[TML_REPORT_STEM]; /* "tables" of tables.tex */
} tml_report_place;

/** Choose the place.
 * @param wanted  a folder, or a file that ends in .html: then all files have its name with their own endings
 * @param stem, tables  their names in a folder
 * @return TML_OK or TML_CANNOT_CREATE: there is no such folder, or the path is too long */
TML_NODISCARD tml_status tml_report_place_choose(const char *wanted, const char *stem, const char *tables,
                                                 tml_report_place *place, tml_error *error);

/** Make its folder `figures`. @return TML_OK or TML_CANNOT_CREATE */
TML_NODISCARD tml_status tml_report_place_prepare(const tml_report_place *place, tml_error *error);

/** Path of FOLDER/STEM with an ending. @param stem  place->stem or place->tables
 * @return TML_OK or TML_CANNOT_CREATE (too long) */
TML_NODISCARD tml_status tml_report_place_file(const tml_report_place *place, const char *stem,
                                               const char *ending, char path[TML_PATH_LENGTH],
                                               tml_error *error);

#endif
