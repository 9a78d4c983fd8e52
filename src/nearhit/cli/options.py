"""Options shared by several commands, and the parsing of their values."""

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
RepeatsOption = Annotated[
    int, typer.Option("--repeats", min=1, help="Warm passes, after a cold one.")
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
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def default_index(tracker: str) -> str:
    """Return the index to use if none is given."""
    if tracker and trackers()[TrackerSpec.parse(tracker).name].takes != "buckets":
        return WHOLE_EVENT.name
    return "scipy-kdtree"


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
    parts = [part for part in text.split(",") if part.strip()]
    return tuple(_whole_number(part, "--volumes", "volume numbers such as 7,8,9") for part in parts)


def share_from(text: str) -> Fraction:
    """Parse a share such as `0.8` or `4/5` exactly."""
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
