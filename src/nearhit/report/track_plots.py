"""The plot of trackers: what a score costs."""

from collections.abc import Iterator

from matplotlib.figure import Figure

from nearhit.records.row import Row

from .section import Section


def track_front(section: Section) -> Iterator[tuple[str, Figure]]:
    """TrackML score against seconds per event, a marker for each road, the front drawn."""
    for table in section.track_tables:
        rows = [row for row in table.rows if row["trackml_score"] is not None]
        if len(rows) < 2:  # noqa: PLR2004 - a front needs company
            continue
        figure = Figure(figsize=(9, 5), layout="constrained")
        axes = figure.subplots()
        for place, tracker in enumerate(sorted({_tracker(row) for row in rows})):
            points = [row for row in rows if _tracker(row) == tracker]
            perfect = tracker == "oracle"  # no road, but the bound of all roads in these buckets
            axes.plot(
                [row["seconds_per_event"] for row in points],
                [row["trackml_score"] for row in points],
                "o",
                color=f"C{place}",
                fillstyle="none" if perfect else "full",
                label=f"{tracker} (reads the truth)" if perfect else tracker,
            )
        for row in rows:
            at = (row["seconds_per_event"], row["trackml_score"])
            axes.annotate(_where(row), at, xytext=(5, -9), textcoords="offset points", fontsize=6.5)
        axes.step(
            [row["seconds_per_event"] for row in table.front],
            [row["trackml_score"] for row in table.front],
            "k-",
            where="post",
            linewidth=1,
            alpha=0.6,
            zorder=0,
        )
        axes.set(
            xscale="log",
            ylim=(0, 1),
            xlabel="seconds per event, from hits in memory to resolved tracks",
            ylabel="TrackML score",
            title=f"{section.title_over(table.rows)}\n{table.title}; the line is the front",
        )
        figure.legend(loc="outside right center")
        yield f"front-{table.slug}", figure


def _tracker(row: Row) -> str:
    return str(row["tracker"]).partition("(")[0]


def _where(row: Row) -> str:
    if row["index"] == "whole-event":
        return str(row["tracker"]).partition("(")[2].rstrip(")")
    return f"{row['bucket_size']} of {row['library']}"
