"""`nearhit trackers`: what can find tracks here, and how to install the rest."""

from typing import Any

from nearhit.plugins.bucket_selection import BucketSelection
from nearhit.plugins.registry import bucket_selections, how_to_install, installed_version, trackers
from nearhit.plugins.spec import parameters_of
from nearhit.plugins.tracker import Tracker

from .options import JsonOption
from .output import print_json, print_table

NAME = "trackers"


def command(*, as_json: JsonOption = False) -> None:
    """List the trackers, what they stand on, and which buckets they may be given.

    [bold]Example[/bold]: nearhit trackers --json
    """
    rows = [describe(tracker) for tracker in trackers().values()]
    chosen = [describe_choice(choice) for choice in bucket_selections().values()]
    if as_json:
        print_json({"trackers": rows, "buckets": chosen})
        return
    print_table(
        "Trackers",
        ("tracker", "looks in", "reads the truth", "stands on", "parameters"),
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
        "Which buckets they are given (--buckets)",
        ("choice", "keeps", "parameters"),
        [(one["name"], one["meaning"], _lines(one["parameters"])) for one in chosen],
    )


def _lines(parameters: list[dict[str, Any]]) -> str:
    return "\n".join(f"{one['name']}={one['default']}  {one['meaning']}" for one in parameters)


def describe_choice(choice: type[BucketSelection]) -> dict[str, Any]:
    """Return what is known of a choice of buckets, ready for JSON."""
    meaning = (choice.__doc__ or "").partition("\n")[0]
    return {"name": choice.name, "meaning": meaning, "parameters": _parameters(choice)}


def _parameters(declared: type[Any]) -> list[dict[str, Any]]:
    return [
        {"name": field.name, "default": field.default, **field.metadata}
        for field in parameters_of(declared)
    ]


def describe(tracker: type[Tracker]) -> dict[str, Any]:
    """Return what is known of a tracker, ready for JSON."""
    return {
        "name": tracker.name,
        "takes": tracker.takes,
        "truth": tracker.truth,
        "package": tracker.package,
        "version": installed_version(tracker),
        "install": how_to_install(tracker),
        "parameters": _parameters(tracker),
    }
