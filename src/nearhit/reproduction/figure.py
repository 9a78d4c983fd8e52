"""Published figures as data: lines to compare with records, and a plot of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nearhit.report.chart import Axis

from .required_cell import RequiredCell
from .values import ValueFunction


@dataclass(frozen=True)
class Source:
    """A publication.

    Attributes:
        title: of the text.
        conditions: under which it measured, as far as it says.
    """

    title: str
    conditions: str


@dataclass(frozen=True)
class Line:
    """One published number and the cells that measure it again.

    Attributes:
        what: caption.
        cells: cells whose records the value is computed from.
        value: computes it.
        published: the number; None where the source has a plot, or nothing.
        published_as: wording of the source, where that is not the bare number.
        unit: of both numbers.
        form: format specification of both numbers.
        series: curve of the plot; empty if it is not drawn.
        panel: panel of the plot.
        histogram: path of the counts in a record that are drawn instead of the value.
        any_status: accept records of any status, not `ok` alone.
    """

    what: str
    cells: tuple[RequiredCell, ...]
    value: ValueFunction
    published: float | None = None
    published_as: str = ""
    unit: str = ""
    form: str = ".3g"
    series: str = ""
    panel: str = ""
    histogram: str = ""
    any_status: bool = False


@dataclass(frozen=True)
class Plot:
    """The plot of a figure.

    Attributes:
        x, y: axes of every panel.
        over: field of `RequiredCell` that a series runs over, `second line` for the series' second
            number; empty to draw each series above its name.
        height: of a panel, in inches.
        histograms: published counts of 1, 2, 3, … by panel.
        shares: whether histograms are drawn as shares of their sum.
    """

    x: Axis
    y: Axis
    over: str = ""
    height: float = 4.4
    histograms: Mapping[str, list[int]] = field(default_factory=dict)
    shares: bool = False


@dataclass(frozen=True)
class PublishedFigure:
    """One figure of the sources.

    Attributes:
        name: what users write.
        title: what it shows.
        source: where it was published.
        same: whether it is measured under the same conditions: yes, in part, no, or –.
        differs: in what the conditions differ, in a sentence.
        note: what else a reader should know.
        lines: its numbers; the first stands for all in the summary.
        plot: None where nothing is drawn.
        later: why nothing is measured yet, or what measures it; empty where lines do.
        says: what is published, where nothing is measured yet.
    """

    name: str
    title: str
    source: Source
    same: str = "–"
    differs: str = ""
    note: str = ""
    lines: tuple[Line, ...] = ()
    plot: Plot | None = None
    later: str = ""
    says: str = ""

    @property
    def cells(self) -> tuple[RequiredCell, ...]:
        """Every cell that it needs, once."""
        return tuple(dict.fromkeys(cell for line in self.lines for cell in line.cells))
