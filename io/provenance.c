#include "io/provenance.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/build_info.h"
#include "core/clock.h"
#include "io/envelope.h"
#include "io/hdf5_private.h"

static void put(FILE *out, const char *name, const char *value)
{
    fprintf(out, "%s=", name);
    for (const char *at = value == NULL ? "" : value; *at != '\0'; ++at)
        fputc(*at == '\n' || *at == '\r' ? ' ' : *at, out);
    fputc('\n', out);
}

static void put_build(FILE *out)
{
    const tml_build_info *build = tml_build_info_get();

    put(out, "program", "telescopeml");
    put(out, "version", build->version);
    put(out, "revision", build->revision);
    put(out, "compiler", build->compiler);
    put(out, "flags", build->flags);
    put(out, "build_type", build->build_type);
}

static void put_libraries(FILE *out)
{
    char mpi[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    unsigned major = 0;
    unsigned minor = 0;
    unsigned release = 0;
    int length = 0;

    MPI_Get_library_version(mpi, &length);
    put(out, "mpi", mpi);
    H5get_libversion(&major, &minor, &release);
    fprintf(out, "hdf5=%u.%u.%u\n", major, minor, release);
}

/* Slurm, PBS and LSF in that order; a job has one number. */
static const char *find_job_id(void)
{
    static const char *const NAMES[] = {"SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID"};

    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; ++i) {
        const char *value = getenv(NAMES[i]);

        if (value != NULL && value[0] != '\0')
            return value;
    }
    return NULL;
}

static void put_job(FILE *out, const tml_provenance_job *job)
{
    char now[TML_CLOCK_TEXT];
    const char *job_id = find_job_id();

    fprintf(out, "ranks=%d\nthreads=%d\nnodes=%d\n", job->ranks, job->threads, job->nodes);
    put(out, "host", job->host);
    tml_clock_utc(now);
    put(out, "started_utc", now);
    put(out, "command", job->command_line);
    if (job_id != NULL)
        put(out, "job_id", job_id);
    if (job->extra != NULL && job->extra[0] != '\0')
        fprintf(out, "%s%s", job->extra, job->extra[strlen(job->extra) - 1] == '\n' ? "" : "\n");
}

char *tml_provenance_lines(const tml_provenance_job *job)
{
    char *lines = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&lines, &length);

    if (out == NULL)
        return NULL;
    put_build(out);
    put_libraries(out);
    put_job(out, job);
    if (fclose(out) != 0) {
        free(lines);
        return NULL;
    }
    return lines;
}

static cJSON *to_json(char *lines)
{
    cJSON *object = cJSON_CreateObject();
    char *rest = NULL;

    for (char *line = strtok_r(lines, "\n", &rest); object != NULL && line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char *equals = strchr(line, '=');

        if (equals == NULL)
            continue;
        *equals = '\0';
        cJSON_DeleteItemFromObjectCaseSensitive(object,
                                                line); /* the last line of a name counts, as in HDF5 */
        if (cJSON_AddStringToObject(object, line, equals + 1) == NULL) {
            cJSON_Delete(object);
            return NULL;
        }
    }
    return object;
}

tml_status tml_provenance_write_json(const char *path, const char *lines, tml_error *error)
{
    char *copy = strdup(lines);
    cJSON *object = copy == NULL ? NULL : to_json(copy);
    tml_status status;

    if (object == NULL)
        status = TML_FAIL(error, TML_INTERNAL, "%s: no memory for its text", path);
    else
        status = tml_json_write(path, object, error);
    cJSON_Delete(object);
    free(copy);
    return status;
}
