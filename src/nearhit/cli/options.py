"""Options shared by several commands, and the parsing of their values."""

import re
from fractions import Fraction
from pathlib import Path
from typing import Annotated, cast

import typer

from nearhit.data.event import Event
from nearhit.errors import BadInputError
from nearhit.plugins.adapter import Device
from nearhit.plugins.registry import trackers
from nearhit.plugins.spec import WHOLE_EVENT, TrackerSpec
from nearhit.quality import Trackable

EventArgument = Annotated[
    str,
    typer.Argument(
        metavar="EVENT",
        help="'bundled', a recipe such as ttbar-mu200@7 (see 'nearhit data list'), or a path: a "
        "prefix such as DIR/event000021000, a directory, a zip archive or a table.",
    ),
]
MetricOption = Annotated[str, typer.Option("--metric", help="See 'nearhit metrics'.")]
QueriesOption = Annotated[
    str, typer.Option("--queries", metavar="all|N", help="Query all hits, or N drawn at random.")
]
VolumesOption = Annotated[
    str,
    typer.Option("--volumes", metavar="7,8,9", help="Use only the hits in these volumes."),
]
ColumnsOption = Annotated[
    str,
    typer.Option(
        "--columns", metavar="x=gx,y=gy,z=gz", help="Names of the columns in a plain table."
    ),
]
MinPtOption = Annotated[
    float, typer.Option("--min-pt", metavar="GEV", help="Minimum pT of a trackable particle.")
]
MinHitsOption = Annotated[
    int, typer.Option("--min-hits", help="Minimum number of hits of a trackable particle.")
]
MinShareOption = Annotated[
    str, typer.Option("--min-share", help="Share of a particle's hits that one bucket must hold.")
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of all random numbers.")]
ThreadsOption = Annotated[int | None, typer.Option("--threads", help="All by default.")]
RepeatsOption = Annotated[
    int, typer.Option("--repeats", min=1, max=10_000, help="Warm passes, after a cold one.")
]
TimeoutOption = Annotated[
    float, typer.Option("--timeout", min=0.001, help="Time limit per cell in seconds.")
]
MemoryOption = Annotated[
    int | None,
    typer.Option(
        "--memory-limit",
        metavar="MIB",
        min=1,
        max=2**40,
        help="Memory limit per cell; by default 80 % of the machine's memory.",
    ),
]
DeviceOption = Annotated[
    str, typer.Option("--device", metavar="cpu|cuda", help="By default each library's first one.")
]
TrackerOption = Annotated[
    str,
    typer.Option("--tracker", metavar="SPEC", help="Such as 'kalman'; see 'nearhit trackers'."),
]
BucketsOption = Annotated[
    str,
    typer.Option(
        "--buckets",
        metavar="SELECTION[+…]",
        help="Bucket selections for the tracker, such as 'start-layer + joined(by=phi)'; by "
        "default all buckets; see 'nearhit trackers'.",
    ),
]
MachineOption = Annotated[
    str,
    typer.Option(
        "--machine",
        help="Machine of the records; by default this one if it has records, else the one of the "
        "newest record.",
    ),
]
ResultsOption = Annotated[
    Path, typer.Option("--results", help="The folder of results; records lie in its 'records'.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def default_index(tracker: str) -> str:
    """Return the index to use if none is given."""
    if tracker and trackers()[TrackerSpec.parse(tracker).name].takes != "buckets":
        return WHOLE_EVENT.name
    return "scipy-kdtree"


def refuse_ignored(context: typer.Context, names: str, why: str) -> None:
    """Refuse options that people gave and that would change nothing.

    Args:
        context: of the command.
        names: of its parameters, separated by blanks.
        why: they change nothing, and the remedy, to end the sentence with.

    Raises:
        BadInputError: one of them is given.
    """
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if parameter.name in names.split() and source and source.name == "COMMANDLINE":
            is_option = parameter.param_type_name == "option"
            shown = (
                parameter.opts[0] if is_option else parameter.metavar or str(parameter.name).upper()
            )
            raise BadInputError(f"{shown} changes nothing {why}.")


def refuse_without_truth(context: typer.Context, event: Event) -> None:
    """Refuse cuts on particles of an event that has none.

    Raises:
        BadInputError: one is given.
    """
    if event.truth is None:
        why = f"since {event.name} has no truth: leave it out"
        refuse_ignored(context, "min_pt min_hits min_share", why)


def queries_from(text: str) -> int | None:
    """Parse the number of queries; None for `all`."""
    if text == "all":
        return None
    return _whole_number(text, "--queries", "'all' or a whole number")


def device_from(text: str) -> Device | None:
    """Parse the device; None for the library's default."""
    if text in {"cpu", "cuda"}:
        return cast("Device", text)
    if text:
        raise BadInputError(f"--device takes cpu or cuda, not {text!r}.")
    return None


def volumes_from(text: str) -> tuple[int, ...]:
    """Parse a list of volumes such as `7,8,9`; empty for no restriction."""
    wanted = "volume numbers such as 7,8,9"
    return tuple(_whole_number(one, "--volumes", wanted) for one in text.split(",") if text)


def trackable_from(min_hits: int, min_pt: float, min_share: str) -> Trackable:
    """Return the cuts on particles; the share, such as `0.8` or `4/5`, is exact."""
    if not _SHARE.fullmatch(min_share) or re.search(r"/0+$", min_share):
        raise BadInputError(f"--min-share takes a share such as 0.8 or 4/5, not {min_share!r}.")
    return Trackable(min_hits, min_pt, Fraction(min_share))


_SHARE = re.compile(r"[0-9]{1,9}(\.[0-9]{0,9})?|\.[0-9]{1,9}|[0-9]{1,9}/[0-9]{1,9}")


def _whole_number(text: str, option: str, wanted: str) -> int:
    if not re.fullmatch(r"\s*-?[0-9]{1,10}\s*", text):
        raise BadInputError(f"{option} takes {wanted}, not {text!r}.")
    return int(text)
