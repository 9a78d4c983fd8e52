"""A worker is replaced when its process dies, whenever it dies."""

import os
import signal
import time

import pytest

from nearhit.errors import BadInputError
from nearhit.measure.worker import Limits, Worker


@pytest.fixture
def worker():
    with Worker(1, Limits()) as worker:
        yield worker


class Deadly:
    """Ends the process that unpickles it: before the pool hears that its task began."""

    def __reduce__(self):
        return signal.raise_signal, (signal.SIGKILL,)


def test_a_process_that_dies_with_nothing_to_do_is_replaced(worker):
    first = worker.call(os.getpid)
    os.kill(first, signal.SIGKILL)
    second = worker.call(os.getpid)
    assert isinstance(second, int)
    assert second != first


def test_a_death_at_the_start_of_a_task_is_said_and_the_next_task_is_done(worker):
    status = worker.call(id, Deadly())
    assert str(status) == "failed: its process died at its start"
    assert isinstance(worker.call(os.getpid), int)


def test_a_death_at_once_is_told_by_its_signal(worker):
    for _ in range(5):
        status = worker.call(signal.raise_signal, signal.SIGSEGV)
        assert str(status) == "failed: its process was killed by SIGSEGV"


def test_a_process_that_replaces_another_is_told_its_threads(worker):
    worker.call(signal.raise_signal, signal.SIGSEGV)
    time.sleep(1.0)  # it may be replaced before it is needed
    assert worker.call(os.getenv, "OMP_NUM_THREADS") == "1"


def test_a_worker_without_room_for_its_files_is_refused_in_words(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with pytest.raises(BadInputError, match=r"temporary files \(No such file .* TMPDIR"):
        Worker(1, Limits()).__enter__()
