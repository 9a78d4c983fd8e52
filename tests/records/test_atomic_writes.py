"""Files are there whole or not at all."""

import errno
import os
import subprocess
import sys

import pytest

from nearhit.records import atomic_writes

REFUSALS = (errno.EPERM, errno.EOPNOTSUPP)


def names_in(folder):
    return sorted(file.name for file in folder.iterdir())


def test_a_name_that_is_taken_is_not_overwritten(tmp_path):
    atomic_writes.create(tmp_path / "1", "a")
    with pytest.raises(FileExistsError):
        atomic_writes.create(tmp_path / "1", "b")
    assert names_in(tmp_path) == ["1"]
    assert (tmp_path / "1").read_text() == "a"


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_file_system_without_links_will_do(tmp_path, monkeypatch, refusal):
    def no_links(*_):
        raise OSError(refusal, os.strerror(refusal))

    monkeypatch.setattr(os, "link", no_links)
    test_a_name_that_is_taken_is_not_overwritten(tmp_path)


def test_other_refusals_are_passed_on_and_leave_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(OSError, match="full"):
        atomic_writes.create(tmp_path / "1", "text")
    assert names_in(tmp_path) == []


def test_what_is_replaced_is_the_old_or_the_new(tmp_path):
    """A limit on the size of files ends a write halfway, as a full disk does."""
    page = tmp_path / "page"
    page.write_text("old")
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from nearhit.records import atomic_writes\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: atomic_writes.replace(Path(sys.argv[1]), 'new' * 1000)\n"
        "except OSError as error: print(error.strerror)"
    )
    command = [sys.executable, "-c", code, str(page)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "File too large\n"
    assert page.read_text() == "old"
    assert names_in(tmp_path) == ["page"]
    atomic_writes.replace(page, "new")
    assert page.read_text() == "new"


def test_a_link_that_is_replaced_stays_a_link(tmp_path):
    (tmp_path / "page").write_text("old")
    (tmp_path / "link").symlink_to("page")
    atomic_writes.replace(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "page").read_bytes() == b"new"


def test_only_what_was_abandoned_is_removed(tmp_path):
    folder = tmp_path / "deep"
    folder.mkdir()
    for name in ("old.part", "young.part", "old.json"):
        (folder / name).write_text("")
        if name.startswith("old"):
            os.utime(folder / name, (0, 0))
    atomic_writes.remove_abandoned(tmp_path)
    assert names_in(folder) == ["old.json", "young.part"]
