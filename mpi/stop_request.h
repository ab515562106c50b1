#ifndef TML_MPI_STOP_REQUEST_H
#define TML_MPI_STOP_REQUEST_H

/** @file mpi/stop_request.h
 * A wish from outside that the job stop: SIGUSR1 or SIGTERM to any rank. The handler only notes it; what is
 * done is decided by all ranks together. A second signal, of either kind, ends the process at once, as it
 * would without a handler. The one piece of state that a signal handler needs is kept here. Not collective.
 */

#include <stdbool.h>

/** Note the signals from now on. */
void tml_stop_request_watch(void);

/** Give the signals back to the system and forget what was noted. */
void tml_stop_request_unwatch(void);

/** Whether this rank has been asked to stop. */
bool tml_stop_request_is_made(void);

#endif
