#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/atomic_file.h"
#include "mpi/agree.h"
#include "training/trainer_private.h"

/* What each rank did, so that a scaling study sees who held, read and ran how much, and how long it took. */
typedef struct rank_record {
    uint64_t rows_read, bytes_read, held, lanes_run, sample_bytes_received, gradient_bytes_received;
    double seconds[TML_SPENT_KINDS];
    char host[TML_SPENT_HOST];
} rank_record;

static rank_record describe_rank(tml_trainer *trainer)
{
    rank_record record;

    memset(&record, 0, sizeof record); /* it travels as bytes, those between the members too */
    record.rows_read = trainer->data.rows_read;
    record.bytes_read = trainer->data.bytes_read;
    record.lanes_run = trainer->lanes_run;
    record.gradient_bytes_received = tml_gradient_sum_received(trainer->sum);
    for (int p = 0; p < TML_PARTS; ++p) {
        record.held += tml_sample_store_held(trainer->data.part[p]);
        record.sample_bytes_received += tml_sample_store_received(trainer->data.part[p]);
    }
    tml_phase_clock_read(&trainer->clock, record.seconds);
    snprintf(record.host, sizeof record.host, "%.*s", TML_SPENT_HOST - 1, trainer->world->host);
    return record;
}

static void print_ranks(FILE *out, size_t ranks, const rank_record *records)
{
    fprintf(
        out,
        "rank,rows_read,bytes_read,samples_held,lanes_run,sample_bytes_received,gradient_bytes_received\n");
    for (size_t r = 0; r < ranks; ++r)
        fprintf(out, "%zu,%llu,%llu,%llu,%llu,%llu,%llu\n", r, (unsigned long long)records[r].rows_read,
                (unsigned long long)records[r].bytes_read, (unsigned long long)records[r].held,
                (unsigned long long)records[r].lanes_run,
                (unsigned long long)records[r].sample_bytes_received,
                (unsigned long long)records[r].gradient_bytes_received);
}

static void print_phases(FILE *out, size_t ranks, const rank_record *records)
{
    fprintf(out, "rank,host");
    for (int k = 0; k < TML_SPENT_KINDS; ++k)
        fprintf(out, ",%s", tml_spent_name((tml_spent)k));
    fprintf(out, "\n");
    for (size_t r = 0; r < ranks; ++r) {
        fprintf(out, "%zu,%s", r, records[r].host);
        for (int k = 0; k < TML_SPENT_KINDS; ++k)
            fprintf(out, ",%.6f", records[r].seconds[k]);
        fprintf(out, "\n");
    }
}

static tml_status write_table(const tml_trainer *trainer, const char *name,
                              void (*print)(FILE *, size_t, const rank_record *), const rank_record *records,
                              tml_error *error)
{
    char path[TML_PATH_LENGTH];
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    tml_status status;

    if (stream == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for %s", name);
    print(stream, (size_t)trainer->world->size, records);
    if (fclose(stream) != 0) {
        free(text);
        return TML_FAIL(error, TML_INTERNAL, "no memory for %s", name);
    }
    tml_trainer_path(trainer, name, path);
    status = tml_atomic_write(path, text, length, error);
    free(text);
    return status;
}

/* Seconds of the steps in which a rank did not wait, as the report's figure counts them. */
static double busy(const rank_record *record)
{
    return record->seconds[TML_SPENT_COMPUTE] + record->seconds[TML_SPENT_COMMUNICATION] +
           record->seconds[TML_SPENT_INPUT];
}

static void summarise(size_t ranks, const rank_record *records, tml_train_spent *spent)
{
    size_t slowest = 0;

    for (int k = 0; k < TML_SPENT_KINDS; ++k)
        spent->use[k] = tml_spent_over_ranks(ranks, sizeof *records / sizeof(double), &records[0].seconds[k]);
    for (size_t r = 1; r < ranks; ++r)
        if (busy(&records[r]) > busy(&records[slowest]))
            slowest = r;
    spent->slowest = slowest;
    memcpy(spent->host, records[slowest].host, sizeof spent->host);
}

tml_status tml_trainer_write_ranks(tml_trainer *trainer, tml_train_spent *spent, tml_error *error)
{
    rank_record mine = describe_rank(trainer);
    rank_record *all = NULL;
    tml_status status = tml_array_create((size_t)trainer->world->size, sizeof *all, "the ranks' records",
                                         &all, error);

    status = tml_agree(trainer->world->comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Gather(&mine, (int)sizeof mine, MPI_BYTE, all, (int)sizeof mine, MPI_BYTE,
                                          0, trainer->world->comm),
                               "collecting what ranks did", error);
    if (status == TML_OK && trainer->world->rank == 0) {
        summarise((size_t)trainer->world->size, all, spent);
        status = write_table(trainer, "ranks.csv", print_ranks, all, error);
        if (status == TML_OK)
            status = write_table(trainer, "phases.csv", print_phases, all, error);
    }
    free(all);
    return tml_agree(trainer->world->comm, status, error);
}
