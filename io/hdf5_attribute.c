#include <stdlib.h>
#include <string.h>

#include "core/fault.h"
#include "io/hdf5_private.h"

bool tml_hdf5_exists(hid_t where, const char *name)
{
    return H5Lexists(where, name, H5P_DEFAULT) > 0 && H5Oexists_by_name(where, name, H5P_DEFAULT) > 0;
}

tml_status tml_hdf5_group_create(hid_t where, const char *name, hid_t *group, tml_error *error)
{
    char full[TML_HDF5_NAME];
    hid_t creation = H5Pcreate(H5P_GROUP_CREATE);

    *group = H5I_INVALID_HID;
    if (creation >= 0 && tml_hdf5_common(creation) &&
        H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0 &&
        !tml_fault("H5Gcreate"))
        *group = H5Gcreate2(where, name, H5P_DEFAULT, creation, H5P_DEFAULT);
    tml_hdf5_close(creation);
    if (*group >= 0)
        return TML_OK;
    tml_hdf5_name(where, name, full);
    return tml_hdf5_fail(error, TML_IO_ERROR, "%s: cannot create the group", full);
}

tml_status tml_hdf5_group_open(hid_t where, const char *name, hid_t *group, tml_error *error)
{
    char full[TML_HDF5_NAME];

    *group = tml_hdf5_exists(where, name) && !tml_fault("H5Gopen") ? H5Gopen2(where, name, H5P_DEFAULT)
                                                                   : H5I_INVALID_HID;
    if (*group >= 0)
        return TML_OK;
    tml_hdf5_name(where, name, full);
    return TML_FAIL(error, TML_BAD_DATA, "%s: the group is not there", full);
}

static tml_status set_attribute(hid_t where, const char *name, hid_t file_type, hid_t memory_type,
                                const void *value, tml_error *error)
{
    tml_hdf5_scope scope = {0};
    hid_t space = tml_hdf5_keep(&scope, H5Screate(H5S_SCALAR));
    hid_t attribute = H5I_INVALID_HID;
    tml_status status = TML_OK;

    if (tml_hdf5_has_attribute(where, name))
        H5Adelete(where, name);
    if (space >= 0)
        attribute = tml_hdf5_keep(&scope,
                                  H5Acreate2(where, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT));
    if (attribute < 0 || tml_fault("H5Awrite") || H5Awrite(attribute, memory_type, value) < 0) {
        char full[TML_HDF5_NAME];

        tml_hdf5_name(where, NULL, full);
        status = tml_hdf5_fail(error, TML_IO_ERROR, "%s: cannot write the attribute %s", full, name);
    }
    tml_hdf5_scope_close(&scope);
    return status;
}

/* Variable length and UTF-8: fixed-length text comes back as bytes in h5py. */
static hid_t text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);

    if (type >= 0 && (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)) {
        H5Tclose(type);
        return H5I_INVALID_HID;
    }
    return type;
}

tml_status tml_hdf5_set_text(hid_t where, const char *name, const char *text, tml_error *error)
{
    hid_t type = text_type();
    tml_status status = set_attribute(where, name, type, type, &text, error);

    tml_hdf5_close(type);
    return status;
}

tml_status tml_hdf5_set_double(hid_t where, const char *name, double value, tml_error *error)
{
    return set_attribute(where, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value, error);
}

tml_status tml_hdf5_set_integer(hid_t where, const char *name, int64_t value, tml_error *error)
{
    return set_attribute(where, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value, error);
}

bool tml_hdf5_has_attribute(hid_t where, const char *name)
{
    return H5Aexists(where, name) > 0;
}

typedef struct attribute {
    tml_hdf5_scope scope;
    hid_t id;
    hid_t type;
    char full[TML_HDF5_NAME];
} attribute;

static tml_status open_attribute(hid_t where, const char *name, attribute *found, tml_error *error)
{
    hid_t space;

    memset(found, 0, sizeof *found);
    tml_hdf5_name(where, NULL, found->full);
    if (!tml_hdf5_has_attribute(where, name))
        return TML_FAIL(error, TML_BAD_DATA, "%s: the attribute %s is not there", found->full, name);
    found->id = tml_hdf5_keep(&found->scope, H5Aopen(where, name, H5P_DEFAULT));
    if (found->id >= 0 && !tml_fault("H5Aopen")) {
        found->type = tml_hdf5_keep(&found->scope, H5Aget_type(found->id));
        space = tml_hdf5_keep(&found->scope, H5Aget_space(found->id));
        if (found->type >= 0 && space >= 0 && H5Sget_simple_extent_npoints(space) == 1)
            return TML_OK;
    }
    return tml_hdf5_fail(error, TML_BAD_DATA, "%s: the attribute %s is not one value that can be read",
                         found->full, name);
}

static char *read_variable_text(const attribute *found)
{
    hid_t type = text_type();
    char *borrowed = NULL;
    char *text = NULL;

    if (type >= 0)
        H5Tset_cset(type, H5Tget_cset(found->type));
    if (type >= 0 && !tml_fault("H5Aread") && H5Aread(found->id, type, &borrowed) >= 0) {
        text = strdup(borrowed == NULL ? "" : borrowed);
        H5free_memory(borrowed);
    }
    tml_hdf5_close(type);
    return text;
}

static char *read_fixed_text(const attribute *found)
{
    char *text = calloc(H5Tget_size(found->type) + 1, 1);

    if (text != NULL && H5Aread(found->id, found->type, text) < 0) {
        free(text);
        return NULL;
    }
    return text;
}

tml_status tml_hdf5_get_text(hid_t where, const char *name, char **text, tml_error *error)
{
    attribute found;
    tml_status status = open_attribute(where, name, &found, error);

    *text = NULL;
    if (status == TML_OK && H5Tget_class(found.type) == H5T_STRING)
        *text = H5Tis_variable_str(found.type) > 0 ? read_variable_text(&found) : read_fixed_text(&found);
    if (status == TML_OK && *text == NULL)
        status = tml_hdf5_fail(error, TML_BAD_DATA, "%s: the attribute %s is not text", found.full, name);
    tml_hdf5_scope_close(&found.scope);
    return status;
}

static tml_status get_number(hid_t where, const char *name, bool whole, hid_t memory_type, void *value,
                             tml_error *error)
{
    attribute found;
    tml_status status = open_attribute(where, name, &found, error);

    if (status == TML_OK) {
        H5T_class_t class = H5Tget_class(found.type);

        if ((class != H5T_INTEGER && (whole || class != H5T_FLOAT)) || tml_fault("H5Aread") ||
            H5Aread(found.id, memory_type, value) < 0)
            status = tml_hdf5_fail(error, TML_BAD_DATA, "%s: the attribute %s is not a %snumber", found.full,
                                   name, whole ? "whole " : "");
    }
    tml_hdf5_scope_close(&found.scope);
    return status;
}

tml_status tml_hdf5_get_double(hid_t where, const char *name, double *value, tml_error *error)
{
    return get_number(where, name, false, H5T_NATIVE_DOUBLE, value, error);
}

tml_status tml_hdf5_get_integer(hid_t where, const char *name, int64_t *value, tml_error *error)
{
    return get_number(where, name, true, H5T_NATIVE_INT64, value, error);
}

tml_status tml_hdf5_set_format(hid_t file, const char *format, int version, tml_error *error)
{
    tml_status status = tml_hdf5_set_text(file, "format", format, error);

    if (status == TML_OK)
        status = tml_hdf5_set_integer(file, "format_version", version, error);
    return status;
}

tml_status tml_hdf5_check_format(hid_t file, const char *format, int version, tml_error *error)
{
    char full[TML_HDF5_NAME];
    char *found = NULL;
    int64_t found_version = 0;
    tml_status status = tml_hdf5_get_text(file, "format", &found, error);

    tml_hdf5_name(file, NULL, full);
    if (status == TML_OK && strcmp(found, format) != 0)
        status = TML_FAIL(error, TML_BAD_DATA, "%s: a file of format \"%s\" where \"%s\" is needed", full,
                          found, format);
    free(found);
    if (status == TML_OK)
        status = tml_hdf5_get_integer(file, "format_version", &found_version, error);
    if (status == TML_OK && (found_version < 1 || found_version > version))
        status = TML_FAIL(
            error, TML_BAD_DATA,
            "%s: format_version is %lld, this program reads 1 to %d; use a newer program or make the "
            "file again",
            full, (long long)found_version, version);
    return status;
}

static tml_status write_line(hid_t group, char *line, tml_error *error)
{
    char *equals = strchr(line, '=');

    if (equals == NULL || equals == line)
        return TML_FAIL(error, TML_INTERNAL, "a line of provenance is not \"name=value\": %s", line);
    *equals = '\0';
    return tml_hdf5_set_text(group, line, equals + 1, error);
}

tml_status tml_hdf5_write_lines(hid_t where, const char *name, const char *lines, tml_error *error)
{
    char *copy = tml_fault("lines") ? NULL : strdup(lines == NULL ? "" : lines);
    char *rest = NULL;
    hid_t group = H5I_INVALID_HID;
    tml_status status;

    if (copy == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for the group %s", name);
    status = tml_hdf5_group_create(where, name, &group, error);
    for (char *line = strtok_r(copy, "\n", &rest); status == TML_OK && line != NULL;
         line = strtok_r(NULL, "\n", &rest))
        status = write_line(group, line, error);
    tml_hdf5_close(group);
    free(copy);
    return status;
}
