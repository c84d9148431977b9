"""Which films are similar? ``python -m benchmarks.similarity``.

Three figures. How many other films of the same series stand among the ten most similar, of as many
as could? How many of these ten places go to the fifty films that everybody has rated, for films
that are none of these? Popularity is no similarity: that should be low. And how well does the
similarity tell pairs of films to which users gave the same tag from other pairs of tagged films, as
the area under the ROC curve, where the model has seen only the other half of all tags?

The series come from titles, and titles are a signal of the measure: the line without that signal
tells how well the others know a series.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from rich.console import Console
from rich.table import Table

from engine import TasteModel, load_model
from engine.bundle.io import Bundle
from engine.linalg.rows import unit_rows
from engine.similarity.items import genre_vectors, most_similar
from engine.training.evaluate import recall_at

_FAVOURITES = 50
_WELL_KNOWN = 1000  # films beside whose ten places the favourites are counted
_SERIES = 5000  # best-known films, whose series are looked for
_ENOUGH = 100  # ratings of a film that should be found
_TELLING = 15  # films at most that share a telling tag: many tags are private lists of one user

Score = Callable[[int], npt.NDArray[np.float32]]


def main() -> None:
    model = load_model()
    series, tags = _series(model), WithheldTags.of(model)
    title = f"The 10 most similar of {len(model.catalogue):,} films"
    table = Table(title=title, caption=f"{len(series):,} films with others of their series")
    for column in ("method", "recall@10 of its series", "the 50 best-known", "same tag"):
        table.add_column(column)
    learned = _methods(tags.model)
    for name, score in _methods(model).items():
        recall, pollution = _recall(model, score, series), _pollution(model, score)
        table.add_row(name, f"{recall:.3f}", f"{pollution:.1%}", f"{tags.roc(learned[name]):.3f}")
    Console(width=100).print(table)


def _methods(model: TasteModel) -> dict[str, Score]:
    item_similarity = model.item_similarity
    untitled = replace(item_similarity, series=np.full(len(model.catalogue), -1))
    genres = genre_vectors(model.catalogue.genres)
    vectors = np.zeros((len(genres), model.als.vectors.shape[1]), np.float32)
    vectors[model.rated_rows] = unit_rows(model.als.vectors)
    return {
        "genres alone": lambda row: genres @ genres[row],
        "cosine of the ranking vectors": lambda row: vectors @ vectors[row],
        "Reeltwin, series switched off": untitled.scores,
        "Reeltwin": item_similarity.scores,
    }


def _series(model: TasteModel) -> dict[int, npt.NDArray[np.int64]]:
    """Rows of the other films of its series that share a genre, for each well-known film."""
    counts, genres = model.catalogue.counts, model.catalogue.genres
    series = model.item_similarity.series
    found = {}
    for row in _best_known(model)[:_SERIES].tolist():
        alike = (series == series[row]) & (genres & genres[row]).any(1) & (counts >= _ENOUGH)
        alike[row] = False
        if series[row] >= 0 and alike.any():
            found[row] = np.flatnonzero(alike)
    return found


def _recall(model: TasteModel, score: Score, series: dict[int, npt.NDArray[np.int64]]) -> float:
    counts = model.catalogue.counts
    return float(
        np.mean(
            [
                recall_at(10, most_similar(score(row), row, counts, 10), others)
                for row, others in series.items()
            ]
        )
    )


def _pollution(model: TasteModel, score: Score) -> float:
    counts, best_known = model.catalogue.counts, _best_known(model)
    places = [
        np.isin(most_similar(score(row), row, counts, 10), best_known[:_FAVOURITES]).mean()
        for row in best_known[_FAVOURITES:_WELL_KNOWN].tolist()
    ]
    return float(np.mean(places))


@dataclass(frozen=True)
class WithheldTags:
    """A model that knows half of all tags, and films [n] with just one of the others.

    Films with many tags are popular, and share one by chance. ``tags`` [n] are those of ``rows``.
    """

    model: TasteModel
    rows: npt.NDArray[np.int64]
    tags: npt.NDArray[np.str_]

    @classmethod
    def of(cls, model: TasteModel) -> "WithheldTags":
        catalogue = model.catalogue
        films = Counter(tag for given in catalogue.tags for tag in given)
        withheld = set(sorted(films)[::2])
        telling = {tag for tag in withheld if 2 <= films[tag] <= _TELLING}
        seen = [tuple(tag for tag in given if tag not in withheld) for given in catalogue.tags]
        judged = {
            row: tags.pop()
            for row, given in enumerate(catalogue.tags)
            if len(tags := telling.intersection(given)) == 1
        }
        known = Bundle(replace(catalogue, tags=seen), model.bundle.parameters, model.card)
        return cls(TasteModel(known), np.array(list(judged)), np.array(list(judged.values())))

    def roc(self, score: Score) -> float:
        """Area under the ROC curve (Mann & Whitney 1947)."""
        pairs = np.triu_indices(len(self.rows), 1)
        alike = np.stack([score(row)[self.rows] for row in self.rows.tolist()])[pairs]
        same = self.tags[pairs[0]] == self.tags[pairs[1]]
        ranks = pd.Series(alike).rank().to_numpy()  # ties share their mean rank
        n = int(same.sum())
        return float((ranks[same].mean() - (n + 1) / 2) / (len(same) - n))


def _best_known(model: TasteModel) -> npt.NDArray[np.int64]:
    return np.argsort(-model.catalogue.counts, kind="stable")


if __name__ == "__main__":
    main()
