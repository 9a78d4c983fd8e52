"""The CUDA device: name, free memory, and seconds of copying."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from time import perf_counter_ns

from nearhit.errors import SkippedError

NO_DEVICE = "no CUDA device"

_NAME_LENGTH = 128
_MIB = 1024 * 1024
_copying = [0.0]


@cache
def device_name() -> str:
    """Return the name of the first CUDA device; empty where there is none."""
    driver = _driver()
    count, device = ctypes.c_int(), ctypes.c_int()
    if driver is None or driver.cuDeviceGetCount(ctypes.byref(count)) or not count.value:
        return ""
    name = ctypes.create_string_buffer(_NAME_LENGTH)
    driver.cuDeviceGet(ctypes.byref(device), 0)
    driver.cuDeviceGetName(name, _NAME_LENGTH, device)
    return name.value.decode()


def require_memory(needed_bytes: int, free_bytes: int) -> None:
    """Check that enough device memory is free.

    Raises:
        SkippedError: more is needed than is free.
    """
    if needed_bytes > free_bytes:
        raise SkippedError(
            f"needs {needed_bytes // _MIB:,} MiB of device memory, {free_bytes // _MIB:,} MiB are "
            "free"
        )


def free_bytes() -> int:
    """Return the free memory of the first CUDA device in bytes.

    Raises:
        SkippedError: there is no CUDA device.
    """
    driver = _driver()
    if driver is None or not device_name():
        raise SkippedError(NO_DEVICE)
    device, context = ctypes.c_int(), ctypes.c_void_p()
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    driver.cuDeviceGet(ctypes.byref(device), 0)
    driver.cuDevicePrimaryCtxRetain(ctypes.byref(context), device)
    driver.cuCtxPushCurrent_v2(context)
    driver.cuMemGetInfo_v2(ctypes.byref(free), ctypes.byref(total))
    driver.cuCtxPopCurrent_v2(ctypes.byref(context))
    driver.cuDevicePrimaryCtxRelease_v2(device)
    return free.value


@contextmanager
def copying() -> Iterator[None]:
    """Count the `with` block as copying to or from the device; it must synchronize at its end."""
    start = perf_counter_ns()
    yield
    _copying[0] += (perf_counter_ns() - start) / 1e9


def copying_seconds() -> float:
    """Return the seconds of copying since the last call."""
    seconds, _copying[0] = _copying[0], 0.0
    return seconds


@cache
def _driver() -> ctypes.CDLL | None:
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return None
    return None if driver.cuInit(0) else driver
