/** @file telescopeml.c
 * The program: start MPI, run one command on all ranks, print one message if it failed, end MPI. */

#include <stdio.h>

#include "commands/commands.h"
#include "core/log.h"
#include "mpi/world.h"

int main(int argc, char **argv)
{
    tml_world world;
    tml_error error = {0, ""};
    tml_status status = tml_world_start(&argc, &argv, &world, &error);

    if (status != TML_OK) {
        fprintf(stderr, "telescopeml: %s\n", error.message);
        return (int)status;
    }
    tml_log_setup(world.rank, TML_LOG_INFO);
    status = tml_commands_run(&world, argc, argv, &error);
    /* A stop on request is no failure; its message was given when it happened. Without a message the command
     * has said itself what is wrong. */
    if (status != TML_OK && status != TML_STOPPED && error.message[0] != '\0' && world.rank == 0) {
        if (world.size > 1 && error.rank > 0)
            fprintf(stderr, "telescopeml: %s [rank %d]\n", error.message, error.rank);
        else
            fprintf(stderr, "telescopeml: %s\n", error.message);
    }
    tml_world_end(&world);
    return (int)status;
}
