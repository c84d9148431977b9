"""Does a group get films that all its members like? ``make groups``.

Groups of two to eight are made of users whom no training saw (:mod:`benchmarks.common.protocol`):
random, or alike, a random user with those nearest in taste by the cosine of their vectors, fitted
to the given ratings, less the mean taste. k ratings of each member are given; each method names ten
films that none of the members' given ratings is of. A member's satisfaction is the NDCG@10 of that
list against their own hidden films rated 4 or more; those that another member gave are left out,
for no method may name them. Of each group we take the mean over the members, the minimum, and the
spread, which is the maximum less the minimum.

Beside the engine's three aggregations stand EP-FuzzDA (Malecek & Peska 2021, *Fairness-preserving
Group Recommendations With User Weighting*), the list of one random member, and the most popular
films. 95 % intervals are of a bootstrap over groups (:mod:`benchmarks.common.bootstrap`), of
differences to averaging over the same groups; groups of the same test users share members.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.common.bootstrap import bounds, draws
from benchmarks.common.data_sets import add_data_option, release_folders
from benchmarks.common.protocol import N_TESTS, Split, read, report_splits, tuning_split
from engine.bundle.io import Bundle
from engine.data.catalogue import Catalogue
from engine.model import TasteModel
from engine.recommend.candidates import candidates
from engine.recommend.groups import AGGREGATIONS, on_one_scale
from engine.recommend.taste import Taste
from engine.training.evaluate import Doubles, Rows, ndcg_at, relevant_rows
from engine.training.settings import Settings
from engine.training.splits import UserSplit
from engine.training.train import fit_parameters

SIZES = (2, 3, 4, 6, 8)
KINDS = ("random", "alike")
_GIVEN = (10, 20)
_N = 10  # films named
_FAIR, _PLAIN = "**fair, the default**", "average"
_FIGURES = ("mean", "minimum", "spread")

# The catalogue rows of ten films for a group's tastes.
Method = Callable[[Sequence[Taste]], Rows]


@dataclass(frozen=True)
class Group:
    """Positions of the members among the cases of a split."""

    kind: str
    members: tuple[int, ...]


@dataclass(frozen=True)
class Measured:
    """The groups of a number of given ratings, and of each method its figures [n_groups, 3]."""

    groups: list[Group]
    figures: dict[str, Doubles]

    def of(self, kind: str, sizes: Sequence[int] = SIZES) -> dict[str, Doubles]:
        """The figures of the groups of a kind and of some sizes."""
        at = [g.kind == kind and len(g.members) in sizes for g in self.groups]
        return {method: figures[at] for method, figures in self.figures.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.groups", description=__doc__.split("\n")[0]
    )
    add_data_option(parser)
    parser.add_argument("--splits", type=int, default=N_TESTS, help="test splits (%(default)s)")
    parser.add_argument(
        "--groups", type=int, default=100, help="groups of each kind, size and split (%(default)s)"
    )
    parser.add_argument("--tuning", action="store_true", help="measure the validation users")
    options = parser.parse_args()

    catalogue, ratings = read(release_folders(options.data))
    splits = [tuning_split(ratings)] if options.tuning else report_splits(ratings, options.splits)
    measured = measure(catalogue, splits, options.groups)
    print(*table(measured), "", *table_of_sizes(measured), sep="\n")


def measure(catalogue: Catalogue, splits: Sequence[Split], n_groups: int) -> dict[int, Measured]:
    """What was measured, by the number of ratings given; progress goes to standard error."""
    groups: dict[int, list[Group]] = defaultdict(list)
    figures: dict[int, dict[str, list[Doubles]]] = defaultdict(lambda: defaultdict(list))
    for number, split in enumerate(splits, 1):
        parameters = fit_parameters(catalogue, split.training, Settings())
        model = TasteModel(Bundle(catalogue, parameters, {}))
        for k in _GIVEN:
            cases = [case for case in split.given[k] if len(relevant_rows(case))]
            tastes = [_fitted(model, case) for case in cases]
            for group in make_groups(model, tastes, n_groups, Settings.seed):
                groups[k].append(group)
                for name, method in methods(model, len(groups[k])).items():
                    films = method([tastes[member] for member in group.members])
                    satisfied = satisfaction([cases[member] for member in group.members], films)
                    figures[k][name].append(_figures(satisfied))
            print(f"split {number}: {k} given", file=sys.stderr)
    return {
        k: Measured(groups[k], {name: np.array(of) for name, of in figures[k].items()})
        for k in groups
    }


def make_groups(
    model: TasteModel, tastes: Sequence[Taste], n_groups: int, seed: int
) -> Iterator[Group]:
    """``n_groups`` groups of every kind and size."""
    rng = np.random.default_rng(seed)
    own = np.array([taste.vector - model.cold_start_vector for taste in tastes])
    own /= np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-12)
    for size in SIZES:
        for _ in range(n_groups):
            members = rng.choice(len(tastes), size, replace=False)
            yield Group("random", tuple(members.tolist()))
            nearest = np.argsort(-(own @ own[members[0]]), kind="stable")[:size]
            yield Group("alike", tuple(nearest.tolist()))


def methods(model: TasteModel, seed: int) -> dict[str, Method]:
    """All that are measured; the random member is drawn anew for every ``seed``."""
    names = {"fair": _FAIR, "average": _PLAIN, "misery": "least misery"}
    return {
        **{names[one]: partial(_together, model, one) for one in AGGREGATIONS},
        "EP-FuzzDA": partial(_ep_fuzzda, model),
        "one member's own list": partial(_dictated, model, np.random.default_rng(seed)),
        "most popular": partial(_popular, model),
    }


def _together(model: TasteModel, aggregation: str, tastes: Sequence[Taste]) -> Rows:
    picks = model.recommend_together(tastes, _N, aggregation=aggregation)
    return np.array([model.catalogue.row(pick.movie.movie_id) for pick in picks])


def _ep_fuzzda(model: TasteModel, tastes: Sequence[Taste]) -> Rows:
    """Greedily, the film with most of what adds to the members' even shares of all relevance.

    Each member's scores are scaled from 0 to 1 on their own: so it does best of what was tried.
    """
    rows = _left(model, tastes)
    relevance = np.concatenate([on_one_scale(taste.scores()[None, rows]) for taste in tastes])
    got = np.zeros((len(tastes), 1))
    top: list[int] = []
    for _ in range(_N):
        share = (got.sum() + relevance.sum(axis=0)) / len(tastes)
        gain = np.minimum(relevance, np.maximum(share - got, 0)).sum(axis=0)
        gain[top] = -np.inf
        top.append(int(gain.argmax()))
        got += relevance[:, top[-1:]]
    return rows[top]


def _dictated(model: TasteModel, rng: np.random.Generator, tastes: Sequence[Taste]) -> Rows:
    rows = _left(model, tastes)
    scores = tastes[int(rng.integers(len(tastes)))].scores()[rows]
    return rows[np.argsort(-scores, kind="stable")[:_N]]


def _popular(model: TasteModel, tastes: Sequence[Taste]) -> Rows:
    rows = _left(model, tastes)
    return rows[np.argsort(-model.catalogue.counts[rows], kind="stable")[:_N]]


def _left(model: TasteModel, tastes: Sequence[Taste]) -> Rows:
    rated = np.concatenate([taste.rows for taste in tastes])
    return candidates(
        model, rated, genres=(), years=None, hidden_gems=False, exclude=(), min_count=None
    )


def satisfaction(cases: Sequence[UserSplit], films: Rows) -> Doubles:
    """NDCG@10 of ten films for each member, NaN for one of whom no relevant film is left."""
    given = np.concatenate([case.given for case in cases])
    left = [np.setdiff1d(relevant_rows(case), given) for case in cases]
    return np.array([ndcg_at(_N, films, mine) if len(mine) else np.nan for mine in left])


def _figures(satisfied: Doubles) -> Doubles:
    """Mean, minimum and spread over the members of whom a relevant film is left, [3]."""
    known = satisfied[~np.isnan(satisfied)]
    return np.array([known.mean(), known.min(), np.ptp(known)])


def _fitted(model: TasteModel, case: UserSplit) -> Taste:
    ids = model.movie_ids[case.given].tolist()
    return model.fit(dict(zip(ids, case.given_stars.tolist(), strict=True)))


def table(measured: Mapping[int, Measured]) -> Iterator[str]:
    """Markdown lines: groups of all sizes together."""
    pairs = (f"{name} | beside averaging" for name in _FIGURES[:2])
    yield f"| given | groups | method | {' | '.join(pairs)} | spread |"
    yield f"| {' | '.join(['---'] * 8)} |"
    for k, of_k in measured.items():
        for kind in KINDS:
            of = of_k.of(kind)
            for method, figures in of.items():
                mean, minimum, spread = figures.mean(axis=0)
                beside = ("", "") if method == _PLAIN else _beside(figures, of[_PLAIN])
                cells = f"{mean:.3f} | {beside[0]} | {minimum:.3f} | {beside[1]} | {spread:.3f}"
                yield f"| {k} | {len(figures):,} {kind} | {method} | {cells} |"


def table_of_sizes(measured: Mapping[int, Measured]) -> Iterator[str]:
    """Markdown lines: the default beside averaging, by size, all numbers of given ratings."""
    yield "| groups | of | mean | beside averaging | minimum | beside averaging |"
    yield f"| {' | '.join(['---'] * 6)} |"
    for kind in KINDS:
        for size in SIZES:
            parts = [of_k.of(kind, [size]) for of_k in measured.values()]
            fair, plain = (np.concatenate([of[name] for of in parts]) for name in (_FAIR, _PLAIN))
            (mean, minimum, _), beside = fair.mean(axis=0), _beside(fair, plain)
            cells = f"{mean:.3f} | {beside[0]} | {minimum:.3f} | {beside[1]}"
            yield f"| {len(fair):,} {kind} | {size} | {cells} |"


def _beside(ours: Doubles, theirs: Doubles) -> tuple[str, str]:
    """By how much mean and minimum are higher, with the intervals."""
    more = (ours - theirs)[:, :2]
    low, high = bounds(draws(len(more)) / len(more) @ more)
    pairs = zip(more.mean(axis=0), low, high, strict=True)
    mean, minimum = (f"{a:+.4f} ({b:+.4f} to {c:+.4f})" for a, b, c in pairs)
    return mean, minimum


if __name__ == "__main__":
    main()
