#include "report/symbol.h"

#include <string.h>

const char *tml_symbol_of(const char *target)
{
    static const char *const symbols[][2] = {
        {"teff", "Teff"}, {"logg", "log g"}, {"c_o", "C/O"}, {"met", "[M/H]"}};

    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; ++i)
        if (strcmp(target, symbols[i][0]) == 0)
            return symbols[i][1];
    return target;
}
