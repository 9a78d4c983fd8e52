"""The contract of an index: clauses that every library is checked against, and certificates."""

from .clause import Clause
from .clauses import CLAUSES
from .subject import LEAST_RECALL, Subject

__all__ = ["CLAUSES", "LEAST_RECALL", "Clause", "Subject"]
