#ifndef TML_IO_CSV_READER_H
#define TML_IO_CSV_READER_H

/** @file io/csv_reader.h
 * Comma-separated text, plain or compressed (gzip, bzip2; recognised by its first bytes), row by row in
 * bounded memory. The first line is the header. Not collective: one rank reads. */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

typedef struct tml_csv_reader tml_csv_reader;

/** Open and read the header. A quoted field may hold commas and doubled quotes, no line end; blanks around a
 * field are passed over; "\r\n" ends a line too; a byte-order mark is passed over.
 * @param reader  out, owned by the caller; NULL on failure
 * @return TML_OK, TML_NO_INPUT, TML_BAD_DATA (empty file, empty or doubled column name) or TML_IO_ERROR
 */
TML_NODISCARD tml_status tml_csv_open(const char *path, tml_csv_reader **reader, tml_error *error);

/** Number of columns and their names as the header gives them. Borrowed. */
size_t tml_csv_columns(const tml_csv_reader *reader);
const char *tml_csv_name(const tml_csv_reader *reader, size_t column);

/** Position of a column by name, or -1. */
long tml_csv_find(const tml_csv_reader *reader, const char *name);

/** Read the next row; blank lines are passed over.
 * @param fields  out: tml_csv_columns() strings, borrowed until the next call; NULL at the end of the file
 * @return TML_OK, TML_BAD_DATA (a row with too few or too many fields, unfinished quote: message with line
 * and row) or TML_IO_ERROR (damaged or truncated compressed data)
 */
TML_NODISCARD tml_status tml_csv_next(tml_csv_reader *reader, const char *const **fields, tml_error *error);

/** Number of the row last read, from 0, and of its line in the file, from 1. */
int64_t tml_csv_row(const tml_csv_reader *reader);
int64_t tml_csv_line(const tml_csv_reader *reader);

/** A field of the row last read as a number.
 * @return TML_OK, or TML_BAD_DATA with file, line, row and column when it is not a finite number
 */
TML_NODISCARD tml_status tml_csv_number(const tml_csv_reader *reader, size_t column, double *value,
                                        tml_error *error);

/** Close; sets the pointer to NULL; NULL is fine. */
void tml_csv_close(tml_csv_reader **reader);

#endif
