"""Options that several commands share, and how they are read."""

from fractions import Fraction
from typing import Annotated, cast

import typer

from nearhit.errors import BadInputError
from nearhit.plugins.adapter import Device
from nearhit.plugins.registry import trackers
from nearhit.plugins.spec import WHOLE_EVENT, TrackerSpec

EventArgument = Annotated[
    str,
    typer.Argument(
        metavar="EVENT",
        help="'bundled', a recipe such as ttbar-mu200@7 (see 'nearhit data list'), or a path: of a "
        "prefix such as DIR/event000021000, a directory, a zip archive, or a table.",
    ),
]
MetricOption = Annotated[str, typer.Option("--metric", help="See 'nearhit metrics'.")]
QueriesOption = Annotated[
    str, typer.Option("--queries", metavar="all|N", help="Query all hits, or N drawn at random.")
]
VolumesOption = Annotated[
    str,
    typer.Option("--volumes", metavar="7,8,9", help="Keep hits, queries and truth of these alone."),
]
ColumnsOption = Annotated[
    str,
    typer.Option(
        "--columns", metavar="x=gx,y=gy,z=gz", help="What the columns of a plain table are called."
    ),
]
MinPtOption = Annotated[
    float, typer.Option("--min-pt", metavar="GEV", help="pT of a trackable particle at least.")
]
MinHitsOption = Annotated[
    int, typer.Option("--min-hits", help="Hits of a trackable particle at least.")
]
MinShareOption = Annotated[
    str, typer.Option("--min-share", help="Share of its hits that one bucket must hold.")
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Of everything random.")]
RepeatsOption = Annotated[
    int, typer.Option("--repeats", min=1, help="Warm passes; a cold one comes first, kept apart.")
]
TimeoutOption = Annotated[
    float, typer.Option("--timeout", min=0.001, help="Seconds that one cell may take.")
]
MemoryOption = Annotated[
    int | None,
    typer.Option(
        "--memory-limit", metavar="MIB", min=1, help="Per cell; 80 % of the machine if not given."
    ),
]
DeviceOption = Annotated[
    str, typer.Option("--device", metavar="cpu|cuda", help="Each library's own first if not given.")
]
TrackerOption = Annotated[
    str, typer.Option("--tracker", metavar="SPEC", help="Such as 'kalman'; see 'nearhit trackers'.")
]
ChoicesOption = Annotated[
    str,
    typer.Option(
        "--buckets",
        metavar="CHOICE[+…]",
        help="Which buckets the tracker is given, such as 'start-layer + joined(by=phi)'; all if "
        "not given; see 'nearhit trackers'.",
    ),
]
MachineOption = Annotated[
    str,
    typer.Option(
        "--machine", help="Whose records; this one's if it has any, else that of the newest."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def default_index(tracker: str) -> str:
    """Return the index that is meant where none is written."""
    if tracker and trackers()[TrackerSpec.parse(tracker).name].takes != "buckets":
        return WHOLE_EVENT.name
    return "scipy-kdtree"


def queries_from(text: str) -> int | None:
    """Return the number of queries; None for `all`."""
    if text == "all":
        return None
    return _whole_number(text, "--queries", "'all' or a whole number")


def device_from(text: str) -> Device | None:
    """Return the device; None where the library is to choose."""
    if text in {"cpu", "cuda"}:
        return cast("Device", text)
    if text:
        raise BadInputError(f"--device takes cpu or cuda, not {text!r}.")
    return None


def volumes_from(text: str) -> tuple[int, ...]:
    """Return the volumes in a list such as `7,8,9`; none for an empty one."""
    parts = [part for part in text.split(",") if part.strip()]
    return tuple(_whole_number(part, "--volumes", "volume numbers such as 7,8,9") for part in parts)


def share_from(text: str) -> Fraction:
    """Return a share such as `0.8` or `4/5`, exactly."""
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise BadInputError(
            f"--min-share takes a share such as 0.8 or 4/5, not {text!r}."
        ) from None


def _whole_number(text: str, option: str, wanted: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise BadInputError(f"{option} takes {wanted}, not {text!r}.") from None
