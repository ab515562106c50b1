#include "commands/command.h"

#include <stdio.h>
#include <string.h>

#include "core/log.h"
#include "core/text.h"

/* Where the options of every command are kept until they are typed. */
typedef struct raw_options {
    const char *json, *quiet, *verbose, *dry_run, *no_progress, *help;
    const char *threads, *seed, *set;
} raw_options;

enum { COMMON_OPTIONS = 9, MOST_OPTIONS = 48 };

/* The options of every command, without those that mean nothing to this one. @return their number */
static size_t list_common(const tml_command_usage *usage, raw_options *raw, tml_option *list)
{
    const tml_option common[COMMON_OPTIONS] = {
        {"set", "SECTION.KEY=VALUE", "change one key of the configuration; may be repeated", &raw->set},
        {"threads", "N", "threads per rank (default 1)", &raw->threads},
        {"seed", "N", "seed of all random numbers", &raw->seed},
        {"dry-run", NULL, "check everything, say what would be done, do nothing", &raw->dry_run},
        {"json", NULL, "print one JSON document instead of tables", &raw->json},
        {"no-progress", NULL, "no progress lines", &raw->no_progress},
        {"quiet", NULL, "only warnings and errors (-q)", &raw->quiet},
        {"verbose", NULL, "more detail (-v)", &raw->verbose},
        {"help", NULL, "this text (-h)", &raw->help},
    };
    size_t count = 0;

    for (size_t i = 0; i < COMMON_OPTIONS; ++i)
        if ((common[i].value != &raw->set || usage->has_configuration) &&
            (common[i].value != &raw->threads || usage->has_threads))
            list[count++] = common[i];
    return count;
}

static void print_options(const tml_option *options, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        char left[80];

        snprintf(left, sizeof left, "--%s%s%s", options[i].name, options[i].argument != NULL ? " " : "",
                 options[i].argument != NULL ? options[i].argument : "");
        printf("  %-28s %s\n", left, options[i].help);
    }
}

static void print_usage(const tml_command_usage *usage, const tml_option *common, size_t common_count)
{
    printf("usage: telescopeml %s %s\n\n%s\n", usage->name, usage->synopsis, usage->summary);
    if (usage->option_count > 0) {
        printf("\noptions:\n");
        print_options(usage->options, usage->option_count);
    }
    printf("\noptions of every command:\n");
    print_options(common, common_count);
    if (usage->examples != NULL)
        printf("\nexamples:\n%s\n", usage->examples);
}

static const tml_option *find_option(const tml_option *options, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; ++i)
        if (strlen(options[i].name) == length && strncmp(options[i].name, name, length) == 0)
            return &options[i];
    return NULL;
}

static tml_status unknown_option(const tml_command_usage *usage, const tml_option *options, size_t count,
                                 const char *word, tml_error *error)
{
    const char *names[MOST_OPTIONS];
    const char *nearest;

    for (size_t i = 0; i < count; ++i)
        names[i] = options[i].name;
    nearest = tml_text_nearest(word + strspn(word, "-"), names, count);
    return TML_FAIL(error, TML_USAGE, "%s: unknown option '%s'%s%s%s; see telescopeml %s --help", usage->name,
                    word, nearest != NULL ? ", did you mean --" : "", nearest != NULL ? nearest : "",
                    nearest != NULL ? "?" : "", usage->name);
}

static const char *long_form(const char *word)
{
    static const char *const forms[][2] = {{"-h", "--help"}, {"-q", "--quiet"}, {"-v", "--verbose"}};

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; ++i)
        if (strcmp(word, forms[i][0]) == 0)
            return forms[i][1];
    return word;
}

static tml_status type_common(const tml_command_usage *usage, const raw_options *raw,
                              tml_common_options *common, tml_error *error)
{
    uint64_t threads = 0;

    common->json = raw->json != NULL;
    common->dry_run = raw->dry_run != NULL;
    common->no_progress = raw->no_progress != NULL;
    common->has_seed = raw->seed != NULL;
    common->has_threads = raw->threads != NULL;
    if (common->has_seed && !tml_text_to_uint64(raw->seed, &common->seed))
        return TML_FAIL(error, TML_USAGE, "%s: --seed wants a whole number from 0, not '%s'", usage->name,
                        raw->seed);
    if (common->has_threads && (!tml_text_to_uint64(raw->threads, &threads) || threads < 1 || threads > 1024))
        return TML_FAIL(error, TML_USAGE, "%s: --threads wants a whole number from 1 to 1024, not '%s'",
                        usage->name, raw->threads);
    common->threads = (int64_t)threads;
    return TML_OK;
}

static tml_status take_word(const tml_command_usage *usage, const tml_option *options, size_t count, int argc,
                            char **argv, int *at, tml_common_options *common, const raw_options *raw,
                            tml_error *error)
{
    const char *word = long_form(argv[*at]);
    const char *name = word + 2;
    const char *equals = strchr(name, '=');
    size_t length = equals != NULL ? (size_t)(equals - name) : strlen(name);
    const tml_option *option = strncmp(word, "--", 2) == 0 ? find_option(options, count, name, length) : NULL;

    if (option == NULL)
        return unknown_option(usage, options, count, argv[*at], error);
    if (option->argument == NULL) {
        if (equals != NULL)
            return TML_FAIL(error, TML_USAGE, "%s: --%s takes no value", usage->name, option->name);
        *option->value = option->name;
        return TML_OK;
    }
    if (equals != NULL)
        *option->value = equals + 1;
    else if (*at + 1 < argc)
        *option->value = argv[++*at];
    else
        return TML_FAIL(error, TML_USAGE, "%s: --%s wants %s", usage->name, option->name, option->argument);
    if (option->value != &raw->set)
        return TML_OK;
    if (common->set_count == TML_COMMAND_SETS)
        return TML_FAIL(error, TML_USAGE, "%s: more than %d times --set", usage->name, TML_COMMAND_SETS);
    common->sets[common->set_count++] = raw->set;
    return TML_OK;
}

tml_status tml_command_parse(const tml_world *world, const tml_command_usage *usage, int argc, char **argv,
                             tml_common_options *common, const char **positional, size_t *positional_count,
                             bool *help_shown, tml_error *error)
{
    raw_options raw = {0};
    tml_option options[MOST_OPTIONS];
    size_t count = usage->option_count;
    size_t words = 0;
    tml_status status;

    *help_shown = false;
    memset(common, 0, sizeof *common);
    if (count > 0)
        memcpy(options, usage->options, count * sizeof *options);
    count += list_common(usage, &raw, options + count);
    for (int at = 1; at < argc; ++at) {
        if (argv[at][0] == '-' && argv[at][1] != '\0') {
            status = take_word(usage, options, count, argc, argv, &at, common, &raw, error);
            if (status != TML_OK)
                return status;
        } else if (words == usage->positional_maximum) {
            return TML_FAIL(error, TML_USAGE, "%s: '%s' is one argument too many; see telescopeml %s --help",
                            usage->name, argv[at], usage->name);
        } else {
            positional[words++] = argv[at];
        }
    }
    if (raw.help != NULL) {
        *help_shown = true;
        if (world->rank == 0)
            print_usage(usage, options + usage->option_count, count - usage->option_count);
        return TML_OK;
    }
    if (positional_count != NULL)
        *positional_count = words;
    if (raw.quiet != NULL || raw.verbose != NULL)
        tml_log_setup(world->rank, raw.quiet != NULL ? TML_LOG_WARNING : TML_LOG_DETAIL);
    status = type_common(usage, &raw, common, error);
    if (status == TML_OK && words < usage->positional_minimum)
        status = TML_FAIL(error, TML_USAGE, "usage: telescopeml %s %s", usage->name, usage->synopsis);
    return status;
}
