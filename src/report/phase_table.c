#include "report/phase_table.h"

#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "report/csv_fields.h"

#define MOST_SECONDS 1e12 /* more is a mistake, and a bar of it would hide the others */

enum { FIRST_RANKS = 64 };
enum { RANK, HOST, FIRST_PHASE, COLUMNS = FIRST_PHASE + TML_PHASES };

static const char *const column_names[COLUMNS] = {
    "rank",
    "host",
    [FIRST_PHASE + TML_PHASE_COMPUTE] = "compute",
    [FIRST_PHASE + TML_PHASE_COMMUNICATION] = "communication",
    [FIRST_PHASE + TML_PHASE_INPUT] = "input",
    [FIRST_PHASE + TML_PHASE_WAITING] = "waiting",
};

static tml_status make_room(const char *path, size_t *room, tml_phase_table *table, tml_error *error)
{
    size_t more = *room > 0 ? 2 * *room : FIRST_RANKS;
    tml_phase_bar *bar;
    char(*host)[TML_PHASE_HOST];

    if (table->ranks < *room)
        return TML_OK;
    bar = realloc(table->bar, more * sizeof *bar);
    if (bar != NULL)
        table->bar = bar;
    host = realloc(table->host, more * sizeof *host);
    if (host != NULL)
        table->host = host;
    if (bar == NULL || host == NULL)
        return TML_FAIL(error, TML_INTERNAL, "%s: no memory for its ranks", path);
    *room = more;
    return TML_OK;
}

static tml_status take_rank(const char *path, const tml_csv_reader *reader, const char *const *fields,
                            const size_t column[COLUMNS], tml_phase_table *table, tml_error *error)
{
    tml_phase_bar *bar = &table->bar[table->ranks];
    tml_status status = tml_csv_whole(path, reader, column[RANK], 0, &bar->rank, error);

    for (size_t r = 0; r < table->ranks && status == TML_OK; ++r)
        if (table->bar[r].rank == bar->rank)
            status = TML_FAIL(error, TML_BAD_DATA,
                              "%s: line %lld, column 'rank': %zu is there already; keep one run in a file",
                              path, (long long)tml_csv_line(reader), bar->rank);
    if (status == TML_OK && !tml_text_copy(table->host[table->ranks], TML_PHASE_HOST, fields[column[HOST]]))
        status = TML_FAIL(error, TML_BAD_DATA, "%s: line %lld, column 'host': the name is too long", path,
                          (long long)tml_csv_line(reader));
    for (size_t p = 0; p < TML_PHASES && status == TML_OK; ++p)
        status = tml_csv_within(path, reader, column[FIRST_PHASE + p], 0.0, MOST_SECONDS, &bar->seconds[p],
                                error);
    table->ranks += status == TML_OK;
    return status;
}

static int compare_ranks(const void *a, const void *b)
{
    const tml_phase_bar *left = a, *right = b;

    return (left->rank > right->rank) - (left->rank < right->rank);
}

/* The list of hosts no longer moves, so that the bars can point into it. */
static void finish(tml_phase_table *table)
{
    for (size_t r = 0; r < table->ranks; ++r)
        table->bar[r].host = table->host[r];
    if (table->ranks > 0)
        qsort(table->bar, table->ranks, sizeof *table->bar, compare_ranks);
}

static tml_status read_ranks(const char *path, tml_csv_reader *reader, tml_phase_table *table,
                             tml_error *error)
{
    const char *const *fields = NULL;
    size_t column[COLUMNS];
    size_t room = 0;
    tml_status status = tml_csv_need(path, reader, COLUMNS, column_names, column, error);

    while (status == TML_OK) {
        status = tml_csv_next(reader, &fields, error);
        if (status != TML_OK || fields == NULL)
            break;
        status = make_room(path, &room, table, error);
        if (status == TML_OK)
            status = take_rank(path, reader, fields, column, table, error);
    }
    return status;
}

tml_status tml_phase_table_read(const char *path, tml_phase_table *table, tml_error *error)
{
    tml_csv_reader *reader = NULL;
    tml_status status;

    memset(table, 0, sizeof *table);
    status = tml_csv_open(path, &reader, error);
    if (status == TML_OK)
        status = read_ranks(path, reader, table, error);
    tml_csv_close(&reader);
    if (status == TML_OK)
        finish(table);
    if (status != TML_OK)
        tml_phase_table_free(table);
    return status;
}

void tml_phase_table_free(tml_phase_table *table)
{
    free(table->bar);
    free(table->host);
    memset(table, 0, sizeof *table);
}
