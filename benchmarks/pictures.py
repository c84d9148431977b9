"""How many pictures does one process draw? ``python -m benchmarks.pictures`` (a minute).

People of the bundle ask for a map and for each chart of themselves, on one core. Each picture is
drawn once, after those of other people, as by a process that has drawn for a while; times are
processor time. What charts show is found beforehand, as the bot does so elsewhere; maps find their
users' locations themselves.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise

import numpy as np

from benchmarks.common.people import people
from benchmarks.common.stopwatch import cores, in_fresh_process, memory, once_each
from benchmarks.common.targets import Target, short, table
from engine import Taste, TasteModel, load_model
from engine.insights.affinities import affinities
from engine.plots.charts_group import draw_agreement_matrix
from engine.plots.charts_movies import draw_dimension
from engine.plots.charts_stars import CommonRating, draw_agreement, draw_fit
from engine.plots.charts_taste import draw_taste
from engine.plots.map import draw_map, draw_neighbourhood
from engine.plots.map_members import draw_members
from engine.recommend.agreement import agreement, agreements
from engine.training.evaluate import Doubles

Draw = Callable[[], object]

_PEOPLE, _RATINGS = 40, 50
_WARM_UP = 4  # one picture in so many comes first, and is not timed
_PICKS, _GROUP, _CLUB, _DIMENSIONS = 5, 4, 6, 3
_MAPS, _CHARTS, _SLOW = 15, 25, 150  # goals: a second, a second, milliseconds


def main() -> None:
    targets = [t for kind in (maps_drawn, charts_drawn) for t in in_fresh_process(kind)]
    print(*table(targets), sep="\n")


def maps_drawn() -> list[Target]:
    """A user's own map, and the other maps."""
    model, tastes, before = _at_work()
    own = _milliseconds([_own_map(model, taste) for taste in tastes])
    added = memory() - before
    best_known = np.argsort(-model.catalogue.counts, kind="stable")[: len(tastes)]
    films = model.movie_ids[best_known].tolist()
    others: dict[str, list[Draw]] = {
        "a film close up": [
            partial(draw_neighbourhood, model, film, taste)
            for film, taste in zip(films, tastes, strict=True)
        ],
        f"{_GROUP} people": [partial(draw_members, model, club) for club in _clubs(tastes, _GROUP)],
        "all films, of nobody": [partial(draw_map, model)] * len(films),
    }
    return [
        _rate("maps of one person, one core", own, _MAPS),
        Target.below("a map of one person, p95", float(np.percentile(own, 95)), _SLOW, "ms"),
        *(_fact(f"a map of {what}", _milliseconds(draws)) for what, draws in others.items()),
        _memory(f"{len(tastes)} maps", added),
    ]


def charts_drawn() -> list[Target]:
    """Charts of people, each kind as often as the others."""
    model, tastes, before = _at_work()
    kinds = {
        "taste": [_taste(model, taste) for taste in tastes],
        "fit": [_fit(model, taste) for taste in tastes],
        "compare": [_compare(model, you, they) for you, they in pairwise([*tastes, tastes[0]])],
        "club": [_club(model, club) for club in _clubs(tastes, _CLUB)],
        "dimension": [_dimension(model, taste, n) for n, taste in enumerate(tastes)],
    }
    times = {kind: _milliseconds(draws) for kind, draws in kinds.items()}
    return [
        _rate("charts of five kinds, one core", np.concatenate(list(times.values())), _CHARTS),
        *(_fact(f"a chart of {kind}", some) for kind, some in times.items()),
        _memory(f"{len(kinds) * len(tastes)} charts", memory() - before),
    ]


def _at_work() -> tuple[TasteModel, list[Taste], int]:
    """The model as it is where pictures are drawn, people, and the memory held then, in bytes."""
    model = load_model()
    model.warm_up()
    tastes = [model.fit(person) for person in people(model, _PEOPLE, _RATINGS)]
    gc.collect()
    gc.freeze()
    return model, tastes, memory()


def _milliseconds(draws: Sequence[Draw]) -> Doubles:
    """The time of each picture but those that come first."""
    first = len(draws) // _WARM_UP
    with cores(1):
        once_each(draws[:first])
        return 1e3 * once_each(draws[first:])


def _rate(what: str, times: Doubles, goal: int) -> Target:
    per_second = 1e3 / float(times.mean())
    median = f"median {short(float(np.median(times)))} ms"
    measured = f"{short(per_second)} /s ({median})"
    return Target(what, measured, f"{goal} /s", per_second >= goal)


def _fact(what: str, times: Doubles) -> Target:
    median, p95 = np.percentile(times, [50, 95]).tolist()
    return Target(what, f"{short(median)} ms (p95 {short(p95)})", "", True)


def _memory(what: str, added: int) -> Target:
    return Target(f"memory that {what} add", f"{added / 1e6:.0f} MB", "", True)


def _clubs(tastes: Sequence[Taste], size: int) -> Iterator[list[tuple[str, Taste]]]:
    """Names and tastes of so many neighbours, as often as there are people."""
    for at in range(len(tastes)):
        yield [(f"person {at - i}", tastes[at - i]) for i in range(size)]


def _own_map(model: TasteModel, taste: Taste) -> Draw:
    """With the fit, as the ratings alone travel to the process that draws."""
    ratings, picks = dict(taste.ratings), [pick.movie for pick in taste.recommend(_PICKS)]
    return lambda: draw_map(model, model.fit(ratings), picks)


def _taste(model: TasteModel, taste: Taste) -> Draw:
    likes = affinities(model.catalogue, taste.ratings)
    scores, films = model.dimensions_of(taste, _DIMENSIONS), model.aligned(taste)
    return partial(draw_taste, "somebody", len(taste.ratings), likes, scores, films)


def _fit(model: TasteModel, taste: Taste) -> Draw:
    names = [model.catalogue.by_id(movie).name for movie in taste.ratings]
    guesses, _ = taste.leave_one_out()
    return partial(draw_fit, names, guesses, np.array(list(taste.ratings.values())))


def _compare(model: TasteModel, you: Taste, they: Taste) -> Draw:
    found = agreement(model, you, they)
    films = [
        CommonRating(model.catalogue.by_id(movie), you.ratings[movie], they.ratings[movie])
        for movie in found.shared
    ]
    return partial(draw_agreement, "you", "they", films, found)


def _club(model: TasteModel, club: Sequence[tuple[str, Taste]]) -> Draw:
    close = agreements(model, [taste for _, taste in club])
    return partial(draw_agreement_matrix, [name for name, _ in club], close)


def _dimension(model: TasteModel, taste: Taste, number: int) -> Draw:
    number %= model.n_dimensions
    return partial(draw_dimension, model.dimension(number), model.dimension_score(taste, number))


if __name__ == "__main__":
    main()
