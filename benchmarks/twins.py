"""Do users of similar taste predict a user's ratings? ``python -m benchmarks.twins``.

Users held out of training give k of their ratings; each method names their n nearest MovieLens
users. Do these users' ratings predict the hidden ones? The rule is the same for every method: the
film's level, plus the person's own offset, plus the shrunk mean of how far the twins who rated the
film put it above its level and their own offset (Herlocker et al. 1999, *An Algorithmic Framework
for Performing Collaborative Filtering*, sec. 5.6). The RMSE counts all hidden ratings: of films
that no twin rated, level and offset alone are predicted, as the line "no twins" does throughout.
Beside it stand the share of hidden ratings of films that a twin rated, by how much twins make the
error smaller there, and how often a twin is within half a star of the hidden rating of a film both
rated: the honest figure of how similar two users are.

95 % intervals are of a bootstrap over users (:mod:`benchmarks.common.bootstrap`).
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.common.bootstrap import bounds, draws
from benchmarks.common.data_sets import add_data_option, release_folders
from benchmarks.common.protocol import N_TESTS, Split, read, report_splits, tuning_split
from engine.bundle.io import Bundle
from engine.data.catalogue import Catalogue
from engine.model import TasteModel
from engine.recommend.neighbours import MIN_RATINGS
from engine.training.evaluate import Doubles, Rows
from engine.training.settings import Settings
from engine.training.splits import UserSplit
from engine.training.train import fit_parameters

_OURS = "**Reeltwin**"
_NEAREST = (5, 20)  # twins named
_OWN = 5.0  # ratings at which a user's mean residual counts half as their offset
_SHRINKAGE = 8.0  # twins who rated a film at which their mean counts half

Measured = dict[tuple[int, int, str], list[Doubles]]  # by twins, ratings given and method


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.twins", description=__doc__.split("\n")[0]
    )
    add_data_option(parser)
    parser.add_argument("--splits", type=int, default=N_TESTS, help="test splits (%(default)s)")
    parser.add_argument("--tuning", action="store_true", help="measure the validation users")
    options = parser.parse_args()

    catalogue, ratings = read(release_folders(options.data))
    splits = [tuning_split(ratings)] if options.tuning else report_splits(ratings, options.splits)
    print(*_table(measure(catalogue, splits)), sep="\n")


def measure(catalogue: Catalogue, splits: list[Split]) -> Measured:
    """What was measured of the users of each split; progress goes to standard error."""
    measured: Measured = defaultdict(list)
    for number, split in enumerate(splits, 1):
        parameters = fit_parameters(catalogue, split.training, Settings())
        people = Neighbourhood.of(TasteModel(Bundle(catalogue, parameters, {})))
        for name, nearest in _methods(people).items():
            for k, cases in split.given.items():
                named = [nearest(case) for case in cases]
                for n in _NEAREST:
                    pairs = zip(cases, named, strict=True)
                    sums = np.array([people.sums(case, twins[:n]) for case, twins in pairs])
                    measured[n, k, name].append(sums)
            print(f"split {number}: {name}", file=sys.stderr)
    return measured


@dataclass(frozen=True)
class Neighbourhood:
    """The MovieLens users of a model, by their ratings.

    ``residuals`` [n_users, n_rated] are stars less the film's level, NaN where unrated; ``offsets``
    [n_users] their shrunk means; ``apt`` the users [n_apt] with ratings enough to be named.
    """

    model: TasteModel
    residuals: npt.NDArray[np.float32]
    offsets: npt.NDArray[np.float32]
    apt: Rows

    @classmethod
    def of(cls, model: TasteModel) -> "Neighbourhood":
        by_user = model.user_ratings
        counts, columns, stars = by_user.counts, by_user.columns, by_user.values
        residuals = np.full((len(counts), len(model.rated_rows)), np.nan, dtype=np.float32)
        rows = model.rated_rows[columns]
        residuals[np.repeat(np.arange(len(counts)), counts), columns] = (
            stars - model.item_baseline[rows]
        )
        offsets = np.nansum(residuals, axis=1) / (counts + _OWN)
        return cls(model, residuals, offsets, np.flatnonzero(counts >= MIN_RATINGS))

    def of_films(self, rows: Rows, users: Rows) -> npt.NDArray[np.float32]:
        """Residuals [n_users, n_films] of some users for films by catalogue row."""
        at = self.model.rated_position[rows]
        return np.where(at >= 0, self.residuals[users[:, None], at], np.float32(np.nan))

    def sums(self, case: UserSplit, twins: Rows) -> Doubles:
        """Sums over a person's hidden ratings, [7]: see :func:`_figures`."""
        level = self.model.item_baseline
        offset = (case.given_stars - level[case.given]).sum() / (len(case.given) + _OWN)
        mine = case.hidden_stars - level[case.hidden]
        theirs = self.of_films(case.hidden, twins)
        n_rated = np.isfinite(theirs).sum(axis=0)
        beyond = np.nansum(theirs - self.offsets[twins, None], axis=0)
        squared = (mine - offset - beyond / (n_rated + _SHRINKAGE)) ** 2
        covered, without = n_rated > 0, (mine - offset) ** 2
        close = np.abs(theirs - mine) <= 0.5 + 1e-4  # residuals are rounded, stars are not
        sums = (squared, np.ones_like(mine), squared * covered, without * covered, covered)
        return np.array([*(one.sum() for one in sums), close.sum(), n_rated.sum()], np.float64)


def _methods(people: Neighbourhood) -> dict[str, Callable[[UserSplit], Rows]]:
    """The nearest users [20] that each method names, nearest first."""
    model, most = people.model, max(_NEAREST)
    vectors = model.user_vectors[people.apt]
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    rng = np.random.default_rng(Settings.seed)

    def first(similarity: npt.NDArray[np.floating]) -> Rows:
        return people.apt[np.argsort(-similarity, kind="stable")[:most]]

    def ours(case: UserSplit) -> Rows:
        return np.array([twin.user for twin in model.twins(model.fit(_given(model, case)), most)])

    return {
        "no twins": lambda case: np.empty(0, np.int64),
        "random users": lambda case: rng.choice(people.apt, most, replace=False),
        "Pearson correlation of shared films": lambda case: first(_pearson(people, case)),
        "cosine of the vectors": lambda case: first(
            vectors @ model.fit(_given(model, case)).vector
        ),
        _OURS: ours,
    }


def _given(model: TasteModel, case: UserSplit) -> dict[int, float]:
    ids = model.movie_ids[case.given].tolist()
    return dict(zip(ids, case.given_stars.tolist(), strict=True))


def _pearson(people: Neighbourhood, case: UserSplit) -> Doubles:
    """Correlation [n_apt] of the stars for films both rated; ties go to who shares more."""
    level = people.model.item_baseline[case.given]
    theirs = people.of_films(case.given, people.apt).astype(np.float64) + level
    both = np.isfinite(theirs)
    n_shared = both.sum(axis=1)

    def centred(stars: Doubles) -> Doubles:
        means = np.where(both, stars, 0).sum(axis=1) / np.maximum(n_shared, 1)
        return np.where(both, stars - means[:, None], 0)

    a, b = centred(case.given_stars.astype(np.float64)), centred(theirs)
    norms = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    correlation = (a * b).sum(axis=1) / np.where(norms > 0, norms, np.inf)
    ranked: Doubles = correlation.round(9) + 1e-10 * n_shared
    return ranked


def _table(measured: Measured) -> Iterator[str]:
    """The lines of the table, in Markdown."""
    names = ("RMSE", "our lead", "a twin rated", "error less there", "within half a star")
    yield f"| twins | given | method | {' | '.join(names)} |"
    yield f"| {' | '.join(['---'] * 8)} |"
    for (n, k, method), parts in sorted(measured.items(), key=lambda item: item[0][:2]):
        sums, ours = np.concatenate(parts), np.concatenate(measured[n, k, _OURS])
        lead = "" if method == _OURS else _interval(ours, sums, _lead, "{:+.1%}")
        cells = [
            _interval(sums, sums, lambda mine, _: _figures(mine)[0], "{:.3f}"),
            lead,
            *("" if method == "no twins" else cell for cell in _shares(sums)),
        ]
        yield f"| {n} | {k} ({len(sums):,} users) | {method} | {' | '.join(cells)} |"


def _shares(sums: Doubles) -> Iterator[str]:
    yield f"{_figures(sums.sum(axis=0))[1]:.0%}"
    yield _interval(sums, sums, lambda mine, _: _figures(mine)[2], "{:+.1%}")
    yield _interval(sums, sums, lambda mine, _: _figures(mine)[3], "{:.1%}")


def _figures(sums: Doubles) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    """RMSE, share covered, relative gain there, share within half a star, of ``sums`` [..., 7]."""
    squared, n, squared_covered, without_covered, covered, close, both = np.moveaxis(sums, -1, 0)
    with np.errstate(invalid="ignore"):  # 0 / 0, the mean of nothing, is NaN
        gain = 1 - np.sqrt(squared_covered / without_covered)
        return np.sqrt(squared / n), covered / n, gain, close / both


def _lead(ours: Doubles, theirs: Doubles) -> Doubles:
    lead: Doubles = 1 - _figures(ours)[0] / _figures(theirs)[0]
    return lead


def _interval(
    ours: Doubles, theirs: Doubles, figure: Callable[[Doubles, Doubles], Doubles], form: str
) -> str:
    """A figure of all users' sums [n_users, 7], with its interval."""
    times = draws(len(ours))
    low, high = bounds(figure(times @ ours, times @ theirs))
    told = (form.format(x) for x in (figure(ours.sum(axis=0), theirs.sum(axis=0)), low, high))
    return "{} ({} to {})".format(*told)


if __name__ == "__main__":
    main()
