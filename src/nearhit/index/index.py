"""An index: an adapter with everything around it that is alike for all libraries."""

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nearhit.data.buckets import MISSING
from nearhit.errors import BadInputError, SkippedError
from nearhit.machine.cuda import NO_DEVICE, device_name
from nearhit.plugins.adapter import Device, Distance, Setting
from nearhit.plugins.registry import adapters, how_to_install, installed_version
from nearhit.plugins.spec import IndexSpec


class Index:
    """One library, built over points and queried for the nearest of them.

    Args:
        spec: which library, with which parameters.
        distance: the base distance to search in.
        threads: how many threads the library may use.
        seed: for whatever the library draws at random.
        device: where to compute.

    Raises:
        SkippedError: the library is not installed, lacks the distance, or the device.
    """

    def __init__(
        self,
        spec: IndexSpec,
        distance: Distance = "euclidean",
        threads: int = 1,
        seed: int = 0,
        device: Device = "cpu",
    ) -> None:
        check_available(spec, distance, device)
        self.spec = spec
        self.distance = distance
        self._adapter = spec.adapter(Setting(distance, threads, seed, device))
        self._points = np.empty((0, 0), np.float32)

    def build(self, points: ArrayLike) -> Self:
        """Index points (n, d) of any real type and layout; they are not changed.

        Raises:
            BadInputError: points are not a table of at least one finite row.
        """
        self._points = _as_points(points)
        self._adapter.build(self._points)
        return self

    def set_parameters(self, spec: IndexSpec) -> Self:
        """Take the parameters of another spec of the library; only those of queries take effect."""
        for name, value in spec.parameters:
            setattr(self._adapter, name, value)
        self.spec = spec
        return self

    def query(self, points: ArrayLike, k: int) -> NDArray[np.int32]:
        """Return (q, k) int32 row numbers of the k nearest, nearest first, `MISSING` if fewer.

        Raises:
            BadInputError: k is not positive, or points differ in dimension from the indexed ones.
            TypeError: the adapter answered something else than whole numbers of shape (q, k).
        """
        return as_members(self.answer(points, k), k)

    def answer(self, points: ArrayLike, k: int) -> NDArray[np.integer[Any]]:
        """Return what the library answers, in its own type: at most as many columns as points.

        This is what is timed; `as_members` makes of it what `query` returns.

        Raises:
            BadInputError, TypeError: as `query`.
        """
        queries = _as_points(points)
        if k < 1:
            raise BadInputError(f"A bucket needs at least 1 hit, not {k}.")
        if queries.shape[1] != self._points.shape[1]:
            raise BadInputError(
                f"{self.spec} holds points of {self._points.shape[1]} dimensions, the queries "
                f"have {queries.shape[1]}."
            )
        possible = min(k, len(self._points))
        found = self._adapter.query(queries, possible)
        if found.shape != (len(queries), possible) or found.dtype.kind not in "iu":
            raise TypeError(f"{self.spec} answered {found.dtype} of shape {found.shape}")
        return found


def as_members(answer: NDArray[np.integer[Any]], k: int) -> NDArray[np.int32]:
    """Return an answer (q, at most k) as buckets (q, k) of int32, `MISSING` where it has less."""
    members = np.ascontiguousarray(answer, dtype=np.int32)
    absent = k - members.shape[1]
    return np.pad(members, ((0, 0), (0, absent)), constant_values=MISSING) if absent else members


def check_available(spec: IndexSpec, distance: Distance, device: Device) -> None:
    """Raise `SkippedError` with the reason where an index cannot be had here."""
    adapter = adapters()[spec.name]
    if device == "cuda" and not device_name():
        raise SkippedError(NO_DEVICE)
    if installed_version(adapter) is None:
        raise SkippedError(f"{adapter.package} is not installed: {how_to_install(adapter)}")
    if distance not in adapter.distances:
        raise SkippedError(
            f"{adapter.name} has no {distance} distance, only {', '.join(adapter.distances)}"
        )
    if device not in adapter.devices:
        raise SkippedError(f"{adapter.name} runs on {', '.join(adapter.devices)}, not on {device}")


def _as_points(points: ArrayLike) -> NDArray[np.float32]:
    array = np.ascontiguousarray(points, dtype=np.float32)
    if array.ndim != 2 or not array.size:  # noqa: PLR2004 - rows and columns
        raise BadInputError(f"Points must be rows and columns, not of shape {array.shape}.")
    if not np.isfinite(array).all():
        raise BadInputError("Points must be finite: remove the rows with NaN or infinity.")
    return array
