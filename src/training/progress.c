#include "training/progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"

static const double log_seconds = 30.0;
static const double redraw_seconds = 0.2;

void tml_progress_begin(tml_progress *progress, bool is_on, int64_t epochs, int64_t first_epoch)
{
    memset(progress, 0, sizeof *progress);
    progress->is_on = is_on;
    progress->is_terminal = isatty(STDERR_FILENO) == 1;
    progress->epochs = epochs;
    progress->first_epoch = first_epoch;
    progress->last_epoch_shown = -1;
    progress->started = tml_clock_now();
    progress->last_shown = progress->started;
}

double tml_progress_rate(const tml_progress *progress)
{
    double elapsed = tml_clock_now() - progress->started;

    return elapsed > 0 ? progress->samples / elapsed : 0.0;
}

void tml_progress_step(tml_progress *progress, int64_t epoch, uint64_t step, uint64_t steps, uint64_t samples)
{
    double now = tml_clock_now();

    progress->samples += (double)samples;
    if (!progress->is_on || !progress->is_terminal || now - progress->last_shown < redraw_seconds)
        return;
    progress->last_shown = now;
    fprintf(stderr, "\r\033[Kepoch %lld/%lld | step %llu/%llu | %.0f spectra/s", (long long)(epoch + 1),
            (long long)progress->epochs, (unsigned long long)(step + 1), (unsigned long long)steps,
            tml_progress_rate(progress));
    fflush(stderr);
}

static bool is_due(const tml_progress *progress, int64_t epoch, double now)
{
    int64_t stride = progress->epochs / 20 > 0 ? progress->epochs / 20 : 1;

    return progress->is_terminal || progress->last_epoch_shown < 0 ||
           epoch - progress->last_epoch_shown >= stride || now - progress->last_shown >= log_seconds;
}

void tml_progress_epoch_done(tml_progress *progress, const tml_progress_epoch *epoch)
{
    double now = tml_clock_now();
    double done = (double)(epoch->epoch + 1 - progress->first_epoch);
    char left[TML_CLOCK_TEXT];
    char validation[64] = "";

    if (!progress->is_on || !is_due(progress, epoch->epoch, now))
        return;
    progress->last_shown = now;
    progress->last_epoch_shown = epoch->epoch;
    tml_clock_duration((now - progress->started) / done * (double)(progress->epochs - epoch->epoch - 1),
                       left);
    if (!isnan(epoch->validation_loss))
        snprintf(validation, sizeof validation, " | validation %.3e", epoch->validation_loss);
    fprintf(
        stderr, "%sepoch %lld/%lld | train %.3e%s | best %.3e @ %lld | %.0f spectra/s | at most %s left%s",
        progress->is_terminal ? "\r\033[K" : "", (long long)(epoch->epoch + 1), (long long)progress->epochs,
        epoch->train_loss, validation, epoch->best_loss, (long long)(epoch->best_epoch + 1),
        tml_progress_rate(progress), left, progress->is_terminal ? "" : "\n");
    fflush(stderr);
}

void tml_progress_end(tml_progress *progress)
{
    if (progress->is_on && progress->is_terminal && progress->last_epoch_shown >= 0)
        fputc('\n', stderr);
}
