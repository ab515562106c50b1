#include "mpi/stop_request.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

static const int signals[] = {SIGUSR1, SIGTERM};
enum { SIGNALS = sizeof signals / sizeof signals[0] };

static volatile sig_atomic_t is_made;

static void note(int number)
{
    (void)number;
    is_made = 1;
}

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

void tml_stop_request_watch(void)
{
    is_made = 0;
    /* The second signal meets the system's own action; reads and writes under way go on after the first. */
    set_action(note, (int)(SA_RESTART | SA_RESETHAND));
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
