#include "io/file_libraries.h"

#include <stdio.h>

#include <fitsio.h>

#include "io/hdf5_private.h"

tml_file_libraries tml_file_libraries_here(void)
{
    tml_file_libraries found = {.has_parallel_hdf5 = false};
    unsigned major = 0;
    unsigned minor = 0;
    unsigned release = 0;
    float fits = 0.0F;

    H5get_libversion(&major, &minor, &release);
    snprintf(found.hdf5, sizeof found.hdf5, "%u.%u.%u", major, minor, release);
#ifdef H5_HAVE_PARALLEL
    found.has_parallel_hdf5 = true;
#endif
    fits_get_version(&fits);
    snprintf(found.cfitsio, sizeof found.cfitsio, "%.3f", (double)fits);
    return found;
}
