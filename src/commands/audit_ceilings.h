#ifndef TML_COMMANDS_AUDIT_CEILINGS_H
#define TML_COMMANDS_AUDIT_CEILINGS_H

/** @file commands/audit_ceilings.h
 * The ceilings of R2 that `grid audit` has written, for `evaluate --audit`. Not collective: rank 0. */

#include <stddef.h>

#include "core/status.h"

enum { TML_AUDIT_DIGEST = 64 };

/** Read an audit.json, or what `grid audit --json` printed.
 * @param name    [count] parameters
 * @param ceiling out: [count]; NaN for one that the audit does not know
 * @param digest  out: of the grid that was audited; empty if it has none
 * @return TML_OK, TML_NO_INPUT, TML_IO_ERROR, or TML_BAD_DATA (not such a document)
 */
TML_NODISCARD tml_status tml_audit_ceilings_read(const char *path, size_t count, const char *const *name,
                                                 double *ceiling, char digest[TML_AUDIT_DIGEST],
                                                 tml_error *error);

#endif
