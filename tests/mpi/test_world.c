/** @file test_world.c
 * Texts go from rank 0 to all, whatever their length; the world knows its ranks and nodes. */
#include "mpi/world.h"

#include <string.h>

#include "mpi_test.h"

/* Send `sent` (of rank 0) to all; the others start with rubbish that must not be read or freed. */
static void check_sharing(const char *sent)
{
    tml_error error = {0, "as before"};
    char rubbish[] = "rubbish";
    char *text = rubbish;

    if (tml_test_rank == 0) {
        text = sent != NULL ? malloc(strlen(sent) + 1) : NULL;
        if (text != NULL)
            strcpy(text, sent);
    }
    TML_CHECK(tml_share_text(MPI_COMM_WORLD, &text, &error) == TML_OK);
    TML_CHECK((text == NULL) == (sent == NULL));
    TML_CHECK(text != rubbish);
    if (text != NULL && sent != NULL)
        TML_CHECK(strcmp(text, sent) == 0);
    TML_CHECK(strcmp(error.message, "as before") == 0);
    if (text != rubbish)
        free(text);
}

static void test_a_text_reaches_all_ranks(void)
{
    check_sharing("run: {seed: 1}\n");
}

static void test_no_text_stays_no_text(void)
{
    check_sharing(NULL);
}

static void test_an_empty_text_stays_empty(void)
{
    check_sharing("");
}

static void test_a_long_text_reaches_all_ranks(void)
{
    const size_t length = ((size_t)1 << 20) + 1;
    char *text = malloc(length + 1);

    TML_CHECK(text != NULL);
    if (text == NULL)
        return;
    for (size_t i = 0; i < length; ++i)
        text[i] = (char)('a' + i % 26);
    text[length] = '\0';
    check_sharing(text);
    free(text);
}

static void test_the_world_knows_its_ranks(const tml_world *world)
{
    int result = MPI_UNEQUAL;
    int rank = -1;

    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_compare(world->comm, MPI_COMM_WORLD, &result);
    TML_CHECK(result == MPI_CONGRUENT); /* the same ranks, messages of its own */
    TML_CHECK(world->rank == rank);
    TML_CHECK(world->size == tml_test_size);
    TML_CHECK(world->nodes >= 1 && world->nodes <= world->size);
    TML_CHECK(strlen(world->host) > 0);
}

/* A failed MPI call must end the job rather than leave one rank behind: a handler of our own, which
 * duplicates of the communicator inherit. */
static void check_handler(MPI_Comm comm)
{
    MPI_Errhandler handler = MPI_ERRHANDLER_NULL;

    TML_CHECK(MPI_Comm_get_errhandler(comm, &handler) == MPI_SUCCESS);
    TML_CHECK(handler != MPI_ERRORS_RETURN && handler != MPI_ERRHANDLER_NULL);
    if (handler != MPI_ERRHANDLER_NULL)
        MPI_Errhandler_free(&handler);
}

static void test_a_failed_mpi_call_would_end_the_job(const tml_world *world)
{
    MPI_Comm copy;

    check_handler(world->comm);
    TML_CHECK(MPI_Comm_dup(world->comm, &copy) == MPI_SUCCESS);
    check_handler(copy);
    MPI_Comm_free(&copy);
}

int main(int argc, char **argv)
{
    tml_world world;
    tml_error error = {0, ""};
    int all = 0;

    alarm(50);
    if (tml_world_start(&argc, &argv, &world, &error) != TML_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    tml_test_rank = world.rank;
    tml_test_size = world.size;
    test_the_world_knows_its_ranks(&world);
    test_a_failed_mpi_call_would_end_the_job(&world);
    test_a_text_reaches_all_ranks();
    test_no_text_stays_no_text();
    test_an_empty_text_stays_empty();
    test_a_long_text_reaches_all_ranks();
    MPI_Allreduce(&tml_test_failures, &all, 1, MPI_INT, MPI_SUM, world.comm);
    tml_world_end(&world);
    TML_CHECK(world.comm == MPI_COMM_NULL);
    return all + tml_test_failures != 0;
}
