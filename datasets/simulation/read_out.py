"""Read-out: measurements of the modules where particles cross them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearhit.data.detector import SENSORS, modules
from nearhit.data.event import Table
from nearhit.errors import BadInputError

from .cells import cross_channels
from .fatras import Steps


@dataclass(frozen=True, eq=False)
class Measurements(Table):
    """Measurements, one row each.

    Attributes:
        step: int64, row of the step that made the measurement.
        module: int64, row of the module.
        local: float64 (n, 2), u and v on the module, mm.
        variance: float64 (n, 2), variances of u and v, mm².
    """

    step: NDArray[np.int64]
    module: NDArray[np.int64]
    local: NDArray[np.float64]
    variance: NDArray[np.float64]

    @property
    def position(self) -> NDArray[np.float64]:
        """Global positions x, y, z in mm, (n, 3)."""
        return modules().to_global(self.module, self.local)


@dataclass(frozen=True, eq=False)
class Fired(Table):
    """Channels that fired, one row each, in order of measurement.

    Attributes:
        measured: int64, row of the measurement.
        channel: int32 (c, 2), channel numbers along u and v.
        value: float64, path length in the channel in mm; 1 for binary read-out.
    """

    measured: NDArray[np.int64]
    channel: NDArray[np.int32]
    value: NDArray[np.float64]


def prepare_read_out() -> None:
    """Load or compile the kernels of the read-out, once per process."""
    one = np.ones((1, 2))
    cross_channels(one, np.ones((1, 3)), one, np.ones((1, 2), np.int64))


def read_out(
    steps: Steps, kind: str, random: np.random.Generator
) -> tuple[Measurements, Fired | None]:
    """Return the measurements of steps through modules, and the channels that fired.

    Touching clusters are not merged, so each measurement has one particle, as in the challenge. A
    step outside the channels is not measured.

    Args:
        steps: steps through modules only.
        kind: `geometric` for the channels that the straight path through the silicon crosses and
            the mean of their centres, weighted by the path in each; `smeared` for the true point
            with Gaussian errors of the width of a uniform distribution over a channel, and no
            channels.
        random: generator of random numbers.

    Raises:
        BadInputError: the kind is unknown.
    """
    if kind not in _KINDS:
        raise BadInputError(f"There is no read-out {kind!r}; write one of {', '.join(_KINDS)}.")
    return _KINDS[kind](steps, random)


def _smeared(steps: Steps, random: np.random.Generator) -> tuple[Measurements, None]:
    rows, true, pitch = _on_modules(steps)
    sigma = pitch / np.sqrt(12)
    local = true + random.normal(size=true.shape) * sigma
    return Measurements(np.arange(len(steps)), rows, local, sigma**2), None


def _geometric(steps: Steps, _random: np.random.Generator) -> tuple[Measurements, Fired]:
    rows, true, pitch = _on_modules(steps)
    detector = modules()
    half = np.column_stack((detector.half_widths.max(axis=1), detector.half_height))[rows]
    way = _ways(steps, rows)
    channels = np.rint(2 * half / pitch).astype(np.int64)
    of, channel, length = cross_channels(true + half - way[:, :2] / 2, way, pitch, channels)
    step, measured = np.unique(of, return_inverse=True)
    analogue = np.array([SENSORS[volume].analogue for volume in detector.volume])[rows[of]]
    value = np.where(analogue, length, 1.0)
    total = np.bincount(measured, value)
    middle = (channel + 0.5) * pitch[of] - half[of]
    local = [np.bincount(measured, value * middle[:, axis]) / total for axis in (0, 1)]
    starts = np.searchsorted(measured, np.arange(len(step)))
    counts = [_different(starts, channel[:, axis]) for axis in (0, 1)]
    variance = pitch[step] ** 2 / 12 / np.stack(counts, axis=-1)
    where = Measurements(step, rows[step], np.column_stack(local), variance)
    return where, Fired(measured, channel, value)


def _on_modules(
    steps: Steps,
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return rows of the modules, u and v on them, and their pitches."""
    detector = modules()
    rows = detector.rows_of(steps.geometry_id)
    pitch = np.array([SENSORS[volume].pitch for volume in detector.volume])
    return rows, detector.to_local(rows, steps.position), pitch[rows]


def _ways(steps: Steps, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the paths (n, 3) through the silicon along u, along v and across, mm."""
    detector = modules()
    along = np.einsum("nij,ni->nj", detector.axes[rows], steps.momentum)
    across = np.einsum("ni,ni->n", detector.normal[rows], steps.momentum)
    thickness = np.array([SENSORS[volume].thickness for volume in detector.volume])[rows]
    # A path with a smaller component across the module would run through the whole module.
    least = 1e-3 * np.linalg.norm(steps.momentum, axis=1)
    across = np.where(np.abs(across) < least, np.copysign(least, across), across)
    return np.asarray(np.column_stack((along, across)) * (thickness / across)[:, np.newaxis])


def _different(starts: NDArray[np.intp], channel: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the number of channels (n,) that each straight path crosses along one axis."""
    crossed = np.maximum.reduceat(channel, starts) - np.minimum.reduceat(channel, starts) + 1
    return np.asarray(crossed)


_KINDS: dict[str, Callable[[Steps, np.random.Generator], tuple[Measurements, Fired | None]]] = {
    "geometric": _geometric,
    "smeared": _smeared,
}
