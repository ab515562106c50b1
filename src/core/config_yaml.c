#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "core/config_private.h"
#include "core/memory.h"

enum { MOST_BYTES = 1 << 20, SHORT_VALUE = 256 };

typedef struct reader {
    yaml_parser_t parser;
    yaml_event_t event; /* read last */
    const char *source; /* NULL: messages name no place */
    tml_error *error;
} reader;

/* Where the sections and keys of one text were first given: lines from 1, 0 for not yet. */
typedef struct mentions {
    size_t *section_line; /* [table->count], at the first key of the section */
    size_t *key_line;     /* [table->count] */
} mentions;

/* Put the place in front of the message of a failure. */
static tml_status at_place(const reader *in, size_t line, size_t column, tml_status status)
{
    if (status != TML_OK && in->source != NULL)
        tml_error_prefix(in->error, "%s:%zu:%zu: ", in->source, line + 1, column + 1);
    return status;
}

static tml_status at_event(const reader *in, tml_status status)
{
    return at_place(in, in->event.start_mark.line, in->event.start_mark.column, status);
}

/* The place of a byte; columns count bytes here, because the text may not be UTF-8. */
static tml_status at_byte(const reader *in, const char *text, size_t offset, tml_status status)
{
    size_t line = 0;
    size_t column = 0;

    for (size_t i = 0; i < offset && text[i] != '\0'; ++i) {
        column = text[i] == '\n' ? 0 : column + 1;
        line += text[i] == '\n';
    }
    return at_place(in, line, column, status);
}

static tml_status syntax_failure(const reader *in)
{
    const yaml_parser_t *parser = &in->parser;
    const char *context = parser->context != NULL ? parser->context : "";
    tml_status status;

    if (parser->error == YAML_MEMORY_ERROR)
        return TML_FAIL(in->error, TML_INTERNAL, "no memory to read YAML");
    status = TML_FAIL(in->error, TML_CONFIG, "this is not YAML: %s%s%s", context,
                      context[0] != '\0' ? ", " : "",
                      parser->problem != NULL ? parser->problem : "unknown error");
    if (parser->error == YAML_READER_ERROR)
        return at_byte(in, (const char *)parser->input.string.start, parser->problem_offset, status);
    return at_place(in, parser->problem_mark.line, parser->problem_mark.column, status);
}

/* One value has one place in the file: nothing that refers, names or retypes. */
static tml_status check_event(const reader *in)
{
    const yaml_event_t *event = &in->event;
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;
    const char *what = NULL;

    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    } else if (event->type == YAML_DOCUMENT_START_EVENT &&
               event->data.document_start.tag_directives.start !=
                   event->data.document_start.tag_directives.end) {
        what = "a tag directive";
    } else if (event->type == YAML_ALIAS_EVENT) {
        what = "an alias (*)";
    }
    if (anchor != NULL)
        what = "an anchor (&)";
    if (tag != NULL)
        what = "a tag (!)";
    if (what == NULL)
        return TML_OK;
    return at_event(in,
                    TML_FAIL(in->error, TML_CONFIG, "%s is not allowed here, write the value itself", what));
}

static tml_status next(reader *in)
{
    yaml_event_delete(&in->event);
    if (!yaml_parser_parse(&in->parser, &in->event))
        return syntax_failure(in);
    return check_event(in);
}

static tml_status open_reader(reader *in, const char *text, const char *source, tml_error *error)
{
    size_t length = strlen(text);
    const char *tab = strchr(text, '\t');

    memset(in, 0, sizeof *in);
    in->source = source;
    in->error = error;
    if (length > MOST_BYTES)
        return at_place(
            in, 0, 0,
            TML_FAIL(error, TML_CONFIG, "%zu bytes are no configuration, at most 1 MiB is read", length));
    if (tab != NULL)
        return at_byte(in, text, (size_t)(tab - text),
                       TML_FAIL(error, TML_CONFIG, "a tab is not allowed, use spaces"));
    if (!yaml_parser_initialize(&in->parser))
        return TML_FAIL(error, TML_INTERNAL, "no memory to read YAML");
    yaml_parser_set_encoding(&in->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&in->parser, (const unsigned char *)text, length);
    return next(in); /* the start of the stream */
}

/* Also after open_reader failed: what was not set up is zero. */
static void close_reader(reader *in)
{
    yaml_event_delete(&in->event);
    yaml_parser_delete(&in->parser);
}

static tml_config_scalar current_scalar(const reader *in)
{
    tml_config_scalar scalar = {(const char *)in->event.data.scalar.value, in->event.data.scalar.length,
                                in->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE};

    return scalar;
}

/* Read the value that the current event starts. */
static tml_status read_value(reader *in, const tml_config_key *key, void *settings)
{
    tml_config_scalar scalar;
    tml_status status;

    if (in->event.type == YAML_SCALAR_EVENT) {
        scalar = current_scalar(in);
        return at_event(in, tml_config_value_read(key, &scalar, settings, in->error));
    }
    if (in->event.type != YAML_SEQUENCE_START_EVENT)
        return at_event(in, tml_config_refuse(key, 0, "a mapping", in->error));
    status = at_event(in, tml_config_value_start_list(key, settings, in->error));
    while (status == TML_OK) {
        status = next(in);
        if (status != TML_OK || in->event.type == YAML_SEQUENCE_END_EVENT)
            break;
        if (in->event.type != YAML_SCALAR_EVENT)
            return at_event(in,
                            TML_FAIL(in->error, TML_CONFIG, "\"%s.%s\" is a list of simple values, not of %s",
                                     key->section, key->name,
                                     in->event.type == YAML_MAPPING_START_EVENT ? "mappings" : "lists"));
        scalar = current_scalar(in);
        status = at_event(in, tml_config_value_append(key, &scalar, settings, in->error));
    }
    return status;
}

static tml_status check_first(const reader *in, const char *section, const char *name, size_t *line)
{
    if (*line > 0)
        return at_event(in, TML_FAIL(in->error, TML_CONFIG, "\"%s%s%s\" is given twice, first in line %zu",
                                     section, name != NULL ? "." : "", name != NULL ? name : "", *line));
    *line = in->event.start_mark.line + 1;
    return TML_OK;
}

static tml_status read_entry(reader *in, const tml_config_table *table, const char *section, mentions *seen,
                             void *settings)
{
    const char *name = (const char *)in->event.data.scalar.value;
    size_t at;
    tml_status status;

    if (in->event.type != YAML_SCALAR_EVENT)
        return at_event(
            in, TML_FAIL(in->error, TML_CONFIG, "the name of a key of \"%s\" must be one word", section));
    at = tml_config_find_key(table, section, name);
    if (at == table->count)
        return at_event(in, tml_config_unknown_key(table, section, name, in->error));
    status = check_first(in, section, table->keys[at].name, &seen->key_line[at]);
    if (status == TML_OK)
        status = next(in);
    if (status == TML_OK)
        status = read_value(in, &table->keys[at], settings);
    return status;
}

static tml_status read_section(reader *in, const tml_config_table *table, mentions *seen, void *settings)
{
    const char *section = (const char *)in->event.data.scalar.value;
    size_t at;
    tml_status status;

    if (in->event.type != YAML_SCALAR_EVENT)
        return at_event(in, TML_FAIL(in->error, TML_CONFIG, "the name of a section must be one word"));
    at = tml_config_find_section(table, section);
    if (at == table->count)
        return at_event(in, tml_config_unknown_section(table, section, in->error));
    section = table->keys[at].section; /* outlives the event */
    status = check_first(in, section, NULL, &seen->section_line[at]);
    if (status == TML_OK)
        status = next(in);
    if (status != TML_OK)
        return status;
    if (in->event.type != YAML_MAPPING_START_EVENT)
        return at_event(
            in, TML_FAIL(in->error, TML_CONFIG,
                         "section \"%s\" wants keys with values: \"%s: {%s: ...}\", or lines \"%s: ...\" "
                         "indented below it, with a space after the colon",
                         section, section, table->keys[at].name, table->keys[at].name));
    for (status = next(in); status == TML_OK && in->event.type != YAML_MAPPING_END_EVENT; status = next(in)) {
        status = read_entry(in, table, section, seen, settings);
        if (status != TML_OK)
            break;
    }
    return status;
}

static tml_status read_document(reader *in, const tml_config_table *table, mentions *seen, void *settings)
{
    tml_status status = next(in);
    tml_config_scalar scalar;

    if (status != TML_OK)
        return status;
    if (in->event.type == YAML_SCALAR_EVENT) { /* "---" alone holds an empty scalar */
        scalar = current_scalar(in);
        if (scalar.length == 0 && scalar.is_plain)
            return next(in);
    }
    if (in->event.type != YAML_MAPPING_START_EVENT)
        return at_event(in, TML_FAIL(in->error, TML_CONFIG,
                                     "a configuration consists of sections, such as \"%s: {%s: ...}\"",
                                     table->keys[0].section, table->keys[0].name));
    for (status = next(in); status == TML_OK && in->event.type != YAML_MAPPING_END_EVENT; status = next(in)) {
        status = read_section(in, table, seen, settings);
        if (status != TML_OK)
            return status;
    }
    return status == TML_OK ? next(in) : status; /* the end of the document */
}

static tml_status read_stream(reader *in, const tml_config_table *table, mentions *seen, void *settings)
{
    tml_status status = next(in);

    if (status != TML_OK || in->event.type == YAML_STREAM_END_EVENT)
        return status;
    status = read_document(in, table, seen, settings);
    if (status == TML_OK)
        status = next(in);
    if (status == TML_OK && in->event.type != YAML_STREAM_END_EVENT)
        status = at_event(
            in, TML_FAIL(in->error, TML_CONFIG, "a second document starts here, only one is allowed"));
    return status;
}

tml_status tml_config_read_text(const tml_config_table *table, const char *text, const char *source,
                                void *settings, size_t settings_size, tml_error *error)
{
    mentions seen = {NULL, NULL};
    void *changed = NULL;
    reader in;
    tml_status status = tml_array_create(1, settings_size, "the settings", &changed, error);

    if (status == TML_OK)
        status = tml_array_create(table->count, sizeof(size_t), "the sections", &seen.section_line, error);
    if (status == TML_OK)
        status = tml_array_create(table->count, sizeof(size_t), "the keys", &seen.key_line, error);
    if (status == TML_OK) {
        for (size_t i = 0; i < table->count; ++i)
            assert(table->keys[i].offset + tml_config_value_size(&table->keys[i]) <= settings_size);
        memcpy(changed, settings, settings_size);
        status = open_reader(&in, text, source, error);
        if (status == TML_OK)
            status = read_stream(&in, table, &seen, changed);
        close_reader(&in);
    }
    if (status == TML_OK)
        memcpy(settings, changed, settings_size);
    free(seen.key_line);
    free(seen.section_line);
    free(changed);
    return status;
}

/* Stream, document, list of one value: each event is one step, the value may be several. */
static tml_status read_only_value(reader *in, const tml_config_key *key, void *settings)
{
    tml_status status = next(in);

    if (status == TML_OK)
        status = next(in);
    if (status == TML_OK)
        status = next(in);
    if (status != TML_OK)
        return status;
    if (in->event.type == YAML_SEQUENCE_END_EVENT)
        return tml_config_refuse(key, 0, "empty", in->error);
    status = read_value(in, key, settings);
    if (status == TML_OK)
        status = next(in);
    if (status == TML_OK && in->event.type != YAML_SEQUENCE_END_EVENT)
        return tml_config_refuse(key, 0, "more than one value (quotes keep a comma inside a text)",
                                 in->error);
    if (status == TML_OK)
        status = next(in); /* the end of the document */
    if (status == TML_OK)
        status = next(in);
    if (status == TML_OK && in->event.type != YAML_STREAM_END_EVENT)
        return TML_FAIL(in->error, TML_CONFIG, "something follows the value of \"%s.%s\"", key->section,
                        key->name);
    return status;
}

tml_status tml_config_value_parse(const tml_config_key *key, const char *text, void *settings,
                                  tml_error *error)
{
    size_t length = strlen(text);
    char here[SHORT_VALUE]; /* so that the defaults do not depend on memory */
    char *wrapped = here;
    reader in;
    tml_status status = TML_OK;

    if (length + 3 > sizeof here)
        status = tml_array_create(length + 3, 1, "a value", &wrapped, error);
    if (status != TML_OK)
        return status;
    /* Inside brackets flow notation is all there is: no comments, no block lists, no second document. */
    wrapped[0] = '[';
    memcpy(wrapped + 1, text, length);
    wrapped[length + 1] = ']';
    wrapped[length + 2] = '\0';
    status = open_reader(&in, wrapped, NULL, error);
    if (status == TML_OK)
        status = read_only_value(&in, key, settings);
    close_reader(&in);
    if (wrapped != here)
        free(wrapped);
    return status;
}
