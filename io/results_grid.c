#include "io/results_grid.h"

#include <math.h>

static const char group_name[] = "grid";

tml_status tml_results_grid_write(hid_t where, const tml_object_result *object, tml_error *error)
{
    const size_t shape[2] = {object->grid_rows, object->parameters};
    hid_t group = H5I_INVALID_HID;
    tml_status status;

    if (object->grid_rows == 0)
        return TML_OK;
    status = tml_hdf5_group_create(where, group_name, &group, error);
    if (status == TML_OK)
        status = tml_hdf5_write_array(group, "row", TML_HDF5_INT64, 1, shape, object->grid_row, "1",
                                      "row of the grid's source, from the best fit on", error);
    if (status == TML_OK)
        status = tml_hdf5_write_array(group, "chi2", TML_HDF5_DOUBLE, 1, shape, object->grid_chi2, "1",
                                      "chi-square at the best scale", error);
    if (status == TML_OK)
        status = tml_hdf5_write_array(group, "scale", TML_HDF5_DOUBLE, 1, shape, object->grid_scale, "1",
                                      "observation over the grid's spectrum", error);
    if (status == TML_OK)
        status = tml_hdf5_write_array(group, "parameters", TML_HDF5_DOUBLE, 2, shape, object->grid_parameter,
                                      NULL, "a column per parameter in its unit", error);
    tml_hdf5_close(group);
    return status;
}

tml_status tml_results_grid_measure(hid_t where, tml_object_result *object, tml_error *error)
{
    char name[TML_HDF5_NAME];
    size_t shape[2] = {0, 0};
    hid_t group = H5I_INVALID_HID;
    tml_status status;

    object->grid_rows = 0;
    if (!tml_hdf5_exists(where, group_name))
        return TML_OK;
    status = tml_hdf5_group_open(where, group_name, &group, error);
    if (status == TML_OK)
        status = tml_hdf5_array_shape(group, "parameters", TML_HDF5_DOUBLE, 2, shape, error);
    if (status == TML_OK && shape[1] != object->parameters) {
        tml_hdf5_name(group, NULL, name);
        status = TML_FAIL(error, TML_BAD_DATA, "%s: %zu parameters where there are %zu; predict again", name,
                          shape[1], object->parameters);
    }
    object->grid_rows = status == TML_OK ? shape[0] : 0;
    tml_hdf5_close(group);
    return status;
}

static tml_status check_order(hid_t group, const tml_object_result *object, tml_error *error)
{
    char name[TML_HDF5_NAME];

    for (size_t i = 0; i < object->grid_rows; ++i) {
        double before = i > 0 ? object->grid_chi2[i - 1] : 0.0;

        if (isfinite(object->grid_chi2[i]) && object->grid_chi2[i] >= before)
            continue;
        tml_hdf5_name(group, NULL, name);
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s: chi2 number %zu (%g) is not as large as the one before; predict again", name, i,
                        object->grid_chi2[i]);
    }
    return TML_OK;
}

tml_status tml_results_grid_read(hid_t where, tml_object_result *object, tml_error *error)
{
    const size_t shape[2] = {object->grid_rows, object->parameters};
    hid_t group = H5I_INVALID_HID;
    tml_status status;

    if (object->grid_rows == 0)
        return TML_OK;
    status = tml_hdf5_group_open(where, group_name, &group, error);
    if (status == TML_OK)
        status = tml_hdf5_read_array(group, "row", TML_HDF5_INT64, 1, shape, object->grid_row, error);
    if (status == TML_OK)
        status = tml_hdf5_read_array(group, "chi2", TML_HDF5_DOUBLE, 1, shape, object->grid_chi2, error);
    if (status == TML_OK)
        status = tml_hdf5_read_array(group, "scale", TML_HDF5_DOUBLE, 1, shape, object->grid_scale, error);
    if (status == TML_OK)
        status = tml_hdf5_read_array(group, "parameters", TML_HDF5_DOUBLE, 2, shape, object->grid_parameter,
                                     error);
    if (status == TML_OK)
        status = check_order(group, object, error);
    tml_hdf5_close(group);
    return status;
}
