"""The machine: what it is, what it can give, and what a measurement took of it."""

import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

from nearhit.errors import BadInputError

from .cuda import device_name

MIB = 1024 * 1024

_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
)


_MEMORY_TOLERANCE = 1.1


@dataclass(frozen=True)
class Machine:
    """What a measurement ran on.

    Attributes:
        name: the kind of machine; results are kept and ranked apart by it.
        cpu: the processor's own name.
        cores: how many this process may use.
        memory_mb: how much there is, in MiB.
        system: the operating system.
        python: the version.
        gpu: the CUDA device's own name; empty where there is none.
        processors: those this process is pinned to, by number, of how many there are.
        governor: of their frequency; empty where the system does not tell.
    """

    name: str
    cpu: str
    cores: int
    memory_mb: int
    system: str
    python: str
    gpu: str = ""
    processors: str = ""
    governor: str = ""


def same_hardware(one: Machine, other: Machine) -> bool:
    """Return whether two descriptions may be of one machine, whatever runs on it.

    Memory may differ by a tenth, since kernels keep different amounts for themselves.
    """
    kinds = ((each.cpu, each.cores, each.gpu) for each in (one, other))
    less, more = sorted((one.memory_mb, other.memory_mb))
    return len(set(kinds)) == 1 and more <= _MEMORY_TOLERANCE * less


@cache
def this_machine() -> Machine:
    """Describe the machine; `NEARHIT_MACHINE` overrides the name made from processor and cores."""
    cpu = _cpu_name()
    kind = re.sub(r"\W+", "-", re.sub(r"\(.*?\)|CPU|@.*|Processor", "", cpu).lower()).strip("-")
    gpu = device_name()
    parts = (kind, f"{cores()}core", *re.findall(r"\w+", gpu.lower()))
    return Machine(
        name=_checked_name(os.environ.get("NEARHIT_MACHINE") or "-".join(parts)),
        cpu=cpu,
        cores=cores(),
        memory_mb=memory_limit() // MIB,
        system=_system_name(),
        python=platform.python_version(),
        gpu=gpu,
        processors=f"{','.join(map(str, sorted(os.sched_getaffinity(0))))} of {os.cpu_count()}",
        governor=_governor(),
    )


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


def memory_limit() -> int:
    """Return how many bytes this process may use: the machine's, or its control group's."""
    group = Path("/sys/fs/cgroup/memory.max")
    text = group.read_text().strip() if group.is_file() else "max"
    total = int(psutil.virtual_memory().total)
    return min(total, int(text)) if text.isdigit() else total


def checked_threads(threads: int | None) -> int:
    """Return how many threads to use: all for None.

    Raises:
        BadInputError: more threads than processors would measure their quarrel.
    """
    if threads is None:
        return cores()
    if not 1 <= threads <= cores():
        raise BadInputError(f"Threads must be from 1 to the {cores()} cores here, not {threads}.")
    return threads


@contextmanager
def thread_variables(threads: int) -> Iterator[None]:
    """Set what OpenMP, BLAS and numba read when they are loaded, for processes started inside."""
    before = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, str(threads)))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def resident_bytes() -> int:
    """Return the memory that this process holds now."""
    return int(psutil.Process().memory_info().rss)


def forget_peak() -> None:
    """Make the kernel count this process' peak memory anew from now on (Linux)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_bytes() -> int:
    """Return the most memory that this process held since `forget_peak` (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024  # type: ignore[index]


def _governor() -> str:
    governor = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
    return governor.read_text(encoding="ascii").strip() if governor.is_file() else ""


def _cpu_name() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.is_file() else None
    return found[1].strip() if found else platform.machine()


def _system_name() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def _checked_name(name: str) -> str:
    if not re.fullmatch(r"[\w.-]+", name):
        raise BadInputError(
            f"NEARHIT_MACHINE={name!r} must be letters, digits, dots and dashes: it names a folder."
        )
    return name
