#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/fault.h"
#include "io/atomic_file.h"
#include "io/file_digest.h"
#include "io/hdf5_private.h"

/* The memory driver rounds lengths up to a multiple of this; a page of zeros at the end is harmless. */
enum { IMAGE_STEP = 4096 };

typedef struct tml_hdf5_image {
    char *partial;
    void *bytes;
    size_t count;
} tml_hdf5_image;

static const tml_hdf5_file CLOSED = {H5I_INVALID_HID, NULL, NULL};

static void forget(tml_hdf5_file *file)
{
    if (file->image != NULL) {
        free(file->image->bytes);
        free(file->image->partial);
        free(file->image);
    }
    free(file->path);
    *file = CLOSED;
}

hid_t tml_hdf5_access_list(void)
{
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);

    /* Version 1.10 of the format checksums the index of chunks too. Locks are left out: they fail on many
     * parallel file systems, and a file under its final name is never written to. */
    if (list >= 0 && (H5Pset_libver_bounds(list, H5F_LIBVER_V110, H5F_LIBVER_V110) < 0 ||
                      H5Pset_file_locking(list, 0, 1) < 0)) {
        H5Pclose(list);
        return H5I_INVALID_HID;
    }
    return list;
}

/* The four answers that the memory driver needs so that the bytes outlive the file. */
static void *image_resize(void *bytes, size_t count, H5FD_file_image_op_t operation, void *client)
{
    tml_hdf5_image *image = client;
    void *moved = tml_fault("image") ? NULL : realloc(bytes, count);

    (void)operation;
    if (moved != NULL) {
        image->bytes = moved;
        image->count = count;
    }
    return moved;
}

/* The image stays; what HDF5 may have loaded from a file of the same name does not. */
static herr_t image_keep(void *bytes, H5FD_file_image_op_t operation, void *client)
{
    const tml_hdf5_image *image = client;

    (void)operation;
    if (bytes != image->bytes)
        free(bytes);
    return 0;
}

static void *client_same(void *client)
{
    return client;
}

static herr_t client_keep(void *client)
{
    (void)client;
    return 0;
}

static herr_t set_memory_driver(hid_t access, tml_hdf5_image *image)
{
    H5FD_file_image_callbacks_t callbacks = {NULL,        NULL,        image_resize, image_keep,
                                             client_same, client_keep, image};

    if (H5Pset_fapl_core(access, IMAGE_STEP, false) < 0)
        return -1;
    return H5Pset_file_image_callbacks(access, &callbacks);
}

static tml_status create_image(tml_hdf5_file *file, tml_error *error)
{
    tml_hdf5_scope scope = {0};
    hid_t creation = tml_hdf5_keep(&scope, H5Pcreate(H5P_FILE_CREATE));
    hid_t access = tml_hdf5_keep(&scope, tml_hdf5_access_list());
    tml_status status = TML_OK;

    if (creation >= 0 && access >= 0 && H5Pset_userblock(creation, TML_USER_BLOCK) >= 0 &&
        H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0 &&
        tml_hdf5_common(creation) && set_memory_driver(access, file->image) >= 0 && !tml_fault("H5Fcreate"))
        file->id = H5Fcreate(file->image->partial, H5F_ACC_TRUNC, creation, access);
    if (file->id < 0)
        status = tml_hdf5_fail(error, TML_INTERNAL, "%s: HDF5 cannot begin a file", file->path);
    tml_hdf5_scope_close(&scope);
    return status;
}

tml_status tml_hdf5_file_create(const char *path, tml_hdf5_file *file, tml_error *error)
{
    tml_status status;

    *file = CLOSED;
    tml_hdf5_quiet();
    file->path = strdup(path);
    file->image = tml_fault("image of a file") ? NULL : calloc(1, sizeof *file->image);
    if (file->image != NULL)
        file->image->partial = tml_atomic_partial_path(path);
    if (file->path == NULL || file->image == NULL || file->image->partial == NULL)
        status = TML_FAIL(error, TML_INTERNAL, "%s: no memory for its name", path);
    else
        status = tml_atomic_write_partial(file->image->partial, "", 0, error);
    if (status != TML_OK) {
        forget(file);
        return status;
    }
    status = create_image(file, error);
    if (status != TML_OK)
        tml_hdf5_file_abandon(file);
    return status;
}

/* Flushed first: only then is the image extended to all that HDF5 has given out. */
static tml_status close_image(tml_hdf5_file *file, tml_error *error)
{
    tml_status status = TML_OK;

    if (tml_fault("H5Fflush") || H5Fflush(file->id, H5F_SCOPE_GLOBAL) < 0)
        status = tml_hdf5_fail(error, TML_INTERNAL, "%s: HDF5 cannot complete the file", file->path);
    if ((!tml_hdf5_close(file->id) || tml_fault("H5Fclose")) && status == TML_OK)
        status = tml_hdf5_fail(error, TML_INTERNAL, "%s: HDF5 cannot close the file", file->path);
    file->id = H5I_INVALID_HID;
    if (status == TML_OK && file->image->count <= TML_USER_BLOCK)
        status = TML_FAIL(error, TML_INTERNAL, "%s: HDF5 has left an empty file", file->path);
    return status;
}

tml_status tml_hdf5_file_leave_partial(tml_hdf5_file *file, tml_error *error)
{
    tml_hdf5_image *image = file->image;
    tml_status status = close_image(file, error);

    if (status == TML_OK)
        status = tml_atomic_write_partial(image->partial, image->bytes, image->count, error);
    else
        unlink(image->partial);
    forget(file);
    return status;
}

tml_status tml_hdf5_file_finish(tml_hdf5_file *file, tml_error *error)
{
    tml_hdf5_image *image = file->image;
    tml_status status = close_image(file, error);

    if (status == TML_OK)
        status = tml_file_digest_seal_memory(image->bytes, image->count, error);
    if (status == TML_OK)
        status = tml_atomic_write(file->path, image->bytes, image->count, error);
    else
        unlink(image->partial);
    forget(file);
    return status;
}

void tml_hdf5_file_abandon(tml_hdf5_file *file)
{
    tml_hdf5_close(file->id);
    if (file->image != NULL)
        unlink(file->image->partial);
    forget(file);
}

static tml_status check_before_open(const char *path, tml_error *error)
{
    tml_file_digest_state state = TML_FILE_DIGEST_OK;
    tml_file_head head;
    tml_status status = tml_file_head_read(path, &head, error);

    if (status == TML_OK && !head.is_hdf5 && !head.has_digest)
        status = TML_FAIL(error, TML_BAD_DATA, "%s: not an HDF5 file", path);
    if (status == TML_OK)
        status = tml_file_digest_verify(path, &state, error);
    if (status == TML_OK && state == TML_FILE_DIGEST_WRONG)
        status = tml_file_digest_refuse(path, error);
    if (status == TML_OK && state == TML_FILE_DIGEST_ABSENT)
        tml_file_digest_warn(path);
    return status;
}

tml_status tml_hdf5_file_open(const char *path, tml_hdf5_file *file, tml_error *error)
{
    hid_t access;
    tml_status status;

    *file = CLOSED;
    tml_hdf5_quiet();
    status = check_before_open(path, error);
    if (status != TML_OK)
        return status;
    file->path = strdup(path);
    access = tml_hdf5_access_list();
    file->id = access < 0 || tml_fault("H5Fopen") ? H5I_INVALID_HID : H5Fopen(path, H5F_ACC_RDONLY, access);
    if (file->path == NULL || file->id < 0) {
        status = tml_hdf5_fail(error, TML_BAD_DATA,
                               "%s: cannot be opened as an HDF5 file; make or copy it again", path);
        tml_hdf5_file_close(file);
    }
    tml_hdf5_close(access);
    return status;
}

void tml_hdf5_file_close(tml_hdf5_file *file)
{
    tml_hdf5_close(file->id);
    forget(file);
}
