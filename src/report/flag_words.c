#include "report/flag_words.h"

#include <string.h>

#include "io/results_file.h"

const char *tml_flag_explained(int flag)
{
    static const char *const sentences[TML_FLAG_COUNT] = {
        "The value lies beyond the range of parameters that the network was trained on. A network "
        "cannot know what spectra look like there: take the value as \"at least\" or \"at most\", or "
        "train on a wider grid.",
        "More than a quarter of the wavelengths that the network needs could not be used and were "
        "filled in from the grid. The answer leans on the grid where the observation is silent, "
        "and the stated errors may be too small.",
        "The spectrum that the answer implies differs from the observation by more than the "
        "stated errors allow: by chance this would happen in fewer than 1 of 1000 cases. Either "
        "the errors are too small, or the grid lacks something that the object has (clouds, "
        "another chemistry). The errors were enlarged by the misfit, but what is wrong with a "
        "whole grid of models shows in them only in part.",
        "A single spectrum of the grid, scaled, fits the observation clearly better than the "
        "spectrum that the answer implies. Trust the best grid point more than the answer, and "
        "look at the figures.",
        "The radius that the fit implies and the radius that was given differ by more than three "
        "of their standard errors. Check distance, radius, and the unit of the flux.",
        "Only the shape of the spectrum was used, not its brightness: distance or radius is "
        "unknown, or the network does not use them. Where the brightness would have told models "
        "apart, the errors are larger.",
        "There was no grid at hand. So there is no implied spectrum, no goodness of fit, and the "
        "errors hold the noise of the observation alone, not the network's own error: they are "
        "too small.",
    };

    return flag >= 0 && flag < TML_FLAG_COUNT ? sentences[flag] : "";
}

bool tml_report_has_flag(const char *words, int flag)
{
    const char *name = tml_result_flag_name(flag);
    size_t length = strlen(name);

    for (const char *at = strstr(words, name); at != NULL; at = strstr(at + 1, name))
        if ((at == words || at[-1] == '+') && (at[length] == '\0' || at[length] == '+'))
            return true;
    return false;
}
