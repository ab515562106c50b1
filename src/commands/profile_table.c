#include "commands/profile_table.h"

#include <math.h>

#include "atmosphere/chemistry.h"
#include "core/number_text.h"

static void fill_levels(const tml_structure *structure, tml_profile *profile)
{
    profile->rows = TML_STRUCTURE_LEVELS;
    for (size_t l = 0; l < profile->rows; ++l) {
        profile->pressure_bar[l] = structure->pressure_bar[l];
        profile->temperature_k[l] = structure->temperature_k[l];
    }
}

static void fill_layers(const tml_structure *structure, tml_profile *profile)
{
    profile->rows = TML_STRUCTURE_LEVELS - 1;
    for (size_t l = 0; l < profile->rows; ++l) {
        profile->pressure_bar[l] = sqrt(structure->pressure_bar[l] * structure->pressure_bar[l + 1]);
        profile->temperature_k[l] = 0.5 * (structure->temperature_k[l] + structure->temperature_k[l + 1]);
    }
}

void tml_profile_of(const tml_profile_node *node, bool is_of_layers, tml_profile *profile)
{
    const tml_elements elements = tml_elements_of(node->c_o, node->met);
    tml_structure structure;

    tml_structure_of(node->teff, node->logg, node->c_o, node->met, &structure);
    profile->node = *node;
    profile->gravity = structure.gravity;
    profile->is_of_layers = is_of_layers;
    if (is_of_layers)
        fill_layers(&structure, profile);
    else
        fill_levels(&structure, profile);
    for (size_t r = 0; r < profile->rows; ++r)
        tml_chemistry_at(&elements, profile->temperature_k[r], profile->pressure_bar[r],
                         profile->fraction[r]);
}

void tml_profile_header(FILE *out, bool is_of_layers)
{
    fprintf(out, "node,teff,logg,c_o,met,%s,pressure_bar,temperature_k", is_of_layers ? "layer" : "level");
    for (int s = 0; s < TML_SPECIES_COUNT; ++s)
        fprintf(out, ",%s", tml_species_name((tml_species)s));
    fputc('\n', out);
}

static void print_number(FILE *out, double value)
{
    char text[TML_NUMBER_TEXT];

    tml_number_text(value, text);
    fprintf(out, ",%s", text);
}

void tml_profile_lines(FILE *out, size_t node, const tml_profile *profile)
{
    const double parameters[] = {profile->node.teff, profile->node.logg, profile->node.c_o,
                                 profile->node.met};

    for (size_t r = 0; r < profile->rows; ++r) {
        fprintf(out, "%zu", node);
        for (size_t p = 0; p < sizeof parameters / sizeof parameters[0]; ++p)
            print_number(out, parameters[p]);
        fprintf(out, ",%zu", r);
        print_number(out, profile->pressure_bar[r]);
        print_number(out, profile->temperature_k[r]);
        for (size_t s = 0; s < TML_SPECIES_COUNT; ++s)
            print_number(out, profile->fraction[r][s]);
        fputc('\n', out);
    }
}

/* An array over the rows. @param stride numbers between one row and the next */
static void add_rows(cJSON *json, const char *name, const double *values, size_t stride, size_t rows)
{
    cJSON *array = cJSON_AddArrayToObject(json, name);

    for (size_t r = 0; r < rows; ++r)
        cJSON_AddItemToArray(array, tml_json_number(values[r * stride]));
}

cJSON *tml_profile_to_json(const tml_profile *profile)
{
    const tml_profile_node *node = &profile->node;
    cJSON *json = cJSON_CreateObject();
    cJSON *fractions;

    cJSON_AddItemToObject(json, "teff", tml_json_number(node->teff));
    cJSON_AddItemToObject(json, "logg", tml_json_number(node->logg));
    cJSON_AddItemToObject(json, "c_o", tml_json_number(node->c_o));
    cJSON_AddItemToObject(json, "met", tml_json_number(node->met));
    cJSON_AddItemToObject(json, "gravity", tml_json_number(profile->gravity));
    add_rows(json, "pressure_bar", profile->pressure_bar, 1, profile->rows);
    add_rows(json, "temperature_k", profile->temperature_k, 1, profile->rows);
    fractions = cJSON_AddObjectToObject(json, "fractions");
    for (size_t s = 0; s < TML_SPECIES_COUNT; ++s)
        add_rows(fractions, tml_species_name((tml_species)s), &profile->fraction[0][s], TML_SPECIES_COUNT,
                 profile->rows);
    return json;
}
