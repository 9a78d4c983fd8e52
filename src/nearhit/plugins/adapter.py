"""What one file in `adapters/` holds: a library behind the interface that nearhit measures."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol, TypeVar, dataclass_transform

import numpy as np
from numpy.typing import NDArray

from nearhit.parameter import parameter

Distance = Literal["angular", "euclidean", "manhattan", "dot"]
"""The base distances; `dot` is the inner product, where larger is nearer."""

Repeatable = Literal["always", "one thread", "never"]
"""When the same points, seed and number of threads give the same answer again."""

Threaded = Literal["build and query", "query", "nothing"]
"""What a library does on several threads."""

Device = Literal["cpu", "cuda"]
"""What a library computes on."""


@dataclass(frozen=True)
class Setting:
    """What the harness decides for an adapter.

    Attributes:
        distance: the base distance to search in, one of the adapter's own `distances`.
        threads: how many threads `build` and `query` may use.
        seed: for whatever the library draws at random.
        device: where to compute, one of the adapter's own `devices`.
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
        name: what users write.
        package: the distribution that holds the library, as its installer knows it.
        extra: how to install it, `pip install nearhit[EXTRA]`, or `pip install PACKAGE` if None.
        licence: of the library, as SPDX names it.
        needs: what its installation asks for beyond pip, such as a compiler; empty if nothing.
        distances: what the library calls the base distances that it has.
        exact: whether it returns the true nearest neighbours.
        exhaustive: whether it compares every query with every point; suites query it less.
        compiles: whether its first call compiles for many seconds; quick suites call it less.
        repeatable: when it gives the same answer twice.
        threaded: what it does on several threads.
        devices: what it can compute on.
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

        The harness has checked that they are finite. They must not be changed; they outlive the
        index, so that no copy is needed.
        """

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        """Return (q, k) row numbers of the k nearest to each of `points` (q, d), nearest first.

        1 ≤ k ≤ n always holds. Fill with -1 where the library finds fewer.
        """


T = TypeVar("T")

_USUAL = {"needs": "", "exhaustive": False, "compiles": False, "devices": ("cpu",)}


@dataclass_transform(field_specifiers=(parameter,))
def adapter(declared: type[T]) -> type[T]:
    """Make a class an adapter: a dataclass, with usual values of the attributes it does not name.

    Usual are no needs beyond pip, a search that neither compares all points nor compiles for long,
    and the processor.
    """
    for name, value in _USUAL.items():
        if not hasattr(declared, name):
            setattr(declared, name, value)
    return dataclass(declared)
