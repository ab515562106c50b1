#ifndef TML_REPORT_CSV_FIELDS_H
#define TML_REPORT_CSV_FIELDS_H

/** @file report/csv_fields.h
 * Columns and fields of a CSV file that are needed and checked, with messages that name file, line and
 * column. Not collective. */

#include "core/status.h"
#include "io/csv_reader.h"

/** Places of columns. @param names [count] @param column out: [count] @return TML_OK or TML_BAD_DATA */
TML_NODISCARD tml_status tml_csv_need(const char *path, const tml_csv_reader *reader, size_t count,
                                      const char *const *names, size_t *column, tml_error *error);

/** A whole number of the row last read. @return TML_OK, or TML_BAD_DATA when it is none, or below `least` */
TML_NODISCARD tml_status tml_csv_whole(const char *path, const tml_csv_reader *reader, size_t column,
                                       size_t least, size_t *value, tml_error *error);

/** A number of the row last read. @return TML_OK, or TML_BAD_DATA when it is none, or outside low to high */
TML_NODISCARD tml_status tml_csv_within(const char *path, const tml_csv_reader *reader, size_t column,
                                        double low, double high, double *value, tml_error *error);

#endif
