#include "atmosphere/forward_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "atmosphere/cloudless.h"
#include "atmosphere/simple_emission.h"
#include "core/memory.h"
#include "core/text.h"

struct tml_forward_model {
    const tml_forward_kind *kind;
    void *state;
    size_t wavelengths;
    double *wavelength_um;
};

/* Every kind of model: a new one is one more line. */
static const tml_forward_kind *const kinds[] = {&tml_simple_emission, &tml_cloudless};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

tml_status tml_forward_kind_find(const char *name, const tml_forward_kind **kind, tml_error *error)
{
    const char *names[KIND_COUNT];
    const char *nearest;

    *kind = NULL;
    for (size_t i = 0; i < KIND_COUNT; ++i)
        names[i] = kinds[i]->name;
    nearest = tml_text_nearest(name, names, KIND_COUNT);
    for (size_t i = 0; i < KIND_COUNT; ++i)
        if (nearest == names[i])
            *kind = kinds[i];
    if (*kind != NULL && strcmp(nearest, name) == 0)
        return TML_OK;
    *kind = NULL;
    return TML_FAIL(error, TML_USAGE, "there is no forward model '%s'; the nearest name is '%s'", name,
                    nearest != NULL ? nearest : names[0]);
}

int tml_forward_kind_refuses(const tml_forward_kind *kind, const double *parameters)
{
    for (size_t p = 0; p < kind->parameter_count; ++p) {
        const tml_forward_parameter *parameter = &kind->parameters[p];

        /* Written so that NaN is refused too. */
        if (!(parameters[p] >= parameter->minimum && parameters[p] <= parameter->maximum))
            return (int)p;
    }
    return -1;
}

static tml_status check_setup(const tml_forward_setup *setup, tml_error *error)
{
    if (setup->wavelengths == 0)
        return TML_FAIL(error, TML_BAD_DATA, "a forward model needs at least one wavelength");
    for (size_t w = 0; w < setup->wavelengths; ++w) {
        double value = setup->wavelength_um[w];
        double before = w > 0 ? setup->wavelength_um[w - 1] : 0.0;

        if (!isfinite(value) || !(value > before))
            return TML_FAIL(
                error, TML_BAD_DATA,
                "wavelength %zu of %zu is %g micron; wavelengths must be finite, positive and ascending",
                w + 1, setup->wavelengths, value);
    }
    return TML_OK;
}

tml_status tml_forward_model_create(const tml_forward_kind *kind, const tml_forward_setup *setup,
                                    tml_forward_model **model, tml_error *error)
{
    tml_forward_model *made = NULL;
    tml_status status;

    *model = NULL;
    status = check_setup(setup, error);
    if (status == TML_OK)
        status = tml_array_create(1, sizeof *made, "forward model", &made, error);
    if (status != TML_OK)
        return status;
    made->kind = kind;
    made->wavelengths = setup->wavelengths;
    status = tml_array_create(setup->wavelengths, sizeof(double), "wavelengths", &made->wavelength_um, error);
    if (status == TML_OK)
        status = kind->create(setup, &made->state, error);
    if (status != TML_OK) {
        tml_forward_model_destroy(&made);
        return status;
    }
    for (size_t w = 0; w < setup->wavelengths; ++w)
        made->wavelength_um[w] = setup->wavelength_um[w];
    *model = made;
    return TML_OK;
}

tml_status tml_forward_workspace_create(const tml_forward_model *model, void **workspace, tml_error *error)
{
    return tml_array_create(model->kind->workspace_bytes(model->state), 1, "workspace of the forward model",
                            workspace, error);
}

tml_status tml_forward_model_spectrum(const tml_forward_model *model, void *workspace,
                                      const double *parameters, double *flux, tml_error *error)
{
    int bad = tml_forward_kind_refuses(model->kind, parameters);

    if (bad >= 0) {
        const tml_forward_parameter *parameter = &model->kind->parameters[bad];

        return TML_FAIL(error, TML_BAD_DATA, "%s = %g is outside %g to %g %s, the range of the model '%s'",
                        parameter->name, parameters[bad], parameter->minimum, parameter->maximum,
                        parameter->unit, model->kind->name);
    }
    model->kind->spectrum(model->state, workspace, parameters, flux);
    for (size_t w = 0; w < model->wavelengths; ++w)
        if (!(flux[w] > 0.0) || !isfinite(flux[w]))
            return TML_FAIL(error, TML_BAD_DATA, "the model '%s' gives a flux of %g at %g micron",
                            model->kind->name, flux[w], model->wavelength_um[w]);
    return TML_OK;
}

void tml_forward_model_destroy(tml_forward_model **model)
{
    if (*model == NULL)
        return;
    if ((*model)->state != NULL)
        (*model)->kind->destroy((*model)->state);
    free((*model)->wavelength_um);
    free(*model);
    *model = NULL;
}
