"""`nearhit metrics`: list the metrics."""

from nearhit.plugins.registry import METRICS, metrics

from .options import JsonOption
from .output import print_broken, print_json, print_table, with_broken_ones


def command(*, as_json: JsonOption = False) -> None:
    """List the metrics: the coordinates of a point, and the distance between points.

    [bold]Example[/bold]: nearhit metrics --json
    """
    rows = [
        {"name": metric.name, "coordinates": metric.formula, "distances": list(metric.distances)}
        for metric in metrics().values()
    ]
    if as_json:
        print_json(with_broken_ones(rows, METRICS))
        return
    print_table(
        "Metrics",
        ("metric", "coordinates", "distance", "equivalent distances"),
        [
            (row["name"], row["coordinates"], row["distances"][0], ", ".join(row["distances"][1:]))
            for row in rows
        ],
    )
    print_broken(METRICS)
