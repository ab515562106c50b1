#include "mpi/stop_request.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

static const int signals[] = {SIGUSR1, SIGTERM};
enum { SIGNALS = sizeof signals / sizeof signals[0] };

static volatile sig_atomic_t is_made;

static void set_action(void handler(int), int flags)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < SIGNALS; ++i)
        sigaction(signals[i], &action, NULL);
}

/* The second signal, of either kind, meets the system's own action. */
static void note(int number)
{
    (void)number;
    is_made = 1;
    set_action(SIG_DFL, 0);
}

void tml_stop_request_watch(void)
{
    is_made = 0;
    set_action(note, SA_RESTART); /* reads and writes under way go on */
}

void tml_stop_request_unwatch(void)
{
    set_action(SIG_DFL, 0);
    is_made = 0;
}

bool tml_stop_request_is_made(void)
{
    return is_made != 0;
}
