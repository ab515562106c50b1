#ifndef TML_IO_PROVENANCE_H
#define TML_IO_PROVENANCE_H

/** @file io/provenance.h
 * Where a file comes from: program, build, libraries, job, time. The same facts in every file that is
 * written. */

#include "core/status.h"

/** What only the caller knows. */
typedef struct tml_provenance_job {
    int ranks;
    int threads;
    int nodes;
    const char *host;
    const char *command_line;
    const char *extra; /* more lines "name=value", or NULL */
} tml_provenance_job;

/** The facts as lines "name=value", each ended by a newline: program, version, revision, compiler, flags,
 * build_type, mpi, hdf5, ranks, threads, nodes, host, started_utc, command, job_id (of Slurm, PBS or LSF if
 * there is one), then the extra lines. Newlines within values become spaces. Not collective.
 * @return on the heap, owned by the caller; NULL without memory
 */
char *tml_provenance_lines(const tml_provenance_job *job);

/** Write the lines as provenance.json (one object of strings). Not collective: one rank.
 * @return TML_OK, TML_CANNOT_CREATE or TML_IO_ERROR
 */
TML_NODISCARD tml_status tml_provenance_write_json(const char *path, const char *lines, tml_error *error);

#endif
