"""`nearhit trackers`: list trackers and bucket selections."""

from typing import Any

from nearhit.plugins.bucket_selection import BucketSelection
from nearhit.plugins.registry import (
    BUCKET_SELECTIONS,
    TRACKERS,
    bucket_selections,
    how_to_install,
    installed_version,
    trackers,
)
from nearhit.plugins.spec import parameters_of
from nearhit.plugins.tracker import Tracker

from .options import JsonOption
from .output import print_broken, print_json, print_table, with_broken_ones


def command(*, as_json: JsonOption = False) -> None:
    """List the trackers, the packages they depend on, and the bucket selections.

    [bold]Example[/bold]: nearhit trackers --json
    """
    rows = [describe(tracker) for tracker in trackers().values()]
    selections = [describe_selection(one) for one in bucket_selections().values()]
    if as_json:
        found = with_broken_ones(rows, TRACKERS), with_broken_ones(selections, BUCKET_SELECTIONS)
        print_json(dict(zip(("trackers", "buckets"), found, strict=True)))
        return
    print_table(
        "Trackers",
        ("tracker", "takes", "reads the truth", "package", "parameters"),
        [
            (
                row["name"],
                {"both": "buckets or the event"}.get(row["takes"], f"the {row['takes']}"),
                "yes" if row["truth"] else "no",
                f"{row['package']} {row['version'] or 'not installed: ' + row['install']}",
                _lines(row["parameters"]),
            )
            for row in rows
        ],
    )
    print_table(
        "Bucket selections (--buckets)",
        ("selection", "keeps", "parameters"),
        [(one["name"], one["meaning"], _lines(one["parameters"])) for one in selections],
    )
    print_broken(TRACKERS)
    print_broken(BUCKET_SELECTIONS)


def _lines(parameters: list[dict[str, Any]]) -> str:
    return "\n".join(f"{one['name']}={one['default']}  {one['meaning']}" for one in parameters)


def describe_selection(selection: type[BucketSelection]) -> dict[str, Any]:
    """Return the description of a bucket selection, ready for JSON."""
    meaning = (selection.__doc__ or "").partition("\n")[0]
    return {"name": selection.name, "meaning": meaning, "parameters": _parameters(selection)}


def _parameters(declared: type[Any]) -> list[dict[str, Any]]:
    return [
        {"name": field.name, "default": field.default, **field.metadata}
        for field in parameters_of(declared)
    ]


def describe(tracker: type[Tracker]) -> dict[str, Any]:
    """Return the description of a tracker, ready for JSON."""
    return {
        "name": tracker.name,
        "takes": tracker.takes,
        "truth": tracker.truth,
        "package": tracker.package,
        "version": installed_version(tracker),
        "install": how_to_install(tracker),
        "parameters": _parameters(tracker),
    }
