"""How fast, and how big? ``make speed`` (minutes).

Serving, search and pictures are timed on one core with people and titles drawn from the bundle by
a fixed seed, each beside its goal. Training on the MovieLens releases of ``--data`` is timed beside
``implicit`` ALS with the same factors, sweeps and threads. Times are medians of repeated runs, but
of pictures (:mod:`benchmarks.pictures`): of one core they are processor time, else by the clock,
and then on a machine that does anything else only the ratios tell.
"""

import argparse
from collections.abc import Callable

import numpy as np
import torch

from benchmarks.bot.autocomplete_clients import beginnings, mistyped
from benchmarks.common.data_sets import add_data_option, release_folders
from benchmarks.common.people import Person, people
from benchmarks.common.stopwatch import cores, in_fresh_process, latencies, median_seconds
from benchmarks.common.targets import Target, table
from benchmarks.loading import loading
from benchmarks.pictures import charts_drawn, maps_drawn
from engine import TasteModel, load_model
from engine.training.baseline_mf import BaselineModel, BaselineSettings
from engine.training.evaluate import Doubles, Floats, Rows

_REPEATS = 9
_PEOPLE = 20
_CROWD = 1000
_QUERIES = 1000
_COMPLETIONS = 25  # titles that Discord shows


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description=__doc__.split("\n")[0]
    )
    add_data_option(parser)
    parser.add_argument("--no-training", action="store_true", help="serving and search alone")
    options = parser.parse_args()
    folders = [] if options.no_training else release_folders(options.data)

    sections: list[Callable[[], list[Target]]] = [
        loading,
        serving,
        searching,
        maps_drawn,
        charts_drawn,
    ]
    targets = [promise for section in sections for promise in in_fresh_process(section)]
    if folders:
        from benchmarks.common.training_time import training  # with the peers of .venv-bench

        targets += in_fresh_process(training, folders)
    print(*table(targets), sep="\n")


def serving() -> list[Target]:
    """Fits and recommendations for people of the bundle."""
    model = load_model()
    some, many = people(model, _PEOPLE, 10), people(model, _PEOPLE, 50)
    crowd = people(model, _CROWD, 50)
    classroom = _classroom(model)
    given = _as_rows(model, many[0])
    with cores(1):
        fit = 1e3 * np.median(latencies(model.fit, some))
        both = 1e3 * np.median(latencies(lambda person: model.fit(person).recommend(20), many))
        theirs = 1e3 * np.median(latencies(lambda _: classroom.fit(*given), range(_REPEATS)))
    with cores(2):
        (batch,) = median_seconds(lambda: model.recommend_many(crowd, 20), repeats=_REPEATS)
    per_second = _CROWD / batch
    return [
        Target.below("fit, 10 ratings, one core", fit, 1, "ms"),
        Target.below("fit + recommend(20), 50 ratings, one core", both, 3, "ms"),
        Target(
            "the same beside the classroom fit of 50 ratings alone",
            f"{both:.2f} ms beside {theirs:.0f} ms",
            "30 times as fast",
            bool(theirs >= 30 * both),
            f"{theirs / both:.0f} times",
        ),
        Target(
            f"recommend_many, {_CROWD:,} people of 50 ratings, 2 cores",
            f"{per_second:,.0f} users/s",
            "1,500 users/s",
            per_second >= 1500,
        ),
    ]


def searching() -> list[Target]:
    """Titles with a slip, as commands resolve them, and beginnings, as Discord completes them."""
    model = load_model()
    names, counts = model.catalogue.names, model.catalogue.counts
    slips, begun = mistyped(names, counts, _QUERIES), beginnings(names, counts, _QUERIES)
    titles = model.titles
    with cores(1):
        resolved = latencies(lambda typed: titles.resolve(typed.text), slips)
        completed = latencies(lambda typed: titles.search(typed.text, _COMPLETIONS), begun)
    found = [titles.resolve(typed.text).matches for typed in slips]
    first = [bool(m) and m[0].row == typed.row for m, typed in zip(found, slips, strict=True)]
    return [
        _slow_end(f"search of {len(names):,} films, typo", resolved, 15),
        _slow_end("autocomplete, 1 to 12 letters", completed, 8),
        Target("the film meant comes first, typo", f"{np.mean(first):.1%}", "", True),
    ]


def _as_rows(model: TasteModel, person: Person) -> tuple[Rows, Floats]:
    """A person's films by catalogue row and stars, both [1, n_ratings]."""
    rows = [model.catalogue.row(movie) for movie in person]
    return np.array([rows]), np.array([list(person.values())], dtype=np.float32)


def _classroom(model: TasteModel) -> BaselineModel:
    """One that has learned nothing: a fit takes as long whatever the vectors say."""
    settings = BaselineSettings()
    generator = torch.Generator().manual_seed(1)
    movies = 0.1 * torch.randn(len(model.catalogue), 1 + settings.factors, generator=generator)
    return BaselineModel(3.5, movies[:0], movies, settings)


def _slow_end(what: str, times: Doubles, goal: float) -> Target:
    median, p95 = 1e3 * np.percentile(times, [50, 95])
    return Target.below(f"{what}, p95", p95, goal, "ms", f"median {median:.1f}")


if __name__ == "__main__":
    main()
