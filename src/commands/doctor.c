#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/doctor_facts.h"
#include "core/build_info.h"
#include "core/text.h"
#include "io/envelope.h"
#include "mpi/agree.h"

static const char *const severity_names[] = {"advice", "warning", "error"};

/* ---- JSON ---- */

static cJSON *text_or_null(const char *text)
{
    return text[0] != '\0' ? cJSON_CreateString(text) : cJSON_CreateNull();
}

static cJSON *number_or_null(double value)
{
    return value > 0.0 ? tml_json_number(value) : cJSON_CreateNull();
}

static cJSON *build_json(void)
{
    const tml_build_info *build = tml_build_info_get();
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "version", build->version);
    cJSON_AddStringToObject(json, "revision", build->revision);
    cJSON_AddStringToObject(json, "compiler", build->compiler);
    cJSON_AddStringToObject(json, "flags", build->flags);
    cJSON_AddStringToObject(json, "build_type", build->build_type);
    return json;
}

static cJSON *libraries_json(const tml_doctor_facts *facts)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "mpi", facts->mpi);
    cJSON_AddStringToObject(json, "mpi_thread_level", facts->mpi_thread_level);
    cJSON_AddStringToObject(json, "hdf5", facts->files.hdf5);
    cJSON_AddBoolToObject(json, "hdf5_is_parallel", facts->files.has_parallel_hdf5);
    cJSON_AddStringToObject(json, "blis", facts->blis);
    cJSON_AddStringToObject(json, "plplot", facts->plplot);
    cJSON_AddStringToObject(json, "plplot_drivers", facts->drivers);
    cJSON_AddStringToObject(json, "gsl", facts->gsl);
    cJSON_AddStringToObject(json, "cfitsio", facts->files.cfitsio);
    cJSON_AddStringToObject(json, "hwloc", facts->machine.hwloc);
    return json;
}

static cJSON *machine_json(const tml_world *world, const tml_doctor_machine *m)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "host", world->host);
    cJSON_AddItemToObject(json, "processor", text_or_null(m->processor));
    cJSON_AddNumberToObject(json, "packages", m->packages);
    cJSON_AddNumberToObject(json, "numa_nodes", m->numa_nodes);
    cJSON_AddNumberToObject(json, "cores", m->cores);
    cJSON_AddNumberToObject(json, "hardware_threads", m->hardware_threads);
    cJSON_AddItemToObject(json, "l1_bytes", number_or_null((double)m->cache[0]));
    cJSON_AddItemToObject(json, "l2_bytes", number_or_null((double)m->cache[1]));
    cJSON_AddItemToObject(json, "l3_bytes", number_or_null((double)m->cache[2]));
    cJSON_AddItemToObject(json, "memory_bytes", number_or_null((double)m->memory));
    cJSON_AddItemToObject(json, "memory_available_bytes", number_or_null((double)m->memory_available));
    cJSON_AddItemToObject(json, "processor_quota", number_or_null(m->processor_quota));
    cJSON_AddItemToObject(json, "huge_pages", text_or_null(m->huge_pages));
    cJSON_AddNumberToObject(json, "shared_memory_free_bytes", (double)m->shared_memory_free);
    cJSON_AddItemToObject(json, "file_system", text_or_null(m->file_system));
    cJSON_AddNumberToObject(json, "disk_free_bytes", (double)m->disk_free);
    return json;
}

static cJSON *job_json(const tml_placement *p)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddNumberToObject(json, "ranks", p->ranks);
    cJSON_AddNumberToObject(json, "nodes", p->nodes);
    cJSON_AddNumberToObject(json, "most_ranks_of_a_node", p->most_ranks);
    cJSON_AddNumberToObject(json, "threads", p->threads);
    cJSON_AddBoolToObject(json, "is_bound", p->is_bound);
    cJSON_AddNumberToObject(json, "least_usable_threads", p->least_cores);
    cJSON_AddItemToObject(json, "crowding", number_or_null(p->crowding));
    cJSON_AddItemToObject(json, "launcher_ranks",
                          p->launcher_ranks > 0 ? cJSON_CreateNumber(p->launcher_ranks) : cJSON_CreateNull());
    return json;
}

static cJSON *problems_json(const tml_doctor_problems *problems)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < problems->count; ++i) {
        const tml_doctor_problem *problem = &problems->problem[i];
        cJSON *json = cJSON_CreateObject();

        cJSON_AddStringToObject(json, "severity", severity_names[problem->severity]);
        cJSON_AddStringToObject(json, "code", problem->code);
        cJSON_AddStringToObject(json, "text", problem->text);
        cJSON_AddStringToObject(json, "cure", problem->cure);
        cJSON_AddItemToArray(list, json);
    }
    return list;
}

static tml_status print_json(const tml_world *world, const tml_doctor_facts *facts,
                             const tml_doctor_problems *problems, tml_status verdict, tml_error *error)
{
    cJSON *result = cJSON_CreateObject();
    cJSON *document;
    tml_status status;

    cJSON_AddItemToObject(result, "build", build_json());
    cJSON_AddItemToObject(result, "libraries", libraries_json(facts));
    cJSON_AddItemToObject(result, "machine", machine_json(world, &facts->machine));
    cJSON_AddItemToObject(result, "job", job_json(&facts->placement));
    cJSON_AddItemToObject(result, "problems", problems_json(problems));
    document = tml_envelope_create("telescopeml.doctor/1", verdict, result);
    status = tml_json_print(document, 0, error);
    cJSON_Delete(document);
    return status;
}

/* ---- table ---- */

static void print_sizes(const tml_doctor_machine *m)
{
    char text[4][32];

    for (int i = 0; i < 3; ++i)
        tml_text_bytes((double)m->cache[i], text[i]);
    printf("%-12s L1 %s, L2 %s, L3 %s\n", "caches", text[0], text[1], text[2]);
    tml_text_bytes((double)m->memory, text[0]);
    tml_text_bytes((double)m->memory_available, text[1]);
    tml_text_bytes((double)m->shared_memory_free, text[2]);
    tml_text_bytes((double)m->disk_free, text[3]);
    printf("%-12s %s, %s available; huge pages %s; %s free in /dev/shm\n", "memory", text[0], text[1],
           m->huge_pages[0] != '\0' ? m->huge_pages : "unknown", text[2]);
    printf("%-12s %s, %s free%s\n", "folder", m->file_system[0] != '\0' ? m->file_system : "unknown", text[3],
           m->is_folder_writable ? "" : ", not writable");
}

static void print_facts(const tml_world *world, const tml_doctor_facts *facts)
{
    const tml_build_info *build = tml_build_info_get();
    const tml_doctor_machine *m = &facts->machine;
    const tml_placement *p = &facts->placement;

    printf("%-12s telescopeml %s (%s), %s, %s\n", "build", build->version, build->revision, build->compiler,
           build->build_type);
    printf("%-12s %s, thread level %s\n", "MPI", facts->mpi, facts->mpi_thread_level);
    printf("%-12s %s, %s; CFITSIO %s\n", "HDF5", facts->files.hdf5,
           facts->files.has_parallel_hdf5 ? "parallel" : "serial", facts->files.cfitsio);
    printf("%-12s %s\n", "BLIS", facts->blis);
    printf("%-12s %s, drivers: %s\n", "PLplot", facts->plplot, facts->drivers);
    printf("%-12s GSL %s, hwloc %s\n", "others", facts->gsl, m->hwloc);
    printf("%-12s %s: %s; %d package%s, %d NUMA node%s, %d cores, %d hardware threads\n", "machine",
           world->host, m->processor[0] != '\0' ? m->processor : "unknown processor", m->packages,
           m->packages == 1 ? "" : "s", m->numa_nodes, m->numa_nodes == 1 ? "" : "s", m->cores,
           m->hardware_threads);
    print_sizes(m);
    printf("%-12s %d rank%s of %d thread%s on %d node%s, %s; the tightest may use %d hardware thread%s\n",
           "job", p->ranks, p->ranks == 1 ? "" : "s", p->threads, p->threads == 1 ? "" : "s", p->nodes,
           p->nodes == 1 ? "" : "s", p->is_bound ? "bound" : "not bound", p->least_cores,
           p->least_cores == 1 ? "" : "s");
}

static tml_status print_table(const tml_world *world, const tml_doctor_facts *facts,
                              const tml_doctor_problems *problems, tml_error *error)
{
    print_facts(world, facts);
    printf("\n");
    for (size_t i = 0; i < problems->count; ++i) {
        const tml_doctor_problem *problem = &problems->problem[i];

        printf("%-12s %s\n%-12s cure: %s\n", severity_names[problem->severity], problem->text, "",
               problem->cure);
    }
    if (problems->count == 0)
        printf("nothing is wrong\n");
    if (fflush(stdout) != 0 || ferror(stdout))
        return TML_FAIL(error, TML_IO_ERROR, "standard output cannot be written");
    return TML_OK;
}

/* ---- the command ---- */

/* The worst problem decides: an error makes the exit code 70. */
static tml_status judge(const tml_doctor_problems *problems)
{
    bool is_hopeless = problems->count > 0 && problems->problem[0].severity == TML_DOCTOR_ERROR;

    return is_hopeless ? TML_INTERNAL : TML_OK;
}

static tml_status show(const tml_world *world, bool wants_json, const tml_doctor_facts *facts,
                       tml_error *error)
{
    tml_doctor_problems problems;
    tml_status verdict;
    tml_status status;

    tml_doctor_examine(facts, &problems);
    verdict = judge(&problems);
    status = wants_json ? print_json(world, facts, &problems, verdict, error)
                        : print_table(world, facts, &problems, error);
    return status != TML_OK ? status : verdict;
}

tml_status tml_command_doctor(const tml_world *world, int argc, char **argv, tml_error *error)
{
    const tml_command_usage usage = {
        .name = "doctor",
        .synopsis = "[options]",
        .summary = "What this build, this machine and this job have, what is wrong with them, and the cure. "
                   "Start it\n"
                   "as a training would be started - with the same mpirun or srun and the same --threads - "
                   "from the\n"
                   "folder in which runs will be written. Exit code 0: it will work; 70: it will not.",
        .has_threads = true,
        .examples = "  telescopeml doctor\n"
                    "  mpirun -np 2 --bind-to core telescopeml doctor --threads 1",
    };
    tml_common_options common;
    tml_doctor_facts facts;
    bool help_shown;
    tml_status status = tml_command_parse(world, &usage, argc, argv, &common, NULL, NULL, &help_shown, error);

    if (status != TML_OK || help_shown)
        return status;
    status = tml_doctor_gather(world, common.has_threads ? (int)common.threads : 1, &facts, error);
    if (status != TML_OK)
        return status;
    if (world->rank == 0)
        status = show(world, common.json, &facts, error);
    return tml_agree(world->comm, status, error);
}
