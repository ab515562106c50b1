#include "commands/progress_line.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"

static const double seconds_on_terminal = 0.2;
static const double seconds_in_log = 2.0;

void tml_progress_line_begin(tml_progress_line *line, bool is_on, const char *noun, uint64_t total)
{
    memset(line, 0, sizeof *line);
    line->is_on = is_on && total > 0;
    line->is_terminal = isatty(STDERR_FILENO) == 1;
    line->noun = noun;
    line->total = total;
    line->started = tml_clock_now();
    line->shown = line->started;
}

void tml_progress_line_update(tml_progress_line *line, uint64_t done)
{
    const double now = line->is_on ? tml_clock_now() : 0.0;
    const double seconds = now - line->started;
    const uint64_t tenth = line->is_on ? (uint64_t)(10.0 * (double)done / (double)line->total) : 0;
    char left[TML_CLOCK_TEXT];
    double rate;

    if (!line->is_on || done == 0 || !(seconds > 0.0))
        return;
    if (now - line->shown < (line->is_terminal ? seconds_on_terminal : seconds_in_log))
        return;
    if (!line->is_terminal && tenth == line->tenth)
        return;
    line->shown = now;
    line->tenth = tenth;
    rate = (double)done / seconds;
    tml_clock_duration((double)(line->total - done) / rate, left);
    fprintf(stderr, "%s%llu of %llu %s | %.0f %% | %.0f %s/s | %s left%s", line->is_terminal ? "\r" : "",
            (unsigned long long)done, (unsigned long long)line->total, line->noun,
            100.0 * (double)done / (double)line->total, rate, line->noun, left,
            line->is_terminal ? "\033[K" : "\n");
    fflush(stderr);
}

void tml_progress_line_end(tml_progress_line *line)
{
    if (line->is_on && line->is_terminal)
        fputs("\r\033[K", stderr);
    line->is_on = false;
}
