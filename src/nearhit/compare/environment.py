"""Makes an environment of its own for a commit, or for a version of a library, with uv."""

import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from nearhit.datasets.cache import cache_folder
from nearhit.errors import BadInputError
from nearhit.records.checksum import short_digest

LOCK = "requirements.lock"


@dataclass(frozen=True)
class Wanted:
    """What an environment is to hold.

    Attributes:
        label: for people.
        checkout: of nearhit, with its history.
        commit: of it, in full.
        extras: of nearhit's libraries.
        library: a requirement in place of nearhit's own and of the lock file's; empty for none.
    """

    label: str
    checkout: Path
    commit: str
    extras: tuple[str, ...] = ()
    library: str = ""

    @property
    def lasts(self) -> bool:
        """Whether the same words always mean the same content, so that it can be kept."""
        requirement = Requirement(self.library) if self.library else None
        return requirement is None or (
            requirement.url is None and str(requirement.specifier).startswith("==")
        )

    @property
    def key(self) -> str:
        """The folder that it is kept in."""
        content = {"commit": self.commit, "extras": self.extras, "library": self.library}
        return short_digest(content | {"python": sys.version, "executable": sys.base_prefix})


def checkout_of(folder: Path) -> Path:
    """Return the top of the checkout of nearhit that a folder lies in.

    Raises:
        BadInputError: it lies in none.
    """
    top = _git(folder, "rev-parse", "--show-toplevel").strip()
    if not top or not (Path(top) / "src" / "nearhit").is_dir():
        raise BadInputError(
            f"{folder} lies in no checkout of nearhit: commits are compared within one."
        )
    return Path(top)


def own_checkout() -> Path:
    """Return the checkout that this nearhit runs from.

    Raises:
        BadInputError: it was installed without its history.
    """
    return checkout_of(Path(__file__).parents[3])


def commit_named(checkout: Path, name: str) -> str:
    """Return a commit in full; empty where there is none of that name."""
    return _git(checkout, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").strip()


def library_named(text: str) -> Requirement:
    """Read a requirement such as `annoy==1.17.3` or `annoy @ file:///home/me/annoy`.

    Raises:
        BadInputError: it cannot be read, or says no version.
    """
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        requirement = None
    if requirement is None or not (requirement.url or requirement.specifier):
        raise BadInputError(
            f"--library takes annoy==1.17.3, say, or annoy @ file:///PATH, not {text!r}."
        )
    return requirement


def python_of(wanted: Wanted) -> Path:
    """Return the Python of an environment; it is made where it is not kept from before.

    Raises:
        BadInputError: it cannot be made; in the words of git or uv.
    """
    folder = cache_folder() / "environments" / wanted.key
    python, complete = folder / "bin" / "python", folder / "complete"
    if complete.is_file() and wanted.lasts:
        return python
    with TemporaryDirectory(prefix="nearhit-") as sources:
        tree = Path(sources) / "nearhit"
        _unpack(wanted, tree)
        _uv(wanted, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
        _uv(wanted, *_install(wanted, tree, Path(sources), python))
    complete.write_text(f"{wanted.label}\n", encoding="utf-8")
    return python


def _install(wanted: Wanted, tree: Path, scratch: Path, python: Path) -> list[str]:
    """Return what installs the tree, its extras and the library, as the lock file has the rest."""
    extras = f"[{','.join(sorted(set(wanted.extras)))}]" if wanted.extras else ""
    command = ["pip", "install", "--quiet", "--python", str(python), f"{tree}{extras}"]
    lock = tree / LOCK
    pins = lock.read_text(encoding="utf-8").splitlines() if lock.is_file() else []
    if wanted.library:
        name = canonicalize_name(Requirement(wanted.library).name)
        pins = [pin for pin in pins if canonicalize_name(Requirement(pin).name) != name]
        overrides = scratch / "overrides.txt"
        overrides.write_text(wanted.library + "\n", encoding="utf-8")
        command += [wanted.library, "--override", str(overrides)]
    constraints = scratch / "constraints.txt"
    constraints.write_text("".join(f"{pin}\n" for pin in pins), encoding="utf-8")
    return [*command, "--constraint", str(constraints)]


def _unpack(wanted: Wanted, tree: Path) -> None:
    command = ["git", "-C", str(wanted.checkout), "archive", wanted.commit]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise BadInputError(f"{wanted.label} cannot be read from git ({said}).")
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(tree, filter="data")


def _uv(wanted: Wanted, *arguments: str) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    done = subprocess.run(
        [_uv_file(), *arguments], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[-400:]
        raise BadInputError(f"No environment can be made for {wanted.label}; uv said: {said}")


def _uv_file() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.is_file() else shutil.which("uv")
    if found is None:
        raise BadInputError("Environments are made with uv: pip install 'nearhit[bench]'.")
    return found


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
