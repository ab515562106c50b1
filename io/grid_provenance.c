#include "io/grid_provenance.h"

#include <stdio.h>
#include <stdlib.h>

#include "io/hdf5_private.h"

typedef struct line_writer {
    FILE *out;
    tml_status status;
    tml_error *error;
} line_writer;

static herr_t write_line(hid_t group, const char *name, const H5A_info_t *about, void *context)
{
    line_writer *writer = context;
    char *text = NULL;

    (void)about;
    writer->status = tml_hdf5_get_text(group, name, &text, writer->error);
    if (writer->status == TML_OK)
        fprintf(writer->out, "%s=%s\n", name, text);
    free(text);
    return writer->status == TML_OK ? 0 : -1;
}

static tml_status write_lines(hid_t file, const char *path, FILE *out, tml_error *error)
{
    line_writer writer = {out, TML_OK, error};
    hid_t group = H5I_INVALID_HID;
    hsize_t at = 0;
    tml_status status;

    if (!tml_hdf5_exists(file, "provenance"))
        return TML_OK;
    status = tml_hdf5_group_open(file, "provenance", &group, error);
    if (status != TML_OK)
        return status;
    /* Files from elsewhere may not have kept the order. */
    if (H5Aiterate2(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, &at, write_line, &writer) < 0 &&
        writer.status == TML_OK && at == 0 &&
        H5Aiterate2(group, H5_INDEX_NAME, H5_ITER_INC, &at, write_line, &writer) < 0 &&
        writer.status == TML_OK)
        writer.status = tml_hdf5_fail(error, TML_IO_ERROR, "%s: /provenance cannot be read", path);
    tml_hdf5_close(group);
    return writer.status;
}

tml_status tml_grid_provenance_read(const char *path, char **lines, tml_error *error)
{
    size_t length = 0;
    FILE *out = open_memstream(lines, &length);
    hid_t access = tml_hdf5_access_list();
    hid_t file = H5I_INVALID_HID;
    tml_status status = TML_OK;

    tml_hdf5_quiet();
    if (out == NULL || access < 0)
        status = TML_FAIL(error, TML_INTERNAL, "no memory for the provenance of %s", path);
    if (status == TML_OK)
        file = H5Fopen(path, H5F_ACC_RDONLY, access);
    if (status == TML_OK && file < 0)
        status = tml_hdf5_fail(error, TML_IO_ERROR, "%s: cannot be opened", path);
    if (status == TML_OK)
        status = write_lines(file, path, out, error);
    tml_hdf5_close(file);
    tml_hdf5_close(access);
    if (out != NULL && fclose(out) != 0 && status == TML_OK)
        status = TML_FAIL(error, TML_INTERNAL, "no memory for the provenance of %s", path);
    if (status == TML_OK)
        return TML_OK;
    if (out != NULL)
        free(*lines);
    *lines = NULL;
    return status;
}
