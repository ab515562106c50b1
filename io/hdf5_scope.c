#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "io/hdf5_private.h"

hid_t tml_hdf5_keep(tml_hdf5_scope *scope, hid_t handle)
{
    if (handle < 0)
        return handle;
    if (scope->count == TML_HDF5_HANDLES) { /* a handle that would leak is refused instead */
        tml_hdf5_close(handle);
        return H5I_INVALID_HID;
    }
    scope->handles[scope->count++] = handle;
    return handle;
}

void tml_hdf5_scope_close(tml_hdf5_scope *scope)
{
    while (scope->count > 0)
        tml_hdf5_close(scope->handles[--scope->count]);
}

bool tml_hdf5_close(hid_t handle)
{
    if (handle < 0)
        return true;
    switch (H5Iget_type(handle)) {
    case H5I_FILE:
        return H5Fclose(handle) >= 0;
    case H5I_GROUP:
        return H5Gclose(handle) >= 0;
    case H5I_DATASET:
        return H5Dclose(handle) >= 0;
    case H5I_DATASPACE:
        return H5Sclose(handle) >= 0;
    case H5I_DATATYPE:
        return H5Tclose(handle) >= 0;
    case H5I_ATTR:
        return H5Aclose(handle) >= 0;
    case H5I_GENPROP_LST:
        return H5Pclose(handle) >= 0;
    default:
        return false;
    }
}

void tml_hdf5_quiet(void)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

bool tml_hdf5_common(hid_t creation)
{
    return H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0 &&
           H5Pset_obj_track_times(creation, false) >= 0;
}

typedef struct cause {
    char text[256];
} cause;

/* The innermost entry of the stack says what happened, the others only who called. */
static herr_t take_first(unsigned n, const H5E_error2_t *entry, void *client)
{
    cause *found = client;

    if (n == 0 && entry->desc != NULL)
        snprintf(found->text, sizeof found->text, "%s", entry->desc);
    return 0;
}

tml_status tml_hdf5_fail(tml_error *error, tml_status status, const char *format, ...)
{
    char message[TML_ERROR_LENGTH];
    cause found = {""};
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_first, &found);
    if (found.text[0] == '\0')
        return TML_FAIL(error, status, "%s", message);
    return TML_FAIL(error, status, "%s (HDF5: %s)", message, found.text);
}

void tml_hdf5_name(hid_t where, const char *name, char text[TML_HDF5_NAME])
{
    char file[TML_HDF5_NAME] = "";
    char object[TML_HDF5_NAME] = "";
    const char *slash;

    if (H5Fget_name(where, file, sizeof file) < 0 || H5Iget_name(where, object, sizeof object) < 0)
        object[0] = '\0';
    slash = object[0] != '\0' && object[strlen(object) - 1] == '/' ? "" : "/";
    if (name == NULL)
        snprintf(text, TML_HDF5_NAME, "%.300s:%.200s", file, object);
    else
        snprintf(text, TML_HDF5_NAME, "%.300s:%.100s%s%.100s", file, object, slash, name);
}
