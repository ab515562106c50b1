#ifndef TML_IO_HDF5_PRIVATE_H
#define TML_IO_HDF5_PRIVATE_H

/** @file io/hdf5_private.h
 * What every HDF5 file of the program is made with. Private to io/: the only header that includes <hdf5.h>.
 *
 * Small files of one rank (models, checkpoints):
 *   writing  tml_hdf5_file_create -> set_format, groups, attributes, arrays -> tml_hdf5_file_finish (or
 * abandon) reading  tml_hdf5_file_open -> check_format, groups, attributes, arrays -> tml_hdf5_file_close
 * Nothing here is collective. `where` is an open file or group. Messages name FILE:/GROUP/NAME and end with
 * what HDF5 itself says; HDF5 prints nothing of its own.
 */

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/* ---- handles (hdf5_scope.c) ---- */

enum { TML_HDF5_HANDLES = 96, TML_HDF5_NAME = 512 };

/** Open handles, closed in reverse order. Start with {0}. */
typedef struct tml_hdf5_scope {
    int count;
    hid_t handles[TML_HDF5_HANDLES];
} tml_hdf5_scope;

/** Remember a handle for closing. @return the handle; a negative one is passed through and not remembered */
hid_t tml_hdf5_keep(tml_hdf5_scope *scope, hid_t handle);

/** Close what the scope holds, last first; the scope is empty afterwards. */
void tml_hdf5_scope_close(tml_hdf5_scope *scope);

/** Close a handle of any kind; negative ones are fine. @return false if HDF5 reports a failure */
bool tml_hdf5_close(hid_t handle);

/** Keep HDF5 from printing its error stack. Called by everything that opens or creates a file. */
void tml_hdf5_quiet(void);

/** As TML_FAIL, with the cause that HDF5 gives behind the message. @return status */
tml_status tml_hdf5_fail(tml_error *error, tml_status status, const char *format, ...) TML_PRINTF(3, 4);

/** What all objects have in common: attributes keep their order, and no time is stored, so that the same
 * contents are the same bytes and have the same digest. @param creation  creation list of a file, group or
 * dataset
 * @return false if HDF5 fails */
bool tml_hdf5_common(hid_t creation);

/** "FILE:/group/name" for messages; name may be NULL. @param text out */
void tml_hdf5_name(hid_t where, const char *name, char text[TML_HDF5_NAME]);

/* ---- files of one rank (hdf5_file.c) ---- */

/** An open file. One that is written stays in memory until it is finished: HDF5 never meets a full disk,
 * after which it cannot close a file and crashes when the program ends. */
typedef struct tml_hdf5_file {
    hid_t id;                     /* file; negative when closed */
    char *path;                   /* final name */
    struct tml_hdf5_image *image; /* contents while it is written; NULL for a file that is read */
} tml_hdf5_file;

/** Access list with the format versions, without file locking. @return handle of the caller, or negative */
hid_t tml_hdf5_access_list(void);

/** Begin a file with a user block for the digest; an empty PATH.partial shows that it can be made. An
 * existing file under PATH stays until finish.
 * @param file  out; on failure file->id is negative, there is nothing to free and nothing on disk
 * @return TML_OK, TML_CANNOT_CREATE or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_hdf5_file_create(const char *path, tml_hdf5_file *file, tml_error *error);

/** Close, digest, write to disk, fsync, rename. All other handles must be closed before.
 * The object is freed in any case; after a failure the partial file is gone and an older file untouched.
 * @return TML_OK, TML_CANNOT_CREATE, TML_IO_ERROR or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_hdf5_file_finish(tml_hdf5_file *file, tml_error *error);

/** Close and write to PATH.partial without digest and rename, for others to go on with. Otherwise as finish.
 */
TML_NODISCARD tml_status tml_hdf5_file_leave_partial(tml_hdf5_file *file, tml_error *error);

/** Give up writing: close and remove the partial file. Fine after a failed create, and twice. */
void tml_hdf5_file_abandon(tml_hdf5_file *file);

/** Open for reading after checking that it is there, is HDF5 and agrees with its digest (no digest: a
 * warning).
 * @return TML_OK, TML_NO_INPUT, TML_BAD_DATA, TML_IO_ERROR or TML_INTERNAL; file->id is negative on failure
 */
TML_NODISCARD tml_status tml_hdf5_file_open(const char *path, tml_hdf5_file *file, tml_error *error);

/** Close a file that was read. Fine after a failed open, and twice. */
void tml_hdf5_file_close(tml_hdf5_file *file);

/* ---- groups and attributes (hdf5_attribute.c) ---- */

/** Is there a link (group or dataset) of this name? Only direct members, no path. */
bool tml_hdf5_exists(hid_t where, const char *name);

/** Create or open a group. @param group out, closed by the caller; negative on failure
 * @return create: TML_OK or TML_IO_ERROR; open: TML_OK or TML_BAD_DATA */
TML_NODISCARD tml_status tml_hdf5_group_create(hid_t where, const char *name, hid_t *group, tml_error *error);
TML_NODISCARD tml_status tml_hdf5_group_open(hid_t where, const char *name, hid_t *group, tml_error *error);

/** Attributes of a file, group or dataset: variable-length UTF-8 text, or one number. An attribute that is
 * there already is replaced. @return TML_OK or TML_IO_ERROR */
TML_NODISCARD tml_status tml_hdf5_set_text(hid_t where, const char *name, const char *text, tml_error *error);
TML_NODISCARD tml_status tml_hdf5_set_double(hid_t where, const char *name, double value, tml_error *error);
TML_NODISCARD tml_status tml_hdf5_set_integer(hid_t where, const char *name, int64_t value, tml_error *error);

/** Is there an attribute of this name? */
bool tml_hdf5_has_attribute(hid_t where, const char *name);

/** Read an attribute. Text may be of fixed or variable length.
 * @param text  out, on the heap, owned by the caller; NULL on failure
 * @return TML_OK or TML_BAD_DATA (absent, of another kind, not a single value) */
TML_NODISCARD tml_status tml_hdf5_get_text(hid_t where, const char *name, char **text, tml_error *error);
TML_NODISCARD tml_status tml_hdf5_get_double(hid_t where, const char *name, double *value, tml_error *error);
TML_NODISCARD tml_status tml_hdf5_get_integer(hid_t where, const char *name, int64_t *value,
                                              tml_error *error);

/** Attributes "format" and "format_version" of a file, and their check when reading.
 * A newer version is refused with the cure (a newer program). @return set: as set_text; check: as get_text */
TML_NODISCARD tml_status tml_hdf5_set_format(hid_t file, const char *format, int version, tml_error *error);
TML_NODISCARD tml_status tml_hdf5_check_format(hid_t file, const char *format, int version, tml_error *error);

/** Group `name` with one text attribute for each line "name=value" (io/provenance.h).
 * @param lines  borrowed; NULL makes an empty group. @return TML_OK, TML_IO_ERROR or TML_INTERNAL (no "=") */
TML_NODISCARD tml_status tml_hdf5_write_lines(hid_t where, const char *name, const char *lines,
                                              tml_error *error);

/* ---- arrays (hdf5_array.c) ---- */

enum { TML_HDF5_RANK = 4 };

/** Type of the elements, the same in memory and in the file (little-endian there). */
typedef enum tml_hdf5_type { TML_HDF5_FLOAT, TML_HDF5_DOUBLE, TML_HDF5_INT64 } tml_hdf5_type;

/** Create a dataset: chunked, checksummed, dimensions fixed, creation order tracked; nothing is written yet.
 * @param file_type  borrowed HDF5 type
 * @param dims       [rank] all at least 1
 * @param chunk      [rank] at most dims
 * @param dataset    out, closed by the caller; negative on failure
 * @return TML_OK or TML_IO_ERROR
 */
TML_NODISCARD tml_status tml_hdf5_dataset_create(hid_t where, const char *name, hid_t file_type, int rank,
                                                 const hsize_t *dims, const hsize_t *chunk, hid_t *dataset,
                                                 tml_error *error);

/** Write a new dataset of 1 to TML_HDF5_RANK dimensions in chunks of about 1 MiB, row-major.
 * @param units, long_name  attributes of the dataset; NULL leaves one out
 * @param values            borrowed, product of dims elements
 * @return TML_OK, TML_IO_ERROR, or TML_INTERNAL for a dimension of 0
 */
TML_NODISCARD tml_status tml_hdf5_write_array(hid_t where, const char *name, tml_hdf5_type type, int rank,
                                              const size_t *dims, const void *values, const char *units,
                                              const char *long_name, tml_error *error);

/** Dimensions of a dataset after checking that it exists, its type and its number of dimensions.
 * @param dims  out [rank]. @return TML_OK or TML_BAD_DATA
 */
TML_NODISCARD tml_status tml_hdf5_array_shape(hid_t where, const char *name, tml_hdf5_type type, int rank,
                                              size_t *dims, tml_error *error);

/** Read a whole dataset after checking type and dimensions; nothing is converted but the byte order.
 * @param dims    [rank] what it must be
 * @param values  out, product of dims elements
 * @return TML_OK, TML_BAD_DATA (absent, another shape or type, checksum) or TML_IO_ERROR
 */
TML_NODISCARD tml_status tml_hdf5_read_array(hid_t where, const char *name, tml_hdf5_type type, int rank,
                                             const size_t *dims, void *values, tml_error *error);

#endif
