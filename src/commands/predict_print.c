#include "commands/predict_print.h"

#include <math.h>

#include "spectra/pixel_state.h"

/* Two digits of the standard deviation are what an uncertainty is known to. */
static int decimals_of(double sd)
{
    int decimals = isfinite(sd) && sd > 0.0 ? 1 - (int)floor(log10(sd)) : 3;

    return decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
}

static void print_number(FILE *out, double value, int decimals)
{
    if (isfinite(value))
        fprintf(out, " %9.*f", decimals, value);
    else
        fprintf(out, " %9s", "-");
}

void tml_print_flags(FILE *out, uint32_t flags, const char *joint)
{
    const char *before = "";

    for (int i = 0; i < TML_FLAG_COUNT; ++i)
        if ((flags >> i & 1U) != 0) {
            fprintf(out, "%s%s", before, tml_result_flag_name(i));
            before = joint;
        }
}

static void print_parameter(FILE *out, const tml_parameter_result *p)
{
    int decimals = decimals_of(p->sd);

    fprintf(out, "%-12s", p->name);
    print_number(out, p->value, decimals);
    print_number(out, p->sd, decimals);
    print_number(out, p->p16, decimals);
    print_number(out, p->p84, decimals);
    print_number(out, p->sd_noise, decimals);
    print_number(out, p->sd_model, decimals);
    fprintf(out, "  %s%s", p->unit, p->flags != 0 ? "  " : "");
    tml_print_flags(out, p->flags, ", ");
    fputc('\n', out);
}

static void print_pixels(FILE *out, const tml_object_result *object)
{
    size_t bins[TML_PIXEL_STATES];
    size_t pixels[TML_PIXEL_STATES];

    tml_pixel_count(object->bins, object->bin_state, bins);
    tml_pixel_count(object->pixels, object->pixel_state, pixels);
    fprintf(out, "pixels        %zu of the observation, %zu of them used", object->pixels,
            pixels[TML_PIXEL_USED]);
    for (int s = TML_PIXEL_USED + 1; s < TML_PIXEL_STATES; ++s)
        if (pixels[s] > 0)
            fprintf(out, ", %zu %s", pixels[s], tml_pixel_state_name((tml_pixel_state)s));
    fprintf(out, "; %zu of the network's %zu\n", bins[TML_PIXEL_USED], object->bins);
}

static void print_fit(FILE *out, const tml_object_result *object)
{
    if (!isfinite(object->chi2))
        return;
    fprintf(out, "fit           chi2 %.4g, %.0f degrees of freedom", object->chi2, object->dof);
    if (isfinite(object->p))
        fprintf(out, ", p %.3g", object->p);
    fprintf(out, " (best grid point: chi2 %.4g, row %lld)\n", object->grid_point.chi2,
            (long long)object->grid_point.row);
    if (object->inflation > 1.0)
        fprintf(out,
                "errors        inflated by %.3g in the draws: no spectrum of the grid fits within them\n",
                object->inflation);
    if (isfinite(object->radius_rjup.value))
        fprintf(out, "radius        %.4f +- %.4f R_Jup implied by the brightness, %.4g given\n",
                object->radius_rjup.value, object->radius_rjup.sd, object->facts.radius_rjup.value);
}

void tml_predict_print(FILE *out, const tml_object_result *object)
{
    fprintf(out, "%s  (%s)\n", object->facts.name, object->file);
    fprintf(out, "%-12s %9s %9s %9s %9s %9s %9s\n", "parameter", "value", "sd", "16 %", "84 %", "sd noise",
            "sd model");
    for (size_t t = 0; t < object->parameters; ++t)
        print_parameter(out, &object->parameter[t]);
    print_pixels(out, object);
    print_fit(out, object);
    if (object->flags != 0) {
        fprintf(out, "flags         ");
        tml_print_flags(out, object->flags, ", ");
        fputc('\n', out);
    }
    fputc('\n', out);
}
