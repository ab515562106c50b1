#ifndef TML_IO_RESULTS_GRID_H
#define TML_IO_RESULTS_GRID_H

/** @file io/results_grid.h
 * The group grid/ of an object in results.h5: the grid points that fit it best. Private to io/. Not
 * collective. */

#include "io/hdf5_private.h"
#include "io/results_file.h"

/** Write the group, unless there are no rows. @param where group of the object */
TML_NODISCARD tml_status tml_results_grid_write(hid_t where, const tml_object_result *object,
                                                tml_error *error);

/** Set object->grid_rows; 0 without the group. The number of parameters must be known.
 * @return TML_OK or TML_BAD_DATA */
TML_NODISCARD tml_status tml_results_grid_measure(hid_t where, tml_object_result *object, tml_error *error);

/** Read into the arrays of the object. @return TML_OK or TML_BAD_DATA (also: chi2 that do not ascend) */
TML_NODISCARD tml_status tml_results_grid_read(hid_t where, tml_object_result *object, tml_error *error);

#endif
