#include "report/csv_fields.h"

#include <math.h>

#define MOST_WHOLE 9007199254740992.0 /* 2^53: beyond, a double skips whole numbers */

tml_status tml_csv_need(const char *path, const tml_csv_reader *reader, size_t count,
                        const char *const *names, size_t *column, tml_error *error)
{
    for (size_t i = 0; i < count; ++i) {
        long place = tml_csv_find(reader, names[i]);

        if (place < 0)
            return TML_FAIL(error, TML_BAD_DATA,
                            "%s: line 1: there is no column '%s'; was the file written by another version?",
                            path, names[i]);
        column[i] = (size_t)place;
    }
    return TML_OK;
}

tml_status tml_csv_whole(const char *path, const tml_csv_reader *reader, size_t column, size_t least,
                         size_t *value, tml_error *error)
{
    double number = 0.0;
    tml_status status = tml_csv_number(reader, column, &number, error);

    *value = 0;
    if (status != TML_OK)
        return status;
    if (!(number >= (double)least && number <= MOST_WHOLE) || floor(number) < number)
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s: line %lld, column '%s': %g is not a whole number from %zu on", path,
                        (long long)tml_csv_line(reader), tml_csv_name(reader, column), number, least);
    *value = (size_t)number;
    return TML_OK;
}

tml_status tml_csv_within(const char *path, const tml_csv_reader *reader, size_t column, double low,
                          double high, double *value, tml_error *error)
{
    double number = 0.0;
    tml_status status = tml_csv_number(reader, column, &number, error);

    *value = 0.0;
    if (status != TML_OK)
        return status;
    if (!(number >= low && number <= high))
        return TML_FAIL(error, TML_BAD_DATA, "%s: line %lld, column '%s': %g is not within %g and %g", path,
                        (long long)tml_csv_line(reader), tml_csv_name(reader, column), number, low, high);
    *value = number;
    return TML_OK;
}
