#include "mpi/watchdog.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "mpi/agree.h"

enum { MOST_NAMED = 8, TEXT = 1024, ABORT_SECONDS = 10 };

static const double longest_tick = 1.0;  /* seconds between two looks */
static const double grace_seconds = 5.0; /* for whoever knows more */

/* What the ranks of a node see of each other. MPI aligns it for whole numbers, no more; about a cache line
 * each. */
typedef struct slot {
    atomic_ullong beats;
    atomic_ullong ticks; /* of the thread that watches: it stands still when the process does */
    atomic_int phase;
    int rank;
    char padding[40];
} slot;

static struct {
    bool runs;
    double limit;
    const char *host;
    MPI_Comm node;
    MPI_Win window;
    slot *slots; /* [size] of the node's ranks */
    int me, size;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool is_over; /* under the lock */
} dog = {.lock = PTHREAD_MUTEX_INITIALIZER};

const char *tml_phase_name(tml_phase phase)
{
    static const char *const names[TML_PHASES] = {"starting", "reading", "fetching spectra", "computing",
                                                  "reducing", "saving",  "validating"};

    return phase < TML_PHASES ? names[phase] : "unknown";
}

void tml_watchdog_beat(tml_phase phase)
{
    if (!dog.runs)
        return;
    atomic_store(&dog.slots[dog.me].phase, (int)phase);
    atomic_fetch_add(&dog.slots[dog.me].beats, 1);
}

/* Sleeps for a tick. @return false when the watch is over */
static bool sleep_for(double seconds)
{
    struct timespec until;
    bool goes_on;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)(seconds * 1e9) % 1000000000L;
    until.tv_sec += (time_t)seconds + until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&dog.lock);
    while (!dog.is_over && pthread_cond_timedwait(&dog.wake, &dog.lock, &until) == 0)
        continue;
    goes_on = !dog.is_over;
    pthread_mutex_unlock(&dog.lock);
    return goes_on;
}

/* Which ranks of the node do not tick: looked at twice, some ticks apart. */
static void find_stopped(bool *stopped, unsigned long long *before, double tick)
{
    for (int i = 0; i < dog.size; ++i)
        before[i] = atomic_load(&dog.slots[i].ticks);
    for (int t = 0; t < 3; ++t) {
        struct timespec pause = {(time_t)tick, (long)((tick - (double)(time_t)tick) * 1e9)};

        nanosleep(&pause, NULL);
        atomic_fetch_add(&dog.slots[dog.me].ticks, 1);
    }
    for (int i = 0; i < dog.size; ++i)
        stopped[i] = atomic_load(&dog.slots[i].ticks) == before[i];
}

/* The ranks to blame, as text. @return how many there are; 0: nobody of this node */
static int blame(const bool *stopped, char *text, size_t room)
{
    unsigned long long least = ~0ULL;
    unsigned long long most = 0;
    size_t length = 0;
    int any_stopped = 0;
    int named = 0;

    for (int i = 0; i < dog.size; ++i) {
        unsigned long long beats = atomic_load(&dog.slots[i].beats);

        least = beats < least ? beats : least;
        most = beats > most ? beats : most;
        any_stopped += stopped[i] ? 1 : 0;
    }
    text[0] = '\0';
    for (int i = 0; i < dog.size; ++i) {
        bool is_behind = least < most && atomic_load(&dog.slots[i].beats) == least;

        if (any_stopped > 0 ? !stopped[i] : !is_behind)
            continue;
        if (named++ < MOST_NAMED && length < room)
            length += (size_t)snprintf(text + length, room - length, "%srank %d on %s (%s, %s)",
                                       named > 1 ? ", " : "", dog.slots[i].rank, dog.host,
                                       tml_phase_name((tml_phase)atomic_load(&dog.slots[i].phase)),
                                       stopped[i] ? "its process does not run" : "behind the others");
    }
    return named;
}

static void end_job(const char *who)
{
    fprintf(stderr,
            "telescopeml: no progress for %g s (run.stall_seconds): %s; all ranks end; go on from the last "
            "checkpoint with --resume\n",
            dog.limit, who);
    fflush(stderr);
    signal(SIGALRM, SIG_DFL);
    alarm(ABORT_SECONDS); /* an MPI that stands still may not even be able to abort */
    MPI_Abort(MPI_COMM_WORLD, TML_INTERNAL);
    _Exit(TML_INTERNAL);
}

/* Says who stands still and ends the job. The first rank of the node that still runs speaks, and only if
 * nobody else does the others. @return only if there is progress again */
static void raise_alarm(unsigned long long beats, double tick)
{
    bool *stopped = calloc((size_t)dog.size, sizeof *stopped);
    unsigned long long *before = calloc((size_t)dog.size, sizeof *before);
    char who[TEXT] = "";
    int speaker = 0;
    int named = 0;

    if (stopped != NULL && before != NULL) {
        find_stopped(stopped, before, tick);
        named = blame(stopped, who, sizeof who);
        while (speaker < dog.me && stopped[speaker])
            ++speaker;
    }
    free(stopped);
    free(before);
    for (double waited = 0.0; (named == 0 || speaker != dog.me) && waited < grace_seconds; waited += tick) {
        if (!sleep_for(tick))
            return;
        atomic_fetch_add(&dog.slots[dog.me].ticks, 1);
    }
    if (atomic_load(&dog.slots[dog.me].beats) != beats)
        return;
    if (named == 0)
        snprintf(who, sizeof who, "rank %d on %s waits (%s), and no rank of this node is behind it",
                 dog.slots[dog.me].rank, dog.host,
                 tml_phase_name((tml_phase)atomic_load(&dog.slots[dog.me].phase)));
    end_job(who);
}

static void *watch(void *unused)
{
    double tick = dog.limit / 4.0 < longest_tick ? dog.limit / 4.0 : longest_tick;
    unsigned long long beats = 0;
    double idle = 0.0;
    double last = tml_clock_now();

    while (sleep_for(tick)) {
        unsigned long long beats_now = atomic_load(&dog.slots[dog.me].beats);
        double now = tml_clock_now();

        atomic_fetch_add(&dog.slots[dog.me].ticks, 1);
        /* A process that was suspended finds that more time has passed than it has slept. */
        idle = beats_now != beats ? 0.0 : idle + (now - last < 2.0 * tick ? now - last : 2.0 * tick);
        beats = beats_now;
        last = now;
        if (idle < dog.limit)
            continue;
        raise_alarm(beats, tick);
        idle = 0.0;
        last = tml_clock_now();
    }
    return unused;
}

static tml_status share_slots(const tml_world *world, tml_error *error)
{
    MPI_Aint bytes = sizeof(slot);
    slot *mine = NULL;
    int unit = 0;
    tml_status status;

    status = tml_mpi_check(
        MPI_Comm_split_type(world->comm, MPI_COMM_TYPE_SHARED, world->rank, MPI_INFO_NULL, &dog.node),
        "finding the ranks of a node", error);
    if (status != TML_OK)
        return status;
    MPI_Comm_rank(dog.node, &dog.me);
    MPI_Comm_size(dog.node, &dog.size);
    status = tml_mpi_check(
        MPI_Win_allocate_shared(bytes, (int)sizeof(slot), MPI_INFO_NULL, dog.node, &mine, &dog.window),
        "sharing memory for the watchdog", error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Win_shared_query(dog.window, 0, &bytes, &unit, &dog.slots),
                               "finding the memory of the watchdog", error);
    if (status != TML_OK)
        return status;
    memset(mine, 0, sizeof *mine);
    mine->rank = world->rank;
    return tml_mpi_check(MPI_Barrier(dog.node), "starting the watchdog", error);
}

/* Signals are for the thread that works. */
static tml_status start_thread(tml_error *error)
{
    pthread_condattr_t attributes;
    sigset_t all;
    sigset_t before;
    int result;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&dog.wake, &attributes);
    pthread_condattr_destroy(&attributes);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    result = pthread_create(&dog.thread, NULL, watch, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (result == 0)
        return TML_OK;
    return TML_FAIL(error, TML_INTERNAL, "the watchdog cannot start a thread: %s; set run.stall_seconds to 0",
                    strerror(result));
}

tml_status tml_watchdog_start(const tml_world *world, double seconds, tml_error *error)
{
    tml_status status;

    if (seconds <= 0.0)
        return TML_OK;
    dog.limit = seconds;
    dog.host = world->host;
    dog.is_over = false;
    dog.node = MPI_COMM_NULL;
    dog.window = MPI_WIN_NULL;
    status = share_slots(world, error);
    if (status == TML_OK)
        status = start_thread(error);
    dog.runs = status == TML_OK;
    status = tml_agree(world->comm, status, error);
    if (status != TML_OK)
        tml_watchdog_end();
    return status;
}

void tml_watchdog_end(void)
{
    if (dog.runs) {
        pthread_mutex_lock(&dog.lock);
        dog.is_over = true;
        pthread_cond_signal(&dog.wake);
        pthread_mutex_unlock(&dog.lock);
        pthread_join(dog.thread, NULL);
        pthread_cond_destroy(&dog.wake);
    }
    dog.runs = false;
    if (dog.slots != NULL) {
        MPI_Win_free(&dog.window);
        MPI_Comm_free(&dog.node);
        dog.slots = NULL;
    }
}
