#ifndef TML_IO_FILE_LIBRARIES_H
#define TML_IO_FILE_LIBRARIES_H

/** @file io/file_libraries.h
 * Which libraries of files this program runs with. Not collective. */

#include <stdbool.h>

enum { TML_FILE_LIBRARY_TEXT = 32 };

typedef struct tml_file_libraries {
    char hdf5[TML_FILE_LIBRARY_TEXT]; /* version as "1.10.8" */
    bool has_parallel_hdf5;           /* built with MPI */
    char cfitsio[TML_FILE_LIBRARY_TEXT];
} tml_file_libraries;

/** Ask them. */
tml_file_libraries tml_file_libraries_here(void);

#endif
