"""Staleness of records: reasons why the code or libraries at hand differ from those measured."""

import ast
import io
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import resolve_name
from pathlib import Path

from packaging.version import InvalidVersion, Version

from nearhit.cells.cell import Cell
from nearhit.machine.provenance import ABSENT, checkout, commit, versions
from nearhit.plugins.registry import adapters, trackers

from .record import Record

_BUCKETS = ("nearhit.measure.measure", "nearhit.quality")
_TRACKS = ("nearhit.measure.judge",)
"""The modules that make a cell's numbers; what they import is found in their text."""

_NAMED = 3
"""How many of the files that have changed a reason names."""

_SAID = frozenset({"extra", "licence", "needs", "repeatable", "threaded"})
"""Attributes of an adapter that do not affect its numbers."""


@dataclass(frozen=True)
class Here:
    """The code and libraries at hand, which records are compared with.

    Attributes:
        root: a checkout of nearhit; None if it was installed without its history.
        commit: commit of the checkout, see `nearhit.machine.provenance.commit`.
        installed: versions of the installed packages.
    """

    root: Path | None
    commit: str
    installed: Mapping[str, str]

    def reasons(self, record: Record) -> tuple[str, ...]:
        """Return the reasons why a record is stale, in a few words each; none if it is not."""
        return (*self._of_code(record), *self._of_libraries(record))

    def _of_code(self, record: Record) -> Iterator[str]:
        measured = record.provenance.commit
        if self.root is None or measured == self.commit:
            return
        base = measured.partition("+")[0]
        state = _state(self.root, base)
        if record.provenance.dirty:
            yield f"its code, {measured}, was never committed"
        elif state == "unknown":
            yield f"its commit, {measured}, is not in this checkout"
        elif state == "older" and (changed := self._changed(record.cell, base)):
            yield f"its code has changed since {measured}: {_few(changed)}"

    def _changed(self, cell: Cell, base: str) -> list[str]:
        assert self.root is not None  # noqa: S101 - for the type checker; the caller has checked it
        return list(changed_files(self.root, base, files_behind(self.root, cell)))

    def _of_libraries(self, record: Record) -> Iterator[str]:
        for package, measured in record.provenance.versions.items():
            here = self.installed.get(package, ABSENT)
            if _newer(here, measured):
                yield f"{package} {here} is installed, and it has {measured}"


def here(records: Iterator[Record] | list[Record]) -> Here:
    """Return the code and the libraries at hand that records depend on."""
    packages = {package for record in records for package in record.provenance.versions}
    return Here(checkout(), commit(), versions(*sorted(packages)))


def files_behind(root: Path, cell: Cell) -> frozenset[str]:
    """Return the source files that make the numbers of a cell, relative to a checkout.

    Files that make events are not among them, because records hold the digest of the event.
    """
    modules = [*_BUCKETS]
    if cell.index.name in adapters():
        modules.append(adapters()[cell.index.name].__module__)
    if cell.tracker and cell.tracker.name in trackers():
        modules += [*_TRACKS, trackers()[cell.tracker.name].__module__]
    return _files_of(root, tuple(modules))


@cache
def _files_of(root: Path, modules: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            if file := _file_of(root, module):
                found.add(file.relative_to(root).as_posix())
                waiting += _imported(file, module)
    return frozenset(found)


@cache
def _file_of(root: Path, module: str) -> Path | None:
    """Return the file of a module; None if it is not part of nearhit."""
    first, *rest = module.split(".")
    if first != "nearhit" or not rest:
        return None
    top = root if rest[0] in {"adapters", "datasets"} else root / "src" / "nearhit"
    place = top.joinpath(*rest)
    files = (place.with_suffix(".py"), place / "__init__.py")
    return next((file for file in files if file.is_file()), None)


@cache
def _imported(file: Path, module: str) -> tuple[str, ...]:
    """Return the imports of a module, including imported names that may be modules themselves."""
    return tuple(dict.fromkeys(_names_imported(file, module)))


def _names_imported(file: Path, module: str) -> Iterator[str]:
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(_tree(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            name = resolve_name("." * node.level + (node.module or ""), package)
            yield name
            yield from (f"{name}.{one.name}" for one in node.names)
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names)


@cache
def changed_files(root: Path, base: str, files: frozenset[str]) -> tuple[str, ...]:
    """Return those of some source files whose code differs from a commit, in order of name.

    Comments, docstrings, the path of a file and the paths that it imports from are ignored.
    """
    changes = _changes(root, base)
    return tuple(sorted(file for file in files if file in changes and changes[file].differs()))


@dataclass(frozen=True)
class _Change:
    """A file whose text differs from a commit.

    Attributes:
        file: as it is here.
        before: its text at the commit; None if it was not there.
    """

    file: Path
    before: str | None

    def differs(self) -> bool:
        """Return whether its code differs, too."""
        if self.before is None or not self.file.is_file() or self.file.suffix != ".py":
            return True
        return _code(self.before) != _code(self.file.read_text(encoding="utf-8"))


@cache
def _changes(root: Path, base: str) -> Mapping[str, _Change]:
    """Return the files whose text differs from a commit, by name relative to the checkout."""
    compared = ("diff", "--name-status", "--find-renames", base, "--", "src", "adapters")
    lines = [line.split("\t") for line in _git(root, *compared).stdout.splitlines()]
    added = _git(root, "ls-files", "--others", "--exclude-standard", "src", "adapters")
    before = _texts(root, base)
    changed = {names[-1]: before.get(names[0]) for _, *names in lines}
    changed |= dict.fromkeys(added.stdout.split())
    return {name: _Change(root / name, text) for name, text in changed.items()}


def _texts(root: Path, base: str) -> dict[str, str]:
    """Return the text of every Python file of a commit, by name."""
    command = ["git", "-C", str(root), "archive", base, "src", "adapters"]
    packed = subprocess.run(command, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        opened = ((one.name, archive.extractfile(one)) for one in archive if one.isfile())
        return {
            name: file.read().decode() for name, file in opened if file and name.endswith(".py")
        }


@cache
def _code(text: str) -> str:
    """Return the code of a module without comments, docstrings, layout and descriptions."""
    tree = _tree(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            node.module, node.level = None, 0
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [one for one in body if not (_is_text(one) or _is_said(one))]
            node.body = sorted(kept, key=_import_order)  # type: ignore[attr-defined]
    return ast.dump(tree)


def _import_order(node: ast.AST) -> str:
    """Return a key that sorts imports by the imported names, before everything else."""
    return ast.dump(node) if isinstance(node, ast.ImportFrom) else "_"


def _tree(text: str) -> ast.Module:
    """Return the syntax tree of a module; an empty one if it cannot be parsed."""
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def _is_text(node: ast.AST) -> bool:
    alone = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return alone and isinstance(node.value.value, str)  # type: ignore[attr-defined]


def _is_said(node: ast.AST) -> bool:
    constant = isinstance(node, ast.AnnAssign) and "ClassVar" in ast.dump(node.annotation)
    return constant and getattr(node.target, "id", "") in _SAID  # type: ignore[attr-defined]


@cache
def _state(root: Path, base: str) -> str:
    """Return whether a commit is `older` or `newer` than the one checked out, or `unknown`."""
    if _git(root, "rev-parse", "--verify", "--quiet", f"{base}^{{commit}}").returncode:
        return "unknown"
    ahead = _git(root, "merge-base", "--is-ancestor", "HEAD", base).returncode == 0
    behind = _git(root, "merge-base", "--is-ancestor", base, "HEAD").returncode == 0
    return "older" if behind or not ahead else "newer"


def _few(names: list[str]) -> str:
    rest = [f"and {len(names) - _NAMED} more"] if len(names) > _NAMED else []
    return " ".join([*names[:_NAMED], *rest])


def _newer(here: str, measured: str) -> bool:
    if ABSENT in {here, measured}:
        return here not in {ABSENT, measured}
    try:
        return Version(here) > Version(measured)
    except InvalidVersion:
        return here != measured


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)
