"""Running a program while watching what else the machine does."""
import os
import subprocess
import tempfile
import time

TICK = os.sysconf("SC_CLK_TCK")


def busy_seconds():
    """Processor seconds of the whole machine that were not idle, stolen time included (proc(5))."""
    with open("/proc/stat", encoding="ascii") as file:
        fields = [int(field) for field in file.readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICK


def idle_load(seconds=1.0):
    """Share of the machine's processors that others use now."""
    before = busy_seconds()
    time.sleep(seconds)
    return max(0.0, busy_seconds() - before) / (seconds * os.cpu_count())


class Failed(Exception):
    pass


def run(command, environment):
    """Run a command. Returns its standard output and the share of the processors that others used meanwhile."""
    busy, start = busy_seconds(), time.monotonic()
    with tempfile.TemporaryFile("w+") as errors, \
            subprocess.Popen(command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=errors, text=True) as process:
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        err = errors.read()
    seconds = time.monotonic() - start
    own = usage.ru_utime + usage.ru_stime  # with all children that it waited for
    if process.returncode != 0:
        raise Failed(f"{' '.join(command)} ended with code {process.returncode}:\n{err.strip()}")
    return out, max(0.0, busy_seconds() - busy - own) / (seconds * os.cpu_count())
