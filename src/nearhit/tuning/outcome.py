"""The result of tuning, ready for JSON, for a table, and for the file of tuned settings."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from nearhit.cells.tuned import TunedSetting
from nearhit.plugins.registry import adapters, installed_version

from .finals import Final
from .probe import Measured
from .tune import Order, Tuned

HEADER = ("index", "setting", "s/event", "× default", "of exact", "demand")


def table_rows(found: Iterable[Tuned]) -> Iterator[tuple[str, ...]]:
    """Yield rows of the final comparison: of each library what was found, and its default."""
    for one in found:
        if not one.finals:
            yield one.space.default.name, "–", "–", "–", "–", one.failed
        shown = dict.fromkeys(filter(None, (one.best, one.default)))
        for final in shown:
            yield str(final.spec), _kind(one, final), *_numbers(one, final)


def _kind(one: Tuned, final: Final) -> str:
    if one.search is None:
        return "default, nothing to tune"
    words = [(one.best, "tuned"), (one.default, "default")]
    return ", ".join(word for chosen, word in words if chosen is final)


def _numbers(one: Tuned, final: Final) -> tuple[str, str, str, str]:
    if final.failed:
        return "–", "–", "–", final.failed
    ratio = "–"
    if one.default and one.default.seconds and final is not one.default:
        middle, least, most = final.times_faster(one.default)
        ratio = f"{middle:.2f} ({least:.2f}–{most:.2f})"
    return (
        f"{final.middle:.3g}",
        ratio,
        f"{min(final.shares):.2%}",
        "met" if final.met else "missed",
    )


def edges(one: Tuned) -> list[str]:
    """Return the parameters of what was found that stand at an end of the range searched."""
    return one.space.at_edge(one.best.spec) if one.best and one.search else []


def front_rows(front: Sequence[Measured]) -> list[tuple[str, str, str]]:
    """Return rows of the front between seconds and what is demanded."""
    return [(str(one.spec), f"{one.seconds:.3g}", f"{one.share:.2%}") for one in front]


def in_json(found: Iterable[Tuned], order: Order) -> list[dict[str, Any]]:
    """Return everything, ready for JSON."""
    return [
        {
            "library": one.space.default.name,
            "demand": str(order.goal),
            "index": str(one.best.spec) if one.best else None,
            "failed": one.failed or None,
            "default": _final_in_json(one, one.default),
            "best": _final_in_json(one, one.best),
            "finalists": [_final_in_json(one, final) for final in one.finals],
            "at_edge": edges(one),
            "trials": len(one.search.trials) if one.search else 0,
            "stopped_trials": sum(bool(trial.stopped) for trial in _trials(one)),
            "front": [
                {"index": str(point.spec), "seconds": point.seconds, "share": point.share}
                for point in one.front
            ],
        }
        for one in found
    ]


def settings(
    found: Iterable[Tuned], order: Order, threads: int, events: Sequence[Sequence[str]]
) -> dict[str, TunedSetting]:
    """Return what was found as settings to keep, by library.

    Args:
        found: by `tune`.
        order: of what was tuned.
        threads: that the libraries used.
        events: names of those tuned on, and of those held out.
    """
    tuned_on, held_out = map(tuple, events)
    return {
        one.space.default.name: TunedSetting(
            index=str(one.best.spec),
            demand=str(order.goal),
            metric=order.metric,
            bucket_size=order.bucket_size,
            threads=threads,
            events=tuned_on,
            held_out=held_out,
            seconds=order.seconds,
            version=installed_version(adapters()[one.space.default.name]) or "",
            how=f"nearhit tune, {len(one.search.trials)} settings, seed {order.seed}",
        )
        for one in found
        if one.best and one.search
    }


def _trials(one: Tuned) -> Sequence[Any]:
    return one.search.trials if one.search else ()


def _final_in_json(one: Tuned, final: Final | None) -> dict[str, Any] | None:
    if final is None:
        return None
    if final.failed:
        return {"index": str(final.spec), "met": False, "failed": final.failed}
    ratio = final.times_faster(one.default) if one.default and one.default.seconds else None
    return {
        "index": str(final.spec),
        "met": final.met,
        "seconds": final.middle,
        "rounds": [list(rounds) for rounds in final.seconds],
        "shares": list(final.shares),
        "times_faster_than_default": ratio
        and dict(zip(("median", "least", "most"), ratio, strict=True)),
    }
