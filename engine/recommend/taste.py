"""A person's taste: what the model makes of their ratings, and what it predicts from them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.core import TrainedModel
from engine.data.catalogue import Movie
from engine.data.ratings import check_stars
from engine.heads.star_regression import StarFit
from engine.linalg.csr import CsrRows
from engine.recommend.calibration import Decades
from engine.recommend.candidates import Years, candidates, check_count, check_share, highest
from engine.recommend.reranking import select

_LIKED = 3.5  # stars from which on a film counts as liked
GEMS = 5  # hidden gems that fit a user's taste, for each that is shown: those with most stars


@dataclass(frozen=True)
class Reason:
    """How far one of your ratings moved a film's score, up or down."""

    movie: Movie
    stars: float
    contribution: float


@dataclass(frozen=True)
class Recommendation:
    """A film with predicted stars and their standard deviation, its score, its best reasons."""

    movie: Movie
    stars: float
    std: float
    score: float
    reasons: tuple[Reason, ...]


class Taste:
    """A user fitted on demand by :meth:`engine.model.TasteModel.fit`.

    ``ratings`` are those the fit used; ``unknown`` the given movie ids that no catalogue row has.
    """

    def __init__(self, model: TrainedModel, ratings: Mapping[int, float]) -> None:
        check_stars(ratings)
        self._model = model
        self.ratings = {int(m): float(s) for m, s in ratings.items() if m in model.catalogue}
        self.unknown = tuple(m for m in ratings if m not in model.catalogue)
        self._rows = np.array([model.catalogue.row(m) for m in self.ratings], dtype=np.int64)
        self._stars = np.array(list(self.ratings.values()), dtype=np.float32)
        users = model.items.users(CsrRows.single(self._rows, self._stars))
        self._fitted = model.ensemble.fit(users)
        self._posterior = self._fitted.by(model.als).posterior

    @property
    def vector(self) -> npt.NDArray[np.float32]:
        """The embedding: the user's vector of the ALS head, [d]."""
        vector: npt.NDArray[np.float32] = self._posterior.mean[0]
        return vector

    def possible_vectors(self, n: int, seed: int = 0) -> npt.NDArray[np.float32]:
        """Return draws [n, d] from the posterior of :attr:`vector`: what else the taste may be.

        Its covariance is s A^-1 in the words of :mod:`engine.linalg.gaussian`.

        Parameters
        ----------
        n
            Number of draws.
        seed
            The same seed gives the same draws.
        """
        mean, factor = self._posterior.mean[0], np.linalg.cholesky(self._posterior.system[0])
        noise = np.random.default_rng(seed).standard_normal((len(mean), n), np.float32)
        scale = np.float32(self._model.als.prior_strength**0.5)
        draws: npt.NDArray[np.float32] = mean + scale * np.linalg.solve(factor.T, noise).T
        return draws

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """Catalogue rows of the films in ``ratings``, in their order."""
        return self._rows

    def scores(self) -> npt.NDArray[np.float32]:
        """Return the scores [n_movies] in the order of ``model.movie_ids``; higher is earlier.

        Movies that nobody rated when the model was trained come last: nothing speaks for them.
        """
        model = self._model
        (ranked,) = model.ensemble.scores(self._fitted)
        scores = np.full(len(model.catalogue), ranked.min())
        scores[model.rated_rows] = ranked
        return scores

    def stars(self) -> npt.NDArray[np.float32]:
        """Return the predicted stars [n_movies] in the order of ``model.movie_ids``.

        Those of :meth:`predict`, without their standard deviations, which take far longer.
        """
        return self._star_fit.stars(self._model.stars.features, self._model.item_baseline)

    def predict(
        self, movie_ids: Sequence[int] | npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return predicted stars [m] in 0.5..5 and their standard deviations [m], noise included.

        Raises
        ------
        UnknownMovieError
            For an id that is not in the catalogue.
        """
        catalogue = self._model.catalogue
        return self._predict_rows(np.array([catalogue.row(m) for m in movie_ids], dtype=np.int64))

    def leave_one_out(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return what :meth:`predict` would say of each rated movie without its own rating.

        In the order of ``ratings``: predicted stars [n] and their standard deviations [n], as of n
        fits to all ratings but one.
        """
        return self._star_fit.leave_one_out(self._model.item_baseline[self._rows])

    def recommend(
        self,
        n: int = 20,
        *,
        genres: str | Collection[str] = (),
        years: Years | None = None,
        hidden_gems: bool = False,
        exclude: Collection[int] = (),
        min_count: int | None = None,
        calibration: float = 0.2,
        diversity: float = 0.1,
    ) -> list[Recommendation]:
        """Return the best movies not rated yet, best first; fewer than ``n`` where fewer are left.

        Parameters
        ----------
        n
            Number of movies.
        genres
            Names of genres of which a movie must have one; any by default.
        years
            The first and the last year, either of which may be None, as in ``(None, 1979)``.
        hidden_gems
            Movies that few know: of those outside the best-known that fit this taste, the ones with
            most predicted stars.
        exclude
            Ids to leave out.
        min_count
            MovieLens ratings that a movie needs; ``model.least_count`` by default.
        calibration
            0..1, how closely the decades of the list follow those of the movies that the user
            liked.
        diversity
            0..1, how little alike the movies are (:mod:`engine.recommend.reranking`); where this
            and ``calibration`` are 0, the list is in the plain order of :meth:`scores`.

        Raises
        ------
        ValueError
            For a value that makes no sense, such as an unknown genre; the message names the
            argument.
        """
        check_count("n", n, example=20)
        check_share("calibration", calibration, example=0.2)
        check_share("diversity", diversity, example=0.1)
        model, catalogue, scores = self._model, self._model.catalogue, self.scores()
        left = candidates(
            model,
            self._rows,
            genres=genres,
            years=years,
            hidden_gems=hidden_gems,
            exclude=exclude,
            min_count=min_count,
        )
        # Sorting only the head of the list: no list of n reaches further down.
        rows = highest(scores, left, GEMS * n if hidden_gems else 20 * n + 200)
        worth = scores[rows]
        if hidden_gems:
            stars, _ = self._predict_rows(rows)
            order = np.argsort(-stars, kind="stable")
            rows, worth = rows[order], stars[order]
        # A user who liked nothing has no decades of their own.
        liked = self._rows[self._stars >= _LIKED]
        decades = Decades.of(catalogue.years[rows], catalogue.years[liked], n)
        directions = model.directions[model.rated_position[rows]]
        calibration = calibration if len(liked) else 0
        top = rows[select(_from_0_to_1(worth), decades, directions, n, calibration, diversity)]
        columns = (top, *self._predict_rows(top), scores[top], self._reasons(top, n=3))
        return [
            Recommendation(catalogue.by_row(row), float(stars), float(std), float(score), reasons)
            for row, stars, std, score, reasons in zip(*columns, strict=True)
        ]

    def reasons(self, movie_id: int, n: int | None = None) -> tuple[Reason, ...]:
        """Return what each rating did to a movie's score, strongest first.

        Exact: with the score of a user without ratings they sum to the score
        (:mod:`engine.heads.ensemble`, :func:`engine.linalg.gaussian.attribution`). A movie disliked
        more than expected therefore pushes its like down. None for a movie that nobody rated in
        training.

        Parameters
        ----------
        movie_id
            The movie.
        n
            How many reasons; all by default.

        Raises
        ------
        UnknownMovieError
            For an id that is not in the catalogue.
        """
        (reasons,) = self._reasons(np.array([self._model.catalogue.row(movie_id)]), n)
        return reasons

    def _reasons(self, rows: npt.NDArray[np.int64], n: int | None) -> list[tuple[Reason, ...]]:
        """The reasons of several films at once; none for a film without a vector."""
        at = self._model.rated_position[rows]
        contributions = np.zeros((len(rows), len(self._rows)), dtype=np.float32)
        if (ranked := at >= 0).any():
            contributions[ranked] = self._model.ensemble.contributions(self._fitted, at[ranked])
        strongest = np.argsort(-np.abs(contributions), axis=1, kind="stable")[:, :n]
        movies = {
            j: self._model.catalogue.by_row(self._rows[j]) for j in np.unique(strongest).tolist()
        }
        return [
            tuple(
                Reason(movies[j], self.ratings[movies[j].movie_id], float(contribution[j]))
                for j in (order if has_vector else [])
            )
            for has_vector, contribution, order in zip(
                ranked, contributions, strongest.tolist(), strict=True
            )
        ]

    @cached_property
    def _star_fit(self) -> StarFit:
        """The star head's: fitted when a prediction is first asked for."""
        stars = self._model.stars
        return stars.predictor(self._fitted.by(stars))

    def _predict_rows(
        self, rows: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        model = self._model
        return self._star_fit.predict_with_std(
            model.stars.features[rows], model.item_baseline[rows]
        )


def _from_0_to_1(falling: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Falling values on a scale from the last to the first."""
    last = falling[-1:]
    scaled: npt.NDArray[np.float32] = (falling - last) / np.maximum(falling[:1] - last, 1e-9)
    return scaled
