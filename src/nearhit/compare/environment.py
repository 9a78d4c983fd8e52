"""Python environments of commits and of library versions, built with uv."""

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
class EnvironmentSpec:
    """Content of one environment.

    Attributes:
        label: for people.
        checkout: of nearhit, with its history.
        commit: of it, in full.
        extras: of nearhit's libraries.
        library: a requirement that replaces nearhit's own and the lock file's; empty for none.
    """

    label: str
    checkout: Path
    commit: str
    extras: tuple[str, ...] = ()
    library: str = ""

    @property
    def reusable(self) -> bool:
        """Whether it always describes the same content, so that the environment can be kept."""
        requirement = Requirement(self.library) if self.library else None
        return requirement is None or (
            requirement.url is None and str(requirement.specifier).startswith("==")
        )

    @property
    def key(self) -> str:
        """The name of its folder."""
        content = {"commit": self.commit, "extras": self.extras, "library": self.library}
        return short_digest(content | {"python": sys.version, "executable": sys.base_prefix})


def commits(a: str, b: str, folder: Path) -> tuple[EnvironmentSpec, EnvironmentSpec]:
    """Return the environments of two commits of the checkout that contains a folder.

    Raises:
        BadInputError: one does not exist, or the folder lies in no checkout of nearhit.
    """
    if not a or not b:
        raise BadInputError(
            "Name two commits, two folders of records, or two versions with --library."
        )
    checkout = checkout_of(folder)
    return _commit(checkout, "A", a), _commit(checkout, "B", b)


def _commit(checkout: Path, side: str, name: str) -> EnvironmentSpec:
    found = commit_named(checkout, name)
    if not found:
        raise BadInputError(
            f"{name!r} is neither a commit of {checkout} nor a file or folder of records."
        )
    return EnvironmentSpec(f"{side}: {name} ({found[:12]})", checkout, found)


def libraries(a: str, b: str) -> tuple[EnvironmentSpec, EnvironmentSpec]:
    """Return the environments of two versions of a library, at the commit of this nearhit.

    Raises:
        BadInputError: one cannot be read, they are of two libraries, or nearhit has no history.
    """
    first, second = library_named(a), library_named(b)
    if canonicalize_name(first.name) != canonicalize_name(second.name):
        raise BadInputError(
            f"--library takes two versions of one library, not {first.name} and {second.name}."
        )
    checkout = checkout_of(Path(__file__).parent)
    commit = commit_named(checkout, "HEAD")
    return (
        EnvironmentSpec(f"A: {first}", checkout, commit, library=str(first)),
        EnvironmentSpec(f"B: {second}", checkout, commit, library=str(second)),
    )


def checkout_of(folder: Path) -> Path:
    """Return the root of the checkout of nearhit that contains a folder.

    Raises:
        BadInputError: none does.
    """
    top = _git(folder, "rev-parse", "--show-toplevel").strip()
    if not top or not (Path(top) / "src" / "nearhit").is_dir():
        raise BadInputError(
            f"{folder} lies in no checkout of nearhit: commits are compared within one."
        )
    return Path(top)


def commit_named(checkout: Path, name: str) -> str:
    """Return the full hash of a commit; empty if there is none of that name."""
    return _git(checkout, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").strip()


def library_named(text: str) -> Requirement:
    """Read a requirement such as `annoy==1.17.3` or `annoy @ file:///home/me/annoy`.

    Raises:
        BadInputError: it cannot be read, or names no version.
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


def python_of(spec: EnvironmentSpec) -> Path:
    """Return the interpreter of an environment, which is built unless it is kept already.

    Raises:
        BadInputError: it cannot be built, with the message of git or uv.
    """
    folder = cache_folder() / "environments" / spec.key
    python, complete = folder / "bin" / "python", folder / "complete"
    if complete.is_file() and spec.reusable:
        return python
    with TemporaryDirectory(prefix="nearhit-") as sources:
        tree = Path(sources) / "nearhit"
        _unpack(spec, tree)
        _uv(spec, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
        _uv(spec, *_install(spec, tree, Path(sources), python))
    complete.write_text(f"{spec.label}\n", encoding="utf-8")
    return python


def _install(spec: EnvironmentSpec, tree: Path, scratch: Path, python: Path) -> list[str]:
    """Return the command that installs tree, extras and library, the rest as locked."""
    extras = f"[{','.join(sorted(set(spec.extras)))}]" if spec.extras else ""
    command = ["pip", "install", "--quiet", "--python", str(python), f"{tree}{extras}"]
    lock = tree / LOCK
    pins = lock.read_text(encoding="utf-8").splitlines() if lock.is_file() else []
    if spec.library:
        name = canonicalize_name(Requirement(spec.library).name)
        pins = [pin for pin in pins if canonicalize_name(Requirement(pin).name) != name]
        overrides = scratch / "overrides.txt"
        overrides.write_text(spec.library + "\n", encoding="utf-8")
        command += [spec.library, "--override", str(overrides)]
    constraints = scratch / "constraints.txt"
    constraints.write_text("".join(f"{pin}\n" for pin in pins), encoding="utf-8")
    return [*command, "--constraint", str(constraints)]


def _unpack(spec: EnvironmentSpec, tree: Path) -> None:
    command = ["git", "-C", str(spec.checkout), "archive", spec.commit]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        message = done.stderr.decode(errors="replace").strip()
        raise BadInputError(f"{spec.label} cannot be read from git ({message}).")
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(tree, filter="data")


def _uv(spec: EnvironmentSpec, *arguments: str) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    done = subprocess.run(
        [_uv_file(), *arguments], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        message = " ".join(done.stderr.split())[-400:]
        raise BadInputError(f"No environment can be built for {spec.label}; uv said: {message}")


def _uv_file() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.is_file() else shutil.which("uv")
    if found is None:
        raise BadInputError("Environments are built with uv: pip install 'nearhit[bench]'.")
    return found


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
