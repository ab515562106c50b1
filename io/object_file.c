#include "io/object_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <yaml.h>

#include "core/text.h"
#include "io/atomic_file.h"
#include "io/grid_targets.h"

enum { MOST_BYTES = 1 << 16, SHOWN = 60 };

typedef enum object_key {
    NAME,
    DISTANCE,
    RADIUS,
    UNIT_WAVELENGTH,
    UNIT_FLUX,
    MEDIUM,
    LITERATURE,
    KEYS
} object_key;

static const char *const key_names[] = {"name",      "distance_pc", "radius_rjup", "unit_wavelength",
                                        "unit_flux", "medium",      "literature"};

_Static_assert(sizeof key_names / sizeof key_names[0] == KEYS, "a name for every key");

typedef struct object_reader {
    const char *path;
    yaml_document_t *document;
    tml_error *error;
} object_reader;

/* Put the place of a node in front of the message of a failure. */
static tml_status at_node(const object_reader *in, const yaml_node_t *node, tml_status status)
{
    if (status != TML_OK)
        tml_error_prefix(in->error, "%s:%zu:%zu: ", in->path, node->start_mark.line + 1,
                         node->start_mark.column + 1);
    return status;
}

static tml_status refuse(const object_reader *in, const yaml_node_t *node, const char *key,
                         const char *wanted)
{
    const char *got = node->type == YAML_SCALAR_NODE     ? (const char *)node->data.scalar.value
                      : node->type == YAML_SEQUENCE_NODE ? "a list"
                                                         : "a mapping";

    return at_node(
        in, node,
        TML_FAIL(in->error, TML_BAD_DATA, "'%.*s' wants %s, not '%.*s'", SHOWN, key, wanted, SHOWN, got));
}

/* Text of a scalar; NULL for another node and for a text with a NUL in it. */
static const char *scalar_text(const yaml_node_t *node)
{
    const char *text;

    if (node->type != YAML_SCALAR_NODE)
        return NULL;
    text = (const char *)node->data.scalar.value;
    return strlen(text) == node->data.scalar.length ? text : NULL;
}

/* "key:", "key: ~" and "key: null" say that something is not known. */
static bool is_null(const yaml_node_t *node)
{
    const char *text = scalar_text(node);

    return text != NULL && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (*text == '\0' || strcmp(text, "~") == 0 || strcasecmp(text, "null") == 0);
}

static tml_status read_text(const object_reader *in, const yaml_node_t *node, const char *key, char *target,
                            size_t room)
{
    const char *text = scalar_text(node);
    char wanted[64];

    snprintf(wanted, sizeof wanted, "a text of at most %zu bytes", room - 1);
    if (text == NULL || !tml_text_copy(target, room, text))
        return refuse(in, node, key, wanted);
    if (is_null(node))
        target[0] = '\0';
    return TML_OK;
}

static bool read_number(const yaml_node_t *node, double *value)
{
    const char *text = scalar_text(node);

    if (is_null(node)) {
        *value = NAN;
        return true;
    }
    return text != NULL && tml_text_to_double(text, value) && isfinite(*value);
}

/* A number, or a list of a number and its standard error. */
static tml_status read_measure(const object_reader *in, const yaml_node_t *node, const char *key,
                               bool is_positive, tml_measure *measure)
{
    static const char any[] = "a number or [number, standard error]";
    static const char positive[] = "a number above 0 or [number, standard error]";
    const char *wanted = is_positive ? positive : any;
    const yaml_node_t *value = node;
    const yaml_node_t *sd = NULL;

    if (node->type == YAML_SEQUENCE_NODE) {
        const yaml_node_item_t *items = node->data.sequence.items.start;
        const long count = node->data.sequence.items.top - items;

        if (count < 1 || count > 2)
            return refuse(in, node, key, wanted);
        value = yaml_document_get_node(in->document, items[0]);
        sd = count == 2 ? yaml_document_get_node(in->document, items[1]) : NULL;
    }
    measure->sd = NAN;
    if (!read_number(value, &measure->value) || (is_positive && measure->value <= 0.0))
        return refuse(in, value, key, wanted);
    if (sd != NULL && (!read_number(sd, &measure->sd) || measure->sd < 0.0))
        return refuse(in, sd, key, "a standard error of 0 or above");
    return TML_OK;
}

static tml_status read_medium(const object_reader *in, const yaml_node_t *node, tml_object_file *object)
{
    const char *text = scalar_text(node);

    if (is_null(node))
        return TML_OK;
    if (text == NULL || (strcasecmp(text, "vacuum") != 0 && strcasecmp(text, "air") != 0))
        return refuse(in, node, key_names[MEDIUM], "vacuum or air");
    object->has_medium = true;
    object->is_air = strcasecmp(text, "air") == 0;
    return TML_OK;
}

static tml_status read_unit(const object_reader *in, const yaml_node_t *node, object_key key,
                            tml_object_file *object)
{
    char *target = key == UNIT_FLUX ? object->unit_flux : object->unit_wavelength;
    tml_flux_unit unit;
    double micron;
    tml_status status = read_text(in, node, key_names[key], target, TML_OBJECT_UNIT);

    if (status != TML_OK || target[0] == '\0')
        return status;
    if (key == UNIT_WAVELENGTH)
        return at_node(in, node, tml_wavelength_unit_parse(target, &micron, in->error));
    if (strcasecmp(target, "relative") == 0)
        return TML_OK;
    return at_node(in, node, tml_flux_unit_parse(target, &unit, in->error));
}

/* Names of parameters become keys of JSON and columns of tables. */
static tml_status literature_name(const object_reader *in, const yaml_node_t *node, const char *text,
                                  const char **name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    size_t count;
    const tml_grid_target *targets = tml_grid_targets(&count);

    *name = text;
    for (size_t i = 0; i < count; ++i) {
        if (strcmp(text, targets[i].csv_name) == 0)
            *name = targets[i].name;
        else if (strcmp(text, targets[i].name) != 0 &&
                 (strcasecmp(text, targets[i].name) == 0 || strcasecmp(text, targets[i].csv_name) == 0))
            return at_node(in, node,
                           TML_FAIL(in->error, TML_BAD_DATA, "'%.*s' is no parameter, did you mean '%s'?",
                                    SHOWN, text, targets[i].name));
    }
    if (strlen(text) >= TML_OBJECT_NAME || *text == '\0' || strspn(text, letters) != strlen(text))
        return at_node(
            in, node,
            TML_FAIL(in->error, TML_BAD_DATA,
                     "'%.*s' is no name of a parameter: it has letters, digits and underscores only, at "
                     "most %d",
                     SHOWN, text, TML_OBJECT_NAME - 1));
    return TML_OK;
}

static tml_status read_literature_value(const object_reader *in, const yaml_node_t *key,
                                        const yaml_node_t *value, tml_literature *one)
{
    const char *name = NULL;
    tml_status status = literature_name(in, key, (const char *)key->data.scalar.value, &name);

    if (status != TML_OK)
        return status;
    for (size_t i = 0; i < one->count; ++i)
        if (strcmp(one->name[i], name) == 0)
            return at_node(in, key,
                           TML_FAIL(in->error, TML_BAD_DATA, "'%s' is given twice by one source", name));
    if (one->count == TML_OBJECT_VALUES)
        return at_node(
            in, key,
            TML_FAIL(in->error, TML_BAD_DATA, "one source gives more than %d values", TML_OBJECT_VALUES));
    (void)tml_text_copy(one->name[one->count], sizeof one->name[one->count], name);
    status = read_measure(in, value, name, false, &one->value[one->count]);
    if (status == TML_OK)
        ++one->count;
    return status;
}

static tml_status read_source(const object_reader *in, const yaml_node_t *node, tml_object_facts *facts)
{
    tml_literature *one = &facts->literature[facts->literature_count];

    if (node->type != YAML_MAPPING_NODE)
        return refuse(in, node, key_names[LITERATURE], "a list of {source: text, teff: [785, 12], ...}");
    if (facts->literature_count == TML_OBJECT_LITERATURE)
        return at_node(in, node,
                       TML_FAIL(in->error, TML_BAD_DATA, "more than %d sources of literature; remove some",
                                TML_OBJECT_LITERATURE));
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
         ++pair) {
        const yaml_node_t *key = yaml_document_get_node(in->document, pair->key);
        const yaml_node_t *value = yaml_document_get_node(in->document, pair->value);
        tml_status status;

        if (scalar_text(key) == NULL)
            return refuse(in, key, key_names[LITERATURE], "names of parameters as keys");
        if (strcmp(scalar_text(key), "source") == 0)
            status = one->source[0] != '\0'
                         ? refuse(in, key, key_names[LITERATURE], "one source for each entry")
                         : read_text(in, value, "source", one->source, sizeof one->source);
        else
            status = read_literature_value(in, key, value, one);
        if (status != TML_OK)
            return status;
    }
    if (one->source[0] == '\0')
        return at_node(in, node,
                       TML_FAIL(in->error, TML_BAD_DATA, "an entry of 'literature' wants a 'source'"));
    ++facts->literature_count;
    return TML_OK;
}

static tml_status read_literature(const object_reader *in, const yaml_node_t *node, tml_object_facts *facts)
{
    tml_status status = TML_OK;

    if (is_null(node))
        return TML_OK;
    if (node->type != YAML_SEQUENCE_NODE)
        return refuse(in, node, key_names[LITERATURE], "a list of {source: text, teff: [785, 12], ...}");
    for (const yaml_node_item_t *item = node->data.sequence.items.start;
         status == TML_OK && item < node->data.sequence.items.top; ++item)
        status = read_source(in, yaml_document_get_node(in->document, *item), facts);
    return status;
}

static tml_status read_value(const object_reader *in, object_key key, const yaml_node_t *value,
                             tml_object_file *object)
{
    tml_object_facts *facts = &object->facts;

    switch (key) {
    case NAME:
        return read_text(in, value, key_names[key], facts->name, sizeof facts->name);
    case DISTANCE:
        return read_measure(in, value, key_names[key], true, &facts->distance_pc);
    case RADIUS:
        return read_measure(in, value, key_names[key], true, &facts->radius_rjup);
    case UNIT_WAVELENGTH:
    case UNIT_FLUX:
        return read_unit(in, value, key, object);
    case MEDIUM:
        return read_medium(in, value, object);
    case LITERATURE:
    case KEYS:
        break;
    }
    return read_literature(in, value, facts);
}

static tml_status find_key(const object_reader *in, const yaml_node_t *node, object_key *key)
{
    const char *text = scalar_text(node);
    const char *nearest;

    if (text == NULL)
        return refuse(in, node, "a key", "a word");
    for (*key = NAME; *key < KEYS; ++*key)
        if (strcmp(text, key_names[*key]) == 0)
            return TML_OK;
    nearest = tml_text_nearest(text, key_names, KEYS);
    return at_node(in, node,
                   TML_FAIL(in->error, TML_BAD_DATA,
                            "unknown key '%.*s'%s%s%s; known are name, distance_pc, "
                            "radius_rjup, unit_wavelength, unit_flux, medium, literature",
                            SHOWN, text, nearest != NULL ? ", did you mean '" : "",
                            nearest != NULL ? nearest : "", nearest != NULL ? "'?" : ""));
}

static tml_status read_root(const object_reader *in, const yaml_node_t *root, tml_object_file *object)
{
    size_t line[KEYS] = {0};

    if (is_null(root))
        return TML_OK;
    if (root->type != YAML_MAPPING_NODE)
        return refuse(in, root, "the file", "lines 'key: value', such as 'distance_pc: [11.134, 0.02]'");
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top;
         ++pair) {
        const yaml_node_t *node = yaml_document_get_node(in->document, pair->key);
        object_key key = KEYS;
        tml_status status = find_key(in, node, &key);

        if (status == TML_OK && line[key] > 0)
            status = at_node(in, node,
                             TML_FAIL(in->error, TML_BAD_DATA, "'%s' is given twice, first in line %zu",
                                      key_names[key], line[key]));
        if (status != TML_OK)
            return status;
        line[key] = node->start_mark.line + 1;
        status = read_value(in, key, yaml_document_get_node(in->document, pair->value), object);
        if (status != TML_OK)
            return status;
    }
    return TML_OK;
}

static tml_status syntax_failure(const char *path, const yaml_parser_t *parser, tml_error *error)
{
    if (parser->error == YAML_MEMORY_ERROR)
        return TML_FAIL(error, TML_INTERNAL, "no memory to read %s", path);
    return TML_FAIL(error, TML_BAD_DATA, "%s:%zu:%zu: this is not YAML: %s%s%s", path,
                    parser->problem_mark.line + 1, parser->problem_mark.column + 1,
                    parser->context != NULL ? parser->context : "", parser->context != NULL ? ", " : "",
                    parser->problem != NULL ? parser->problem : "unknown error");
}

static tml_status read_document(const char *path, yaml_parser_t *parser, tml_object_file *object,
                                bool is_first, tml_error *error)
{
    yaml_document_t document;
    object_reader in = {path, &document, error};
    const yaml_node_t *root;
    tml_status status = TML_OK;

    if (!yaml_parser_load(parser, &document))
        return syntax_failure(path, parser, error);
    root = yaml_document_get_root_node(&document);
    if (root != NULL)
        status = is_first ? read_root(&in, root, object)
                          : at_node(&in, root,
                                    TML_FAIL(error, TML_BAD_DATA, "a second document; only one is wanted"));
    yaml_document_delete(&document);
    return status;
}

tml_status tml_object_file_read(const char *path, tml_object_file *object, tml_error *error)
{
    yaml_parser_t parser;
    char *text = NULL;
    size_t count = 0;
    tml_status status;

    memset(object, 0, sizeof *object);
    tml_object_facts_clear(&object->facts);
    status = tml_file_read_text(path, MOST_BYTES, &text, &count, error);
    if (status != TML_OK)
        return status;
    if (!yaml_parser_initialize(&parser)) {
        free(text);
        return TML_FAIL(error, TML_INTERNAL, "no memory to read %s", path);
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, count);
    status = read_document(path, &parser, object, true, error);
    if (status == TML_OK)
        status = read_document(path, &parser, object, false, error);
    yaml_parser_delete(&parser);
    free(text);
    if (status != TML_OK) {
        memset(object, 0, sizeof *object);
        tml_object_facts_clear(&object->facts);
    }
    return status;
}
