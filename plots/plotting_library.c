#include "plots/plotting_library.h"

#include <stdio.h>
#include <string.h>

#include <plplot.h>

enum { DEVICES_MAXIMUM = 200, VERSION_ROOM = 80 };

void tml_plotting_library(char *version, size_t version_room, char *drivers, size_t drivers_room)
{
    char text[VERSION_ROOM] = "";
    const char *menus[DEVICES_MAXIMUM], *devices[DEVICES_MAXIMUM];
    const char **menu = menus, **name = devices;
    int count = DEVICES_MAXIMUM;

    plgver(text);
    snprintf(version, version_room, "%s", text);
    plgFileDevs(&menu, &name, &count);
    drivers[0] = '\0';
    for (int i = 0; i < count; ++i) {
        size_t used = strlen(drivers);

        if (used + strlen(devices[i]) + 2 <= drivers_room)
            snprintf(drivers + used, drivers_room - used, "%s%s", used > 0 ? " " : "", devices[i]);
    }
}
