"""The machine: description, limits, and memory of this process."""

import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    """Description of a machine.

    Attributes:
        name: kind of machine; results of different names are kept and ranked apart.
        cpu: model name of the processor.
        cores: number that this process may use.
        memory_mb: memory that this process may use, in MiB.
        system: the operating system.
        python: its version.
        gpu: model name of the CUDA device; empty where there is none.
        processors: numbers of those that this process is pinned to, and their total.
        governor: of their frequency; empty where the system does not report it.
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
    """Return whether two descriptions may be of one machine, whatever its system.

    Memory may differ by a tenth, since kernels reserve different amounts.
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
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0))


def memory_limit() -> int:
    """Return the memory in bytes of the machine, or of the control group if that is less."""
    group = Path("/sys/fs/cgroup/memory.max")
    text = group.read_text().strip() if group.is_file() else "max"
    total = int(psutil.virtual_memory().total)
    return min(total, int(text)) if text.isdigit() else total


def checked_threads(threads: int | None) -> int:
    """Return the number of threads to use: all cores for None.

    Raises:
        BadInputError: more threads than cores, which would measure their contention.
    """
    if threads is None:
        return cores()
    if not 1 <= threads <= cores():
        raise BadInputError(f"Threads must be from 1 to the {cores()} cores here, not {threads}.")
    return threads


@contextmanager
def thread_variables(threads: int) -> Iterator[None]:
    """Set the thread counts of OpenMP, BLAS and numba for processes started in the block."""
    before = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, str(threads)))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def resident_bytes(process: int | None = None) -> int:
    """Return the resident memory of this process or another; 0 where that has ended."""
    with suppress(psutil.NoSuchProcess):
        return int(psutil.Process(process).memory_info().rss)
    return 0


def forget_peak() -> None:
    """Reset the peak memory of this process (Linux)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_bytes() -> int:
    """Return the peak memory of this process since `forget_peak` (Linux)."""
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
