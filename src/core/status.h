#ifndef TML_CORE_STATUS_H
#define TML_CORE_STATUS_H

/** @file core/status.h
 * What a function that can fail returns, and the report that travels with it.
 *
 * A status is the exit code of the program (DESIGN: the same number on every rank), so nothing translates
 * between the two. Functions take `tml_error *error` last; a failure fills it, success leaves it alone.
 */

#define TML_NODISCARD __attribute__((warn_unused_result))
#define TML_PRINTF(format_at, first_at) __attribute__((format(printf, format_at, first_at)))

typedef enum tml_status {
    TML_OK = 0,
    TML_DIVERGED = 10,      /* NaN or infinity during training */
    TML_USAGE = 64,         /* command line */
    TML_BAD_DATA = 65,      /* contents of an input */
    TML_NO_INPUT = 66,      /* an input that is not there */
    TML_INTERNAL = 70,      /* broken invariant, no memory, MPI failure */
    TML_CANNOT_CREATE = 73, /* an output that cannot be made */
    TML_IO_ERROR = 74,      /* reading or writing failed half-way */
    TML_STOPPED = 75,       /* stopped on request with a checkpoint: run again */
    TML_CONFIG = 78         /* configuration */
} tml_status;

enum { TML_ERROR_LENGTH = 1536, TML_RANK_UNKNOWN = -1 };

/** One failure: what, where, the cure. Plain bytes, so that ranks can send it to each other. */
typedef struct tml_error {
    int rank;                       /* that failed; TML_RANK_UNKNOWN until the ranks have agreed */
    char message[TML_ERROR_LENGTH]; /* one or several lines, no newline at the end */
} tml_error;

/** Write a message into `error` and return `status`. Not collective.
 * @param error  borrowed; NULL discards the message
 */
tml_status tml_error_set(tml_error *error, tml_status status, const char *format, ...) TML_PRINTF(3, 4);

/** Put text in front of the message that is already there, as in "grid.h5: ". Not collective. */
void tml_error_prefix(tml_error *error, const char *format, ...) TML_PRINTF(2, 3);

/** Short name of a status for JSON and logs, such as "bad data". Never NULL. */
const char *tml_status_name(tml_status status);

#define TML_FAIL(error, status, ...) tml_error_set(error, status, __VA_ARGS__)

#endif
