"""Reads published.toml."""

import tomllib
from collections.abc import Iterator
from dataclasses import fields
from functools import partial
from importlib.resources import files
from itertools import product
from typing import Any

from nearhit.report.chart import Axis

from . import values
from .figure import Line, Plot, PublishedFigure, Source
from .required_cell import RequiredCell

_COORDINATES = {"pipeline", *(field.name for field in fields(RequiredCell))}


def _read() -> Iterator[PublishedFigure]:
    text = (files(__package__) / "published.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    for entry in content["figures"]:
        source = Source(**content["sources"][entry.pop("source")])
        lines = tuple(line for grid in entry.pop("lines", ()) for line in _lines(grid))
        plot = _plot(**entry.pop("plot")) if "plot" in entry else None
        yield PublishedFigure(source=source, lines=lines, plot=plot, **entry)


def _plot(x: dict[str, Any], y: dict[str, Any], **rest: Any) -> Plot:
    return Plot(Axis(**x), Axis(**y), **rest)


def _lines(grid: dict[str, Any]) -> Iterator[Line]:
    """Expand a grid of lines, the columns fastest."""
    levels = [grid.pop(level, [{}]) for level in ("tables", "rows", "columns")]
    for table, row, (place, column) in product(*levels[:2], enumerate(levels[2])):
        entry = {**grid, **table, **row, **column}
        if isinstance(entry.get("published"), list):
            entry["published"] = entry["published"][place]
        yield _line({key: _filled(value, entry) for key, value in entry.items()})


def _filled(value: Any, entry: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_filled(one, entry) for one in value]
    return value.format_map(entry) if isinstance(value, str) else value


def _line(entry: dict[str, Any]) -> Line:
    shared = {key: entry.pop(key) for key in _COORDINATES & entry.keys()}
    cells = tuple(RequiredCell.read(**shared | more) for more in entry.pop("cells", [{}]))
    value = _function(entry.pop("value"))
    keys = entry.keys() - {"table", "row", "column"}
    return Line(cells=cells, value=value, **{key: entry[key] for key in keys})


def _function(value: str | list[Any]) -> values.ValueFunction:
    name, *arguments = [value] if isinstance(value, str) else value
    if "." in name:
        return partial(values.number, name)
    return partial(getattr(values, name), *arguments)


FIGURES = {figure.name: figure for figure in _read()}
