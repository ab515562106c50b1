#ifndef TML_CORE_FAULT_H
#define TML_CORE_FAULT_H

/** @file core/fault.h
 * Failures on demand, for tests of what happens after them. In a build with TML_FAULTS (the debug and the
 * asan preset) the calls of a rank that can fail are counted from 1, and the environment says which one is to
 * fail: TML_FAULT_RANK=R TML_FAULT_CALL=K   the K-th such call of rank R fails TML_FAULT_REPORT=FILE
 * FILE.RANK gets a line "strikes K WHAT" when it does, and "calls N" when the rank ends in order In any other
 * build there is nothing of it. Which calls are counted: allocations (core/memory.h), files that are opened,
 * read, written, synchronised, renamed (io/), calls of HDF5 that touch contents, and results of MPI
 * (mpi/agree.h). The state is kept here; threads may count at the same time.
 */

#include <stdbool.h>

#ifdef TML_FAULTS

/** Read the environment and count on behalf of this rank from now on. Not collective. */
void tml_fault_setup(int rank);

/** Count a call. @param what  its name, for the report; borrowed. @return whether it is to fail; errno is EIO
 * then */
bool tml_fault(const char *what);

#else

static inline void tml_fault_setup(int rank)
{
    (void)rank;
}

static inline bool tml_fault(const char *what)
{
    (void)what;
    return false;
}

#endif

#endif
