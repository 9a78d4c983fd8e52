"""Provenance of a measurement: the commit, and versions of packages."""

import os
import subprocess
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ABSENT = "not installed"
"""Version of a package that is not installed."""

_UNDERLYING = ("nearhit", "numpy", "scipy", "numba")


@cache
def commit() -> str:
    """Return the commit of the installed nearhit, with `+` and a digest of uncommitted changes.

    In a checkout it is read from git. An installed wheel, as built by asv, has no history; there it
    is asv's own `ASV_COMMIT`.
    """
    root = checkout()
    if root is None:
        return os.environ.get("ASV_COMMIT", "unknown")[:12]
    head = _git(root, "rev-parse", "--verify", "--quiet", "HEAD").strip()[:12] or "unborn"
    sources = ("--", "src", "adapters", "datasets", "pyproject.toml")
    changes = _git(root, "diff", "HEAD", *sources)
    added = _git(root, "ls-files", "--others", "--exclude-standard", *sources).split()
    for name in added:
        changes += name + (root / name).read_text(encoding="utf-8", errors="replace")
    return f"{head}+{sha256(changes.encode()).hexdigest()[:8]}" if changes else head


def checkout() -> Path | None:
    """Return the folder of the checkout that nearhit runs from; None where it is installed."""
    root = Path(__file__).parents[3]
    return root if (root / ".git").exists() else None


def versions(*packages: str) -> dict[str, str]:
    """Return the versions of packages and of those that nearhit itself builds on."""
    found = {}
    for package in (*packages, *_UNDERLYING):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = ABSENT
    return found


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
