"""A machine of one core and little memory: a control group that a command is started in (Linux)."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_GROUPS = Path("/sys/fs/cgroup")
# $0 is the group, $1 the core; the rest is the command.
_ENTER = 'echo $$ > "$0/cgroup.procs" && core="$1" && shift && exec taskset -c "$core" "$@"'


@contextmanager
def small_machine(megabytes: int) -> Iterator[tuple[str, ...]]:
    """What to put before a command for it to have one core, and so many MB with all it starts.

    What would take more is killed by the system. The rest of the benchmark keeps off that core.
    Leaves with one line where control groups cannot be made here, which takes root.
    """
    cores = sorted(os.sched_getaffinity(0))
    version_1 = (_GROUPS / "memory").is_dir()
    group = (_GROUPS / "memory" if version_1 else _GROUPS) / f"reeltwin-{os.getpid()}"
    limit = "memory.limit_in_bytes" if version_1 else "memory.max"
    try:
        group.mkdir()
        (group / limit).write_text(str(megabytes * 2**20))
    except OSError as error:
        sys.exit(f"A small machine takes a control group, and {error.filename}: {error.strerror}.")
    os.sched_setaffinity(0, set(cores[1:]) or {cores[0]})
    try:
        yield ("sh", "-c", _ENTER, str(group), str(cores[0]))
    finally:
        os.sched_setaffinity(0, set(cores))
        group.rmdir()
