#ifndef TML_IO_OBSERVATION_CONVERT_H
#define TML_IO_OBSERVATION_CONVERT_H

/** @file io/observation_convert.h
 * From the numbers of a file to a spectrum in the units of the program, checked. Private to io/. Not
 * collective. */

#include "core/status.h"
#include "io/object_file.h"
#include "io/observation_file.h"
#include "io/observation_raw.h"

/** Convert the pixels in place: units, order, vacuum, errors. What the options say wins over OBJECT.yml,
 * which wins over the file.
 * @param path  for messages; borrowed
 * @return TML_OK, or TML_BAD_DATA as tml_observation_file_read; the pixels are then half converted
 */
TML_NODISCARD tml_status tml_observation_convert(const char *path, const tml_observation_options *options,
                                                 const tml_object_file *object, tml_observation_raw *raw,
                                                 tml_error *error);

#endif
