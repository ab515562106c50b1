#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <hwloc.h>

#include "commands/doctor_facts.h"

/* Numbers of file systems (statfs(2), linux/magic.h) that somebody may work on. */
static const struct {
    unsigned long number;
    const char *name;
} file_systems[] = {
    {0xEF53, "ext4"},      {0x58465342, "xfs"},       {0x9123683E, "btrfs"},  {0x2FC12FC1, "zfs"},
    {0x01021994, "tmpfs"}, {0x794C7630, "overlayfs"}, {0x6969, "nfs"},        {0x0BD00BD0, "lustre"},
    {0x47504653, "gpfs"},  {0x00C36400, "ceph"},      {0x19830326, "beegfs"}, {0x65735546, "fuse"},
    {0x01021997, "9p"},    {0xFE534D42, "smb"},
};

static void look_at_folder(tml_doctor_machine *machine)
{
    struct statfs found;

    machine->is_folder_writable = access(".", W_OK) == 0;
    if (statfs(".", &found) != 0)
        return;
    machine->disk_free = (uint64_t)found.f_bavail * (uint64_t)found.f_bsize;
    snprintf(machine->file_system, sizeof machine->file_system, "0x%lx", (unsigned long)found.f_type);
    for (size_t i = 0; i < sizeof file_systems / sizeof file_systems[0]; ++i)
        if (file_systems[i].number == ((unsigned long)found.f_type & 0xFFFFFFFFUL))
            snprintf(machine->file_system, sizeof machine->file_system, "%s", file_systems[i].name);
}

/* The first line of a small file of the system; "" if it cannot be read. */
static void read_line(const char *path, char *line, size_t room)
{
    FILE *file = fopen(path, "re");

    line[0] = '\0';
    if (file == NULL)
        return;
    if (fgets(line, (int)room, file) == NULL)
        line[0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    fclose(file);
}

/* The word in brackets of "always [madvise] never". */
static void look_at_huge_pages(tml_doctor_machine *machine)
{
    char line[TML_DOCTOR_TEXT];
    const char *open;

    read_line("/sys/kernel/mm/transparent_hugepage/enabled", line, sizeof line);
    open = strchr(line, '[');
    if (open != NULL)
        snprintf(machine->huge_pages, sizeof machine->huge_pages, "%.*s", (int)strcspn(open + 1, "]"),
                 open + 1);
}

/* The limit of a container: "QUOTA PERIOD" in microseconds, or "max PERIOD". */
static void look_at_quota(tml_doctor_machine *machine)
{
    char line[TML_DOCTOR_TEXT];
    double quota;
    double period;

    read_line("/sys/fs/cgroup/cpu.max", line, sizeof line);
    if (sscanf(line, "%lf %lf", &quota, &period) == 2 && period > 0.0)
        machine->processor_quota = quota / period;
}

static void look_at_memory(tml_doctor_machine *machine)
{
    struct statfs found;
    char line[TML_DOCTOR_TEXT];
    unsigned long long kilobytes;
    FILE *file = fopen("/proc/meminfo", "re");

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "MemTotal: %llu kB", &kilobytes) == 1)
            machine->memory = (uint64_t)kilobytes * 1024U;
        if (sscanf(line, "MemAvailable: %llu kB", &kilobytes) == 1)
            machine->memory_available = (uint64_t)kilobytes * 1024U;
    }
    if (file != NULL)
        fclose(file);
    if (statfs("/dev/shm", &found) == 0)
        machine->shared_memory_free = (uint64_t)found.f_bavail * (uint64_t)found.f_bsize;
}

static uint64_t cache_size(hwloc_topology_t topology, hwloc_obj_type_t level)
{
    hwloc_obj_t cache = hwloc_get_obj_by_type(topology, level, 0);

    return cache != NULL ? cache->attr->cache.size : 0;
}

static void look_at_hardware(tml_doctor_machine *machine)
{
    static const hwloc_obj_type_t levels[] = {HWLOC_OBJ_L1CACHE, HWLOC_OBJ_L2CACHE, HWLOC_OBJ_L3CACHE};
    unsigned version = hwloc_get_api_version();
    hwloc_topology_t topology;
    hwloc_obj_t package;
    const char *model;

    snprintf(machine->hwloc, sizeof machine->hwloc, "%u.%u.%u", version >> 16, version >> 8 & 0xFFU,
             version & 0xFFU);
    if (hwloc_topology_init(&topology) != 0)
        return;
    if (hwloc_topology_load(topology) == 0) {
        machine->packages = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PACKAGE);
        machine->numa_nodes = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE);
        machine->cores = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE);
        machine->hardware_threads = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);
        for (size_t i = 0; i < sizeof levels / sizeof levels[0]; ++i)
            machine->cache[i] = cache_size(topology, levels[i]);
        package = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PACKAGE, 0);
        model = package != NULL ? hwloc_obj_get_info_by_name(package, "CPUModel") : NULL;
        snprintf(machine->processor, sizeof machine->processor, "%s", model != NULL ? model : "");
    }
    hwloc_topology_destroy(topology);
}

void tml_doctor_look_at_machine(tml_doctor_machine *machine)
{
    memset(machine, 0, sizeof *machine);
    look_at_hardware(machine);
    look_at_memory(machine);
    look_at_quota(machine);
    look_at_huge_pages(machine);
    look_at_folder(machine);
}
