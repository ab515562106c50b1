#include "training/trainer_private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"
#include "mpi/agree.h"
#include "mpi/stop_request.h"

/* Looking for a file is a question to a file system that many share. */
static const double stop_file_seconds = 2.0;

/* Rank 0: the time that is left is needed for the checkpoint, with as much again to spare, and for the step.
 */
static bool is_time_up(const tml_trainer *trainer, double now)
{
    double limit = trainer->job->time_limit_s;

    return limit > 0.0 &&
           now - trainer->started + 2.0 * trainer->save_seconds + 2.0 * trainer->step_seconds >= limit;
}

static bool has_stop_file(tml_trainer *trainer, double now)
{
    char path[TML_PATH_LENGTH];

    if (now - trainer->last_stop_look < stop_file_seconds)
        return false;
    trainer->last_stop_look = now;
    tml_trainer_path(trainer, TML_STOP_FILE, path);
    return access(path, F_OK) == 0;
}

void tml_trainer_wish(tml_trainer *trainer)
{
    double now = tml_clock_now();

    if (tml_stop_request_is_made())
        tml_step_report_wish(&trainer->report, TML_WISH_SIGNAL);
    if (trainer->world->rank != 0)
        return;
    if (now - trainer->last_save >= trainer->settings->checkpoint_seconds)
        tml_step_report_wish(&trainer->report, TML_WISH_SAVE);
    if (has_stop_file(trainer, now))
        tml_step_report_wish(&trainer->report, TML_WISH_STOP_FILE);
    if (is_time_up(trainer, now))
        tml_step_report_wish(&trainer->report, TML_WISH_TIME_LIMIT);
}

static const char *stop_reason(const tml_trainer *trainer)
{
    if (tml_step_report_is_wished(&trainer->report, TML_WISH_SIGNAL))
        return "signal";
    if (tml_step_report_is_wished(&trainer->report, TML_WISH_STOP_FILE))
        return "stop_file";
    if (tml_step_report_is_wished(&trainer->report, TML_WISH_TIME_LIMIT))
        return "time_limit";
    return NULL;
}

/* The file has been heard: it must not stop the next job as well. */
static tml_status remove_stop_file(const tml_trainer *trainer, tml_error *error)
{
    char path[TML_PATH_LENGTH];

    tml_trainer_path(trainer, TML_STOP_FILE, path);
    if (unlink(path) != 0 && errno != ENOENT)
        return TML_FAIL(error, TML_IO_ERROR, "%s: cannot be removed: %s; remove it before --resume", path,
                        strerror(errno));
    return TML_OK;
}

const char *tml_trainer_urgent_wish(const tml_trainer *trainer)
{
    if (tml_stop_request_is_made())
        return "signal";
    return trainer->world->rank == 0 && is_time_up(trainer, tml_clock_now()) ? "time_limit" : NULL;
}

tml_status tml_trainer_stop(tml_trainer *trainer, const char *reason, const char **stopped_by,
                            tml_error *error)
{
    tml_status status = tml_trainer_save(trainer, error);

    if (status != TML_OK)
        return status;
    if (trainer->world->rank == 0)
        status = remove_stop_file(trainer, error);
    status = tml_agree(trainer->world->comm, status, error);
    if (status != TML_OK)
        return status;
    *stopped_by = reason;
    return TML_FAIL(error, TML_STOPPED,
                    "stopped on request (%s) after step %lld with a checkpoint: go on with --resume", reason,
                    (long long)trainer->now.step);
}

tml_status tml_trainer_obey(tml_trainer *trainer, const char **stopped_by, tml_error *error)
{
    const char *reason = stop_reason(trainer);

    if (reason != NULL)
        return tml_trainer_stop(trainer, reason, stopped_by, error);
    if (tml_step_report_is_wished(&trainer->report, TML_WISH_SAVE))
        return tml_trainer_save(trainer, error);
    return TML_OK;
}
