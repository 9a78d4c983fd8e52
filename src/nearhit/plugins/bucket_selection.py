"""The contract of a choice of buckets; none looks at the truth."""

from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from nearhit.data.buckets import Buckets
from nearhit.data.event import Event

Rows = NDArray[np.int32]
"""Rows of hits."""


class BucketSelection(Protocol):
    """One way to choose: before an index is asked, after, or both.

    It is a dataclass whose fields are declared with `parameter`, as in an adapter.
    """

    name: ClassVar[str]

    def asked(self, event: Event, rows: Rows) -> Rows:
        """Return those of the rows (q,) of hits that an index is to be asked for."""

    def kept(self, event: Event, buckets: Buckets) -> Buckets:
        """Return the buckets that a tracker is given in the place of those found."""


class AskedAll:
    """For choices among what was found: every hit is asked for."""

    def asked(self, event: Event, rows: Rows) -> Rows:  # noqa: ARG002 - as the contract has it
        """Return all of the rows."""
        return rows


class KeptAll:
    """For choices of what is asked for: every bucket that is found is kept."""

    def kept(self, event: Event, buckets: Buckets) -> Buckets:  # noqa: ARG002 - as above
        """Return all of the buckets."""
        return buckets
