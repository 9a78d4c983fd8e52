"""Contract of an adapter: one library behind the interface that nearhit measures."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol, TypeVar, dataclass_transform

import numpy as np
from numpy.typing import NDArray

from nearhit.parameter import parameter

Distance = Literal["angular", "euclidean", "manhattan", "dot"]
"""The base distances; `dot` is the inner product, where larger is nearer."""

Repeatable = Literal["always", "one thread", "never"]
"""When a library gives the same answer again for the same points, seed and number of threads."""

Threaded = Literal["build and query", "query", "nothing"]
"""The operations that a library runs on several threads."""

Device = Literal["cpu", "cuda"]
"""The device that a library computes on."""


@dataclass(frozen=True)
class Setting:
    """Settings that the harness chooses for an adapter.

    Attributes:
        distance: the base distance to search in, one of the adapter's own `distances`.
        threads: number of threads that `build` and `query` may use.
        seed: seed of the library's random numbers.
        device: the device to compute on, one of the adapter's own `devices`.
    """

    distance: Distance
    threads: int
    seed: int
    device: Device = "cpu"


class Adapter(Protocol):
    """One library: class attributes, parameters with defaults, `build` and `query`.

    It is declared with `adapter`, which makes it a dataclass. Its first field is `setting`; every
    other field is a parameter that users may write in an index such as `annoy(ntrees=5)`, declared
    with `parameter`.

    Attributes:
        name: the name that users write.
        package: the distribution that provides the library, by its name on the package index.
        extra: the extra that installs it, as in `pip install nearhit[EXTRA]`; None for
            `pip install PACKAGE`.
        licence: SPDX identifier of the library's licence.
        needs: requirements of the installation beyond pip, such as a compiler; empty if none.
        distances: the supported base distances, each with the library's own name for it.
        exact: whether the library returns the true nearest neighbours.
        exhaustive: whether every query is compared with every point; suites use fewer queries.
        compiles: whether the first call compiles for many seconds; quick suites avoid new calls.
        repeatable: when the library gives the same answer twice.
        threaded: the operations that run on several threads.
        devices: the supported devices, the default first.
    """

    name: ClassVar[str]
    package: ClassVar[str]
    extra: ClassVar[str | None]
    licence: ClassVar[str]
    needs: ClassVar[str]
    distances: ClassVar[dict[Distance, Any]]
    exact: ClassVar[bool]
    exhaustive: ClassVar[bool]
    compiles: ClassVar[bool]
    repeatable: ClassVar[Repeatable]
    threaded: ClassVar[Threaded]
    devices: ClassVar[tuple[Device, ...]]

    def build(self, points: NDArray[np.float32]) -> None:
        """Import the library and index `points` (n, d), n ≥ 1, float32 and C-contiguous.

        The harness has checked that all values are finite. The points must not be modified; they
        outlive the index, so no copy is needed.
        """

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        """Return the rows (q, k) of the k points nearest to each of `points` (q, d), nearest first.

        1 ≤ k ≤ n always holds. Pad with -1 where the library finds fewer.
        """


T = TypeVar("T")

_DEFAULTS = {"needs": "", "exhaustive": False, "compiles": False, "devices": ("cpu",)}


@dataclass_transform(field_specifiers=(parameter,))
def adapter(declared: type[T]) -> type[T]:
    """Turn a class into an adapter: a dataclass with defaults for the attributes it leaves out.

    By default a library needs nothing beyond pip, is neither exhaustive nor slow to compile, and
    runs on the CPU.
    """
    for name, value in _DEFAULTS.items():
        if not hasattr(declared, name):
            setattr(declared, name, value)
    return dataclass(declared)
