"""`nearhit recommend`: what to take, from records."""

from pathlib import Path
from typing import Annotated

import typer

from nearhit.contract.certificate import Certificate
from nearhit.errors import BadInputError
from nearhit.recommendation import Demands, in_json, in_words, recommend
from nearhit.records.read import RECORDS
from nearhit.records.select import AskedEvent
from nearhit.records.store import Store

from .messages import say_once
from .options import (
    JsonOption,
    MachineOption,
    MinHitsOption,
    MinPtOption,
    MinShareOption,
    ResultsOption,
    VolumesOption,
    trackable_from,
    volumes_from,
)
from .output import print_json
from .report import CERTIFICATES

NOT_MET = 1


def command(  # noqa: PLR0913 - one argument an option
    *,
    event: Annotated[
        str, typer.Option("--event", help="As in 'nearhit run', or as records call it.")
    ] = "bundled",
    min_efficiency: Annotated[
        float | None, typer.Option("--min-efficiency", help="Particle efficiency of the buckets.")
    ] = None,
    max_seconds: Annotated[
        float | None, typer.Option("--max-seconds", help="Per event, all hits queried.")
    ] = None,
    min_score: Annotated[
        float | None, typer.Option("--min-score", help="TrackML score: recommend a pipeline, too.")
    ] = None,
    min_pt: MinPtOption = 0.0,
    min_hits: MinHitsOption = 4,
    min_share: MinShareOption = "0.8",
    threads: Annotated[
        int | None, typer.Option("--threads", help="Any number if not given.")
    ] = None,
    volumes: VolumesOption = "",
    machine: MachineOption = "",
    results: ResultsOption = Path("results"),
    as_json: JsonOption = False,
) -> None:
    """Say which index, metric and bucket size, and which pipeline, to take; from records alone.

    The fastest that meets the demands, or with --max-seconds alone the most efficient in time; the
    runner-up, the evidence, and what was not measured. Exit code 1 says that nothing meets them.

    [bold]Examples[/bold]:

    nearhit recommend --event bundled --min-efficiency 0.25 --max-seconds 1

    nearhit recommend --event bundled --min-score 0.9 --max-seconds 1 --json
    """
    demands = Demands(
        max_seconds,
        min_efficiency,
        min_score,
        threads,
        trackable_from(min_hits, min_pt, min_share),
    )
    records = list(Store(results / RECORDS, unreadable=say_once))
    if not records:
        raise BadInputError(
            f"{results / RECORDS} holds no records: measure some with 'nearhit run'."
        )
    asked = AskedEvent.read(event, volumes_from(volumes), (one.cell.event for one in records))
    certificates = Store(results / CERTIFICATES, Certificate, say_once)
    found = recommend(records, certificates, asked, demands, machine)
    if as_json:
        print_json(in_json(found))
    else:
        typer.echo(in_words(found))
    if not found.met:
        raise typer.Exit(NOT_MET)
