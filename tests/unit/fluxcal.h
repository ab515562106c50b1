#ifndef TML_TESTS_FLUXCAL_H
#define TML_TESTS_FLUXCAL_H

/** @file tests/unit/fluxcal.h
 * The observed spectra of the published work, published/X_fluxcal.csv: wavelength, F_lambda, and the F_nu at
 * the surface that astropy made of it. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLUXCAL_ROOM = 2048, FLUXCAL_LINE = 1024, FLUXCAL_OBJECTS = 3, FLUXCAL_VALUES = 1933 };

typedef struct fluxcal {
    const char *name;
    double distance_pc;
    double radius_rjup;
    size_t count;
    double wavelength_um[FLUXCAL_ROOM];
    double per_wavelength[FLUXCAL_ROOM]; /* observed, erg s-1 cm-2 A-1 */
    double per_frequency[FLUXCAL_ROOM];  /* at the surface, erg s-1 cm-2 Hz-1 */
} fluxcal;

/* Distances and radii as the first line of each file says. */
static const fluxcal fluxcal_objects[FLUXCAL_OBJECTS] = {
    {.name = "HD3651B", .distance_pc = 11.134, .radius_rjup = 0.81},
    {.name = "GJ570D", .distance_pc = 5.884, .radius_rjup = 0.79},
    {.name = "Ross458C", .distance_pc = 11.509, .radius_rjup = 0.68},
};

/* A file of the published data; ends the test as skipped when it is not there. */
static inline FILE *open_published(const char *name)
{
    const char *folder = getenv("TML_TEST_DATA");
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/published/%s", folder != NULL ? folder : ".", name);
    file = fopen(path, "r");
    if (file == NULL) {
        printf("skipped: %s is not there (set TML_TEST_DATA)\n", path);
        exit(77);
    }
    return file;
}

/* Columns: wl, F_lambda_obs, F_lambda_obs_err, err_clipped, Fnu_obs_absolute. */
static inline fluxcal read_fluxcal(size_t object)
{
    fluxcal data = fluxcal_objects[object];
    char name[64];
    char line[FLUXCAL_LINE];
    FILE *file;

    snprintf(name, sizeof name, "%s_fluxcal.csv", data.name);
    file = open_published(name);
    while (data.count < FLUXCAL_ROOM && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "%lf,%lf,%*f,%*d,%lf", &data.wavelength_um[data.count],
                   &data.per_wavelength[data.count], &data.per_frequency[data.count]) == 3)
            ++data.count;
    fclose(file);
    return data;
}

#endif
