"""What numba keeps on disk is never out of date, and work is shared out whole."""

import os
from threading import get_ident
from types import ModuleType

import numba
import numpy as np
import pytest

from nearhit.machine.kernels import forget_stale_kernels, share_out


def test_what_was_compiled_before_a_change_is_forgotten(tmp_path):
    (tmp_path / "__pycache__").mkdir()
    old, new = (tmp_path / "__pycache__" / f"{name}.nbi" for name in ("old", "new"))
    changed = tmp_path / "circle.py"
    for time, file in enumerate((old, changed, new)):
        file.touch()
        os.utime(file, (1e9 + time, 1e9 + time))
    forget_stale_kernels(tmp_path)
    assert (old.exists(), new.exists()) == (False, True)


def test_what_was_compiled_before_a_change_of_a_used_module_is_forgotten(tmp_path):
    (tmp_path / "__pycache__").mkdir()
    compiled, source, used = tmp_path / "__pycache__" / "a.nbi", tmp_path / "a.py", ModuleType("b")
    used.__file__ = str(tmp_path / "b.txt")
    for time, file in enumerate((source, compiled, tmp_path / "b.txt")):
        file.touch()
        os.utime(file, (1e9 + time, 1e9 + time))
    forget_stale_kernels(tmp_path)
    assert compiled.exists()
    forget_stale_kernels(tmp_path, used)
    assert not compiled.exists()


def test_what_another_process_removes_meanwhile_is_no_error(tmp_path):
    (tmp_path / "kernel.py").write_text("")
    (tmp_path / "__pycache__").mkdir()
    listed = tmp_path / "__pycache__" / "kernel.nbi"
    listed.symlink_to(tmp_path / "gone")
    forget_stale_kernels(tmp_path)
    assert listed.is_symlink()


@pytest.mark.parametrize("n", [0, 1, 5, 1_000])
@pytest.mark.parametrize("threads", [1, 2])
def test_shares_cover_a_range_once_and_in_as_many_threads(n, threads):
    done, names = np.zeros(n, int), set()

    def work(begin, end):
        done[begin:end] += 1
        names.add(get_ident())

    before = numba.get_num_threads()
    used = min(threads, before)
    numba.set_num_threads(used)
    try:
        share_out(work, n)
    finally:
        numba.set_num_threads(before)
    assert (done == 1).all()
    assert len(names) <= used
    assert (used == 1) == (get_ident() in names)


def test_a_share_that_fails_is_told():
    def work(begin, end):
        raise ValueError(f"from {begin} to {end}")

    with pytest.raises(ValueError, match="from 0"):
        share_out(work, 10)
