/** @file test_run_directory.c
 * A run directory is made, refused, resumed or emptied with the same answer on all ranks; force removes what
 * the program wrote and nothing else; a second job is kept out, a dead one is not in the way. */
#include "io/run_directory.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/log.h"
#include "io/path.h"
#include "mpi_test.h"

static char folder[TML_PATH_LENGTH];

static void path_of(char path[TML_PATH_LENGTH], const char *name)
{
    TML_CHECK(tml_path_join(path, TML_PATH_LENGTH, folder, name));
}

static void write_file(const char *name)
{
    char path[TML_PATH_LENGTH];
    FILE *file;

    path_of(path, name);
    file = fopen(path, "w");
    TML_CHECK(file != NULL && fputs("x", file) >= 0 && fclose(file) == 0);
}

static int is_there(const char *name)
{
    char path[TML_PATH_LENGTH];
    struct stat facts;

    path_of(path, name);
    return lstat(path, &facts) == 0;
}

/* A name of its own for each scene, the same on all ranks, not there yet. */
static void new_scene(const char *name)
{
    int base = (int)getpid();

    MPI_Bcast(&base, 1, MPI_INT, 0, MPI_COMM_WORLD);
    snprintf(folder, sizeof folder, "run_directory_%d_%s", base, name);
}

static tml_status open_and_close(tml_run_start start, tml_error *error)
{
    tml_run_directory *directory = NULL;
    tml_status status = tml_run_directory_open(MPI_COMM_WORLD, folder, start, &directory, error);

    TML_CHECK((status == TML_OK) == (directory != NULL));
    if (status == TML_OK)
        TML_CHECK(strcmp(tml_run_directory_path(directory), folder) == 0);
    tml_run_directory_close(&directory);
    TML_CHECK(directory == NULL);
    MPI_Barrier(MPI_COMM_WORLD);
    return status;
}

static void remove_scene(const char *const *names)
{
    char path[TML_PATH_LENGTH];

    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank != 0)
        return;
    for (; *names != NULL; ++names) {
        path_of(path, *names);
        TML_CHECK(remove(path) == 0);
    }
    TML_CHECK(rmdir(folder) == 0);
}

static const char *const bare[] = {".lock", "checkpoints", "figures", NULL};

static void test_a_new_folder_is_made(void)
{
    tml_error error = {0};

    new_scene("new");
    TML_CHECK(open_and_close(TML_RUN_NEW, &error) == TML_OK);
    TML_CHECK(is_there("checkpoints") && is_there("figures"));
    TML_CHECK(open_and_close(TML_RUN_NEW, &error) == TML_OK); /* nothing was written into it */
    remove_scene(bare);
}

static void test_a_folder_without_parent_is_refused(void)
{
    tml_error error = {0};

    new_scene("nowhere/deeper");
    TML_CHECK(open_and_close(TML_RUN_NEW, &error) == TML_CANNOT_CREATE);
    TML_CHECK(error.rank == 0 && strstr(error.message, "mkdir -p") != NULL);
    TML_CHECK(open_and_close(TML_RUN_FORCE, &error) == TML_CANNOT_CREATE);
}

static void test_a_used_folder_is_refused_and_left_alone(void)
{
    const char *const names[] = {"notes.txt", NULL};
    tml_error error = {0};

    new_scene("used");
    if (tml_test_rank == 0) {
        TML_CHECK(mkdir(folder, 0777) == 0);
        write_file("notes.txt");
    }
    TML_CHECK(open_and_close(TML_RUN_NEW, &error) == TML_CANNOT_CREATE);
    TML_CHECK(strstr(error.message, folder) != NULL && strstr(error.message, "--resume") != NULL);
    TML_CHECK(is_there("notes.txt") && !is_there(".lock") && !is_there("checkpoints"));
    remove_scene(names);
}

static void test_a_file_in_its_place_is_refused(void)
{
    tml_error error = {0};

    new_scene("file");
    if (tml_test_rank == 0) {
        FILE *file = fopen(folder, "w");

        TML_CHECK(file != NULL && fclose(file) == 0);
    }
    TML_CHECK(open_and_close(TML_RUN_NEW, &error) == TML_CANNOT_CREATE);
    TML_CHECK(open_and_close(TML_RUN_RESUME, &error) == TML_CANNOT_CREATE);
    if (tml_test_rank == 0)
        TML_CHECK(remove(folder) == 0);
}

static void test_resume_wants_a_folder_and_changes_nothing(void)
{
    const char *const names[] = {
        "checkpoints/step-00000001.h5", "model.h5", ".lock", "checkpoints", "figures", NULL};
    tml_error error = {0};

    new_scene("resume");
    TML_CHECK(open_and_close(TML_RUN_RESUME, &error) == TML_NO_INPUT);
    TML_CHECK(strstr(error.message, "--resume") != NULL);
    TML_CHECK(open_and_close(TML_RUN_NEW, &error) == TML_OK);
    if (tml_test_rank == 0) {
        write_file("model.h5");
        write_file("checkpoints/step-00000001.h5");
    }
    MPI_Barrier(MPI_COMM_WORLD);
    TML_CHECK(open_and_close(TML_RUN_RESUME, &error) == TML_OK);
    TML_CHECK(is_there("model.h5") && is_there("checkpoints/step-00000001.h5"));
    TML_CHECK(open_and_close(TML_RUN_NEW, &error) == TML_CANNOT_CREATE);
    remove_scene(names);
}

static const char *const own[] = {"used_parameters.yml",
                                  "provenance.json",
                                  "metrics.jsonl",
                                  "history.csv",
                                  "model.h5",
                                  "results.h5",
                                  "report.json",
                                  "report.html",
                                  "evaluation.json",
                                  "evaluation_rows.csv",
                                  "predictions.csv",
                                  "predictions.json",
                                  "model.h5.partial",
                                  "checkpoints/step-00000017.h5",
                                  "checkpoints/step-00000018.h5.partial",
                                  "figures/loss.pdf",
                                  "figures/loss.svg",
                                  "figures/loss.png",
                                  NULL};

static const char *const foreign[] = {"model.h5.bak",
                                      "my_report.json",
                                      "STOP",
                                      "grid.h5",
                                      "checkpoints/best.h5",
                                      "figures/paper.tex",
                                      "figures/.hidden.png",
                                      "results.h5.partial.old",
                                      NULL};

static void test_force_removes_its_own_files_only(void)
{
    tml_error error = {0};

    new_scene("force");
    TML_CHECK(open_and_close(TML_RUN_FORCE, &error) == TML_OK);
    if (tml_test_rank == 0) {
        char path[TML_PATH_LENGTH];

        for (size_t i = 0; own[i] != NULL; ++i)
            write_file(own[i]);
        for (size_t i = 0; foreign[i] != NULL; ++i)
            write_file(foreign[i]);
        path_of(path, "report.d"); /* a folder under a name of ours */
        TML_CHECK(mkdir(path, 0777) == 0);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    TML_CHECK(open_and_close(TML_RUN_FORCE, &error) == TML_OK);
    for (size_t i = 0; own[i] != NULL; ++i)
        TML_CHECK(!is_there(own[i]));
    for (size_t i = 0; foreign[i] != NULL; ++i)
        TML_CHECK(is_there(foreign[i]));
    TML_CHECK(is_there("report.d"));
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0) {
        char path[TML_PATH_LENGTH];

        path_of(path, "report.d");
        TML_CHECK(rmdir(path) == 0);
        for (size_t i = 0; foreign[i] != NULL; ++i) {
            path_of(path, foreign[i]);
            TML_CHECK(remove(path) == 0);
        }
    }
    remove_scene(bare);
}

static void test_force_does_not_follow_a_linked_folder(void)
{
    const char *const names[] = {
        "elsewhere/precious.png", "elsewhere", "figures", "checkpoints", ".lock", NULL};
    tml_error error = {0};

    new_scene("link");
    if (tml_test_rank == 0) {
        char path[TML_PATH_LENGTH];

        TML_CHECK(mkdir(folder, 0777) == 0);
        path_of(path, "elsewhere");
        TML_CHECK(mkdir(path, 0777) == 0);
        write_file("elsewhere/precious.png");
        path_of(path, "figures");
        TML_CHECK(symlink("elsewhere", path) == 0);
    }
    TML_CHECK(open_and_close(TML_RUN_FORCE, &error) == TML_OK);
    TML_CHECK(is_there("elsewhere/precious.png"));
    remove_scene(names);
}

static void test_a_folder_that_cannot_be_written_is_refused(void)
{
    tml_run_directory *directory = NULL;
    tml_error error = {0};

    if (access("/proc/self", F_OK) != 0)
        return;
    TML_CHECK(tml_run_directory_open(MPI_COMM_WORLD, "/proc/self", TML_RUN_FORCE, &directory, &error) ==
              TML_CANNOT_CREATE);
    TML_CHECK(directory == NULL);
}

/* The last rank plays the other job. */
static void test_a_second_job_is_kept_out(void)
{
    tml_run_directory *mine = NULL;
    tml_run_directory *other = NULL;
    tml_error error = {0};

    new_scene("lock");
    TML_CHECK(tml_run_directory_open(MPI_COMM_WORLD, folder, TML_RUN_NEW, &mine, &error) == TML_OK);
    if (tml_test_rank == tml_test_size - 1 && tml_test_size > 1) {
        TML_CHECK(tml_run_directory_open(MPI_COMM_SELF, folder, TML_RUN_RESUME, &other, &error) ==
                  TML_CANNOT_CREATE);
        TML_CHECK(strstr(error.message, "another job (process ") != NULL);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    tml_run_directory_close(&mine);
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == tml_test_size - 1)
        TML_CHECK(tml_run_directory_open(MPI_COMM_SELF, folder, TML_RUN_RESUME, &other, &error) == TML_OK);
    tml_run_directory_close(&other);
    remove_scene(bare);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_WARNING);
    test_a_new_folder_is_made();
    test_a_folder_without_parent_is_refused();
    test_a_used_folder_is_refused_and_left_alone();
    test_a_file_in_its_place_is_refused();
    test_resume_wants_a_folder_and_changes_nothing();
    test_force_removes_its_own_files_only();
    test_force_does_not_follow_a_linked_folder();
    test_a_folder_that_cannot_be_written_is_refused();
    test_a_second_job_is_kept_out();
    return tml_test_finish();
}
