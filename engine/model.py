"""The taste model: a loaded bundle, ready to fit people and to compare films."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.bundle.io import EMBEDDED, load_bundle
from engine.core import TrainedModel
from engine.data.catalogue import Movie
from engine.data.ratings import Ratings
from engine.errors import BundleError
from engine.insights.biases import BiasTable, bias_table, corrected_biases
from engine.insights.dimensions import Dimension, Dimensions, DimensionScore, MovieLoading
from engine.insights.regions import Region, find_regions
from engine.recommend.active_learning import Question, next_questions
from engine.recommend.batch import recommend_batch
from engine.recommend.candidates import Years
from engine.recommend.groups import GroupPick, recommend_together
from engine.recommend.neighbours import Twin, TwinFinder
from engine.recommend.taste import Taste
from engine.similarity.items import ItemSimilarity, logistic_similarity, most_similar
from engine.titles.search import TitleIndex


@dataclass(frozen=True)
class Neighbour:
    """A film beside another; ``by_content``: too few people rated one of them to compare who did.

    ``similarity`` is between 0 and 1.
    """

    movie: Movie
    similarity: float
    by_content: bool


class TasteModel(TrainedModel):
    """Fits people (:meth:`fit`), compares films (:meth:`similar`), finds twins (:meth:`twins`).

    Immutable and safe to use from several threads. ``movie_ids`` (int64 [n_movies]) is the order of
    every array; the other tables are those of :class:`engine.core.TrainedModel`.
    """

    def warm_up(self, *, search: bool = True) -> None:
        """Make now what is otherwise made when it is first needed, about a second's work.

        Parameters
        ----------
        search
            Whether titles will be looked up; the index of them is a third of it.
        """
        if search:
            self.titles.resolve("Alein")  # a slip, as looking for those takes the most
        taste = self.fit({int(self.movie_ids[self.well_known[0]]): 5.0})
        taste.recommend(1)
        taste.recommend(1, hidden_gems=True)
        self.similar(int(self.movie_ids[self.well_known[0]]), 1)
        self.twins(taste, 1)
        self.next_questions(taste, 1)
        self.bias_table(1)
        self.dimensions_of(taste, 1)
        _ = self.regions

    def fit(self, ratings: Mapping[int, float]) -> Taste:
        """Return the taste of a user, fitted in closed form.

        Parameters
        ----------
        ratings
            Stars in 0.5..5 by movie id; ids that are not in the catalogue are ignored, and kept in
            ``taste.unknown``.

        Raises
        ------
        ValueError
            For stars out of range; the message names the movie.
        """
        return Taste(self, ratings)

    def recommend_many(
        self, people: Sequence[Mapping[int, float]], n: int = 20
    ) -> list[npt.NDArray[np.int64]]:
        """Return the ids of the best movies for each of many users, fast.

        See :func:`engine.recommend.batch.recommend_batch`.

        Parameters
        ----------
        people
            The users' stars by movie id.
        n
            Movies for each user; fewer where fewer are left.

        Returns
        -------
        list of int64 arrays [n]
            The ids, best first.

        Raises
        ------
        ValueError
            For stars out of range.
        """
        return recommend_batch(self, people, n)

    def recommend_together(
        self,
        tastes: Sequence[Taste],
        n: int = 5,
        *,
        aggregation: str = "fair",
        genres: str | Collection[str] = (),
        years: Years | None = None,
        hidden_gems: bool = False,
        exclude: Collection[int] = (),
        min_count: int | None = None,
    ) -> list[GroupPick]:
        """Return the best movies for a group, none of which any member rated, best first.

        Parameters
        ----------
        tastes
            The members'; one who rated nothing counts with the mean taste.
        n
            Number of movies.
        aggregation
            "fair", "average" or "misery" (:mod:`engine.recommend.groups`).
        genres, years, hidden_gems, exclude, min_count
            As in :meth:`engine.recommend.taste.Taste.recommend`.

        Raises
        ------
        ValueError
            For a value that makes no sense; the message names the argument.
        """
        return recommend_together(
            self,
            tastes,
            n,
            aggregation=aggregation,
            genres=genres,
            years=years,
            hidden_gems=hidden_gems,
            exclude=exclude,
            min_count=min_count,
        )

    def similarity(self, movie_a: int, movie_b: int) -> float:
        """Return how alike two movies are, 0 to 1, by the measure that :meth:`similar` ranks by.

        Raises
        ------
        UnknownMovieError
            For an id that is not in the catalogue.
        """
        a, b = self.catalogue.row(movie_a), self.catalogue.row(movie_b)
        return float(logistic_similarity(self.item_similarity.scores(a, np.array([b])))[0])

    def similar(self, movie_id: int, n: int = 10) -> list[Neighbour]:
        """Return the ``n`` movies most like one, most alike first.

        Raises
        ------
        UnknownMovieError
            For an id that is not in the catalogue.
        """
        row = self.catalogue.row(movie_id)
        scores = self.item_similarity.scores(row)
        best = most_similar(scores, row, self.catalogue.counts, n)
        return self._neighbours(row, best, scores[best])

    def dissimilar(self, movie_id: int, n: int = 10) -> list[Neighbour]:
        """Return the ``n`` well-known movies least like one, least alike first.

        Raises
        ------
        UnknownMovieError
            For an id that is not in the catalogue.
        """
        row = self.catalogue.row(movie_id)
        scores = self.item_similarity.scores(row, self.well_known)
        order = np.argsort(scores, kind="stable")[:n]
        return self._neighbours(row, self.well_known[order], scores[order])

    def twins(self, taste: Taste, n: int = 5) -> list[Twin]:
        """Return the ``n`` MovieLens users nearest in taste, nearest first."""
        return self._twin_finder.nearest(taste, n)

    def next_questions(
        self, taste: Taste, n: int = 10, exclude: Collection[int] = ()
    ) -> list[Question]:
        """Return the movies whose ratings would teach most, the most telling first.

        They are well known, and chosen one after another (:mod:`engine.recommend.active_learning`).

        Parameters
        ----------
        taste
            The user's.
        n
            Number of movies.
        exclude
            Ids to leave out besides those rated: what the user was asked about and has not seen.

        Raises
        ------
        ValueError
            For a negative ``n``.
        """
        return next_questions(self, taste, n, exclude)

    def bias_table(self, n: int = 10, min_count: int | None = None) -> BiasTable:
        """Return the most and the least loved movies, corrected for who rates them.

        Parameters
        ----------
        n
            Movies at either end.
        min_count
            Ratings that a movie needs to be listed; by default what the least known of the
            well-known movies has.
        """
        least = self.catalogue.counts[self.well_known[-1]] if min_count is None else min_count
        return bias_table(self.catalogue, self._biases, n, int(least))

    @property
    def n_dimensions(self) -> int:
        """The number of dimensions of taste, for :meth:`dimension`."""
        return len(self._dimensions)

    def dimension(self, number: int) -> Dimension:
        """Return dimension ``number`` of taste, from 0.

        0 is how much a user likes what everybody watches; after it the most telling come first.

        Raises
        ------
        IndexError
            Where there is none of this number.
        """
        return self._dimensions[number]

    def dimensions_of(self, taste: Taste, n: int = 5) -> list[DimensionScore]:
        """Return the ``n`` contrasts along which a user lies furthest out, furthest first.

        Only those that have a label on the user's side; none for a user without ratings.
        """
        return self._dimensions.dimension_scores(taste.vector, n)

    def dimension_score(self, taste: Taste, number: int) -> float:
        """Return where a user lies along dimension ``number``, as in :class:`DimensionScore`."""
        return float(self._dimensions.scores(taste.vector[None])[0, number])

    def aligned(self, taste: Taste, n: int = 10) -> list[MovieLoading]:
        """Return the ``n`` well-known movies most of a user's kind, rated or not, best first.

        Those that MovieLens users like the more, the further they differ from the average in the
        way that this user does; none for a user without ratings.
        """
        return self._dimensions.aligned(taste.vector, n) if taste.ratings else []

    @cached_property
    def item_similarity(self) -> ItemSimilarity:
        """What makes films alike: see :mod:`engine.similarity.items`."""
        return ItemSimilarity.of(self.catalogue, self.rated_rows, self.als.vectors, self.n_ratings)

    @cached_property
    def titles(self) -> TitleIndex:
        """The index to find films by what people call them."""
        years = [int(year) or None for year in self.catalogue.years]
        return TitleIndex(
            self.catalogue.names, years, self.catalogue.aliases, self.catalogue.counts.tolist()
        )

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The regions of the map, largest first (:mod:`engine.insights.regions`)."""
        known = self.well_known[self.rated_position[self.well_known] >= 0]
        at = self.rated_position[known]
        points = self.map_coordinates[at]
        numbers = self._tensor("map.regions")[at]
        return find_regions(self.catalogue, known, points, numbers)

    @cached_property
    def _biases(self) -> npt.NDArray[np.float64]:
        by_user = self.user_ratings
        ratings = Ratings(
            np.repeat(np.arange(by_user.n_rows), by_user.counts),
            self.rated_rows[by_user.columns],
            by_user.values,
        )
        return corrected_biases(self.catalogue, ratings, self.items.global_mean)

    @cached_property
    def _dimensions(self) -> Dimensions:
        known = self.well_known[self.rated_position[self.well_known] >= 0]
        at = self.rated_position[known]
        n_ratings = self.n_ratings[at]
        return Dimensions(
            self.catalogue,
            known,
            self.als.vectors[at],
            n_ratings,
            self.als.prior,
            self.cold_start_vector,
            self._tensor("dimensions.rotation"),
        )

    @cached_property
    def _twin_finder(self) -> TwinFinder:
        return TwinFinder(self)

    def _neighbours(
        self, row: int, rows: npt.NDArray[np.int64], scores: npt.NDArray[np.float32]
    ) -> list[Neighbour]:
        audience = self.rated_position >= 0
        return [
            Neighbour(self.catalogue.by_row(other), alike, not (audience[row] and audience[other]))
            for other, alike in zip(
                rows.tolist(), logistic_similarity(scores).tolist(), strict=True
            )
        ]


def load_model(path: str | Path = EMBEDDED) -> TasteModel:
    """Return the model of the embedded bundle, or of one in a folder.

    Raises
    ------
    BundleError
        With one readable line, if the folder holds no sound bundle of the present format.
    """
    bundle = load_bundle(Path(path))
    try:
        return TasteModel(bundle)
    except np.linalg.LinAlgError as error:
        raise BundleError(f"{path} holds numbers that make no model: {error!s:.200}") from error
