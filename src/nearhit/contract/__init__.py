"""What every index must do, whatever library is behind it: clauses, and certificates of them."""

from .clause import Clause
from .clauses import CLAUSES
from .subject import LEAST_RECALL, Subject

__all__ = ["CLAUSES", "LEAST_RECALL", "Clause", "Subject"]
