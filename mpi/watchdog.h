#ifndef TML_MPI_WATCHDOG_H
#define TML_MPI_WATCHDOG_H

/** @file mpi/watchdog.h
 * Ends a job that stands still, and says which rank is to blame. A thread of each rank looks about once a
 * second whether the rank has told of progress; the ranks of a node see each other in shared memory, so that
 * a rank that cannot speak any more is named by another one. In the ordinary case nothing is sent and no file
 * touched.
 *
 * Blamed is, among the ranks of a node: one whose process does not run (its thread does not tick), else one
 * that is behind the others, else all. Where a node finds nobody behind, it gives another node five seconds
 * to speak first. Time during which a whole process was suspended does not count. One watchdog per process:
 * the state that its thread shares with the program is kept here. tml_watchdog_start -> tml_watchdog_beat,
 * ... -> tml_watchdog_end
 */

#include "mpi/world.h"

/** What a rank is doing. */
typedef enum tml_phase {
    TML_PHASE_STARTING,
    TML_PHASE_READING,
    TML_PHASE_FETCHING, /* spectra of other ranks */
    TML_PHASE_COMPUTING,
    TML_PHASE_REDUCING,
    TML_PHASE_SAVING,
    TML_PHASE_VALIDATING,
    TML_PHASES
} tml_phase;

/** Word for a phase, such as "computing". Never NULL. */
const char *tml_phase_name(tml_phase phase);

/** Watch from now on. Collective over world->comm.
 * @param seconds  without a beat after which the job ends (exit code 70); 0: never, then nothing is started
 * @return TML_OK or TML_INTERNAL, the same on all ranks; after a failure nothing runs
 */
TML_NODISCARD tml_status tml_watchdog_start(const tml_world *world, double seconds, tml_error *error);

/** Tell of progress: this phase begins, or has come on. Every rank beats at the same places, so that counts
 * can be compared. Not collective; by the thread that called start; costs nothing; fine without a watchdog.
 */
void tml_watchdog_beat(tml_phase phase);

/** Watch no longer. Collective over the communicator of start; fine without a watchdog. */
void tml_watchdog_end(void);

#endif
