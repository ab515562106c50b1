#include "bench/resident.h"

#include <math.h>
#include <stdio.h>

enum { LINE = 256 };

tml_resident tml_resident_now(void)
{
    tml_resident found = {NAN, NAN};
    char line[LINE];
    FILE *file = fopen("/proc/self/smaps_rollup", "re");

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        double kilobytes;

        if (sscanf(line, "Rss: %lf kB", &kilobytes) == 1)
            found.resident = kilobytes * 1024.0;
        if (sscanf(line, "Pss: %lf kB", &kilobytes) == 1)
            found.proportional = kilobytes * 1024.0;
    }
    if (file != NULL)
        fclose(file);
    return found;
}
