#include "io/results_layout.h"

#include <string.h>

void tml_results_texts(tml_object_result *object, tml_results_text list[TML_RESULTS_TEXTS])
{
    const tml_results_text texts[TML_RESULTS_TEXTS] = {
        {"name", object->facts.name, sizeof object->facts.name},
        {"file", object->file, sizeof object->file},
        {"model_file", object->model_file, sizeof object->model_file},
        {"model_digest", object->model_digest, sizeof object->model_digest},
    };

    memcpy(list, texts, sizeof texts);
}

void tml_results_numbers(tml_object_result *object, tml_results_number list[TML_RESULTS_NUMBERS])
{
    const tml_results_number numbers[TML_RESULTS_NUMBERS] = {
        {"distance_pc", &object->facts.distance_pc.value},
        {"distance_pc_sd", &object->facts.distance_pc.sd},
        {"radius_rjup", &object->facts.radius_rjup.value},
        {"radius_rjup_sd", &object->facts.radius_rjup.sd},
        {"scale", &object->scale.value},
        {"scale_sd", &object->scale.sd},
        {"implied_radius_rjup", &object->radius_rjup.value},
        {"implied_radius_rjup_sd", &object->radius_rjup.sd},
        {"chi2", &object->chi2},
        {"dof", &object->dof},
        {"p", &object->p},
        {"inflation", &object->inflation},
        {"grid_point_chi2", &object->grid_point.chi2},
    };

    memcpy(list, numbers, sizeof numbers);
}

void tml_results_columns(tml_object_result *object, size_t parameter,
                         tml_results_number list[TML_RESULTS_COLUMNS])
{
    tml_parameter_result *p = &object->parameter[parameter];
    const tml_results_number columns[TML_RESULTS_COLUMNS] = {
        {"value", &p->value},
        {"mean", &p->mean},
        {"sd", &p->sd},
        {"sd_noise", &p->sd_noise},
        {"sd_model", &p->sd_model},
        {"p2_5", &p->p2_5},
        {"p16", &p->p16},
        {"p50", &p->p50},
        {"p84", &p->p84},
        {"p97_5", &p->p97_5},
        {"grid_low", &p->grid_low},
        {"grid_high", &p->grid_high},
        {"grid_point", &object->grid_point.parameter[parameter]},
    };

    memcpy(list, columns, sizeof columns);
}

static const char *pixel_unit(const tml_object_result *object)
{
    if (object->is_relative)
        return "1";
    return object->density == TML_FLUX_PER_FREQUENCY ? "erg s-1 cm-2 Hz-1" : "erg s-1 cm-2 A-1";
}

void tml_results_pixel_arrays(const tml_object_result *object,
                              tml_results_array list[TML_RESULTS_PIXEL_ARRAYS])
{
    const char *unit = pixel_unit(object);
    const tml_results_array arrays[TML_RESULTS_PIXEL_ARRAYS] = {
        {"wavelength", object->pixel_um, "micron", "vacuum wavelength", false},
        {"flux", object->pixel_flux, unit, "observed flux", false},
        {"error", object->pixel_error, unit, "standard error of the observed flux", false},
    };

    memcpy(list, arrays, sizeof arrays);
}

void tml_results_bin_arrays(const tml_object_result *object, tml_results_array list[TML_RESULTS_BIN_ARRAYS])
{
    const char *unit = object->is_at_surface ? "erg s-1 cm-2 Hz-1" : "1";
    const tml_results_array arrays[TML_RESULTS_BIN_ARRAYS] = {
        {"wavelength", object->bin_um, "micron", "vacuum wavelength of the network's pixels", false},
        {"flux", object->bin_flux, unit, "observed flux per frequency", false},
        {"error", object->bin_error, unit, "standard error of the observed flux", false},
        {"filled", object->bin_filled, unit, "what the network saw: masked pixels filled in from the grid",
         false},
        {"model", object->bin_model, unit, "spectrum that the answer implies, times scale", false},
        {"model_p2_5", object->bin_band[0], unit, "2.5 % quantile of the spectra that draws imply", true},
        {"model_p16", object->bin_band[1], unit, "15.87 % quantile of the spectra that draws imply", true},
        {"model_p50", object->bin_band[2], unit, "median of the spectra that draws imply", true},
        {"model_p84", object->bin_band[3], unit, "84.13 % quantile of the spectra that draws imply", true},
        {"model_p97_5", object->bin_band[4], unit, "97.5 % quantile of the spectra that draws imply", true},
    };

    memcpy(list, arrays, sizeof arrays);
}
