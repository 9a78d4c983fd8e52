"""`nearhit trackers`: what can find tracks here, and how to install the rest."""

from typing import Any

from nearhit.registry import how_to_install, installed_version, trackers
from nearhit.spec import parameters_of
from nearhit.tracker import Tracker

from .options import JsonOption
from .output import print_json, print_table

NAME = "trackers"


def command(*, as_json: JsonOption = False) -> None:
    """List the trackers: what they look in, parameters, how to install what they stand on.

    [bold]Example[/bold]: nearhit trackers --json
    """
    rows = [describe(tracker) for tracker in trackers().values()]
    if as_json:
        print_json(rows)
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
                "\n".join(f"{p['name']}={p['default']}  {p['meaning']}" for p in row["parameters"]),
            )
            for row in rows
        ],
    )


def describe(tracker: type[Tracker]) -> dict[str, Any]:
    """Return what is known of a tracker, ready for JSON."""
    return {
        "name": tracker.name,
        "takes": tracker.takes,
        "truth": tracker.truth,
        "package": tracker.package,
        "version": installed_version(tracker),
        "install": how_to_install(tracker),
        "parameters": [
            {"name": field.name, "default": field.default, **field.metadata}
            for field in parameters_of(tracker)
        ],
    }
