#include "commands/command_provenance.h"

#include <stdio.h>
#include <stdlib.h>

#include "io/provenance.h"
#include "mpi/agree.h"

char *tml_command_line(const char *name, int argc, char **argv)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    if (out == NULL)
        return NULL;
    fprintf(out, "telescopeml %s", name);
    for (int i = 1; i < argc; ++i)
        fprintf(out, " %s", argv[i]);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

tml_status tml_command_provenance(const tml_world *world, const char *name, int argc, char **argv,
                                  int threads, const char *extra, char **lines, tml_error *error)
{
    tml_status status = TML_OK;

    *lines = NULL;
    if (world->rank == 0) {
        char *typed = tml_command_line(name, argc, argv);
        const tml_provenance_job job = {
            .ranks = world->size,
            .threads = threads,
            .nodes = world->nodes,
            .host = world->host,
            .command_line = typed,
            .extra = extra,
        };

        if (typed != NULL)
            *lines = tml_provenance_lines(&job);
        if (*lines == NULL)
            status = TML_FAIL(error, TML_INTERNAL, "no memory for the provenance");
        free(typed);
    }
    status = tml_agree(world->comm, status, error);
    if (status != TML_OK)
        return status;
    return tml_share_text(world->comm, lines, error);
}
