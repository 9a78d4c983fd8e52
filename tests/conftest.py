"""What several test files need."""

from pathlib import Path

import pytest

_TRACKML = Path(__file__).parents[2] / "shared" / "trackml"


@pytest.fixture(scope="session")
def trackml():
    """The folder of genuine TrackML events that stands beside a developer's checkout."""
    if not _TRACKML.is_dir():
        pytest.skip("the genuine TrackML events are not beside this checkout")
    return _TRACKML
