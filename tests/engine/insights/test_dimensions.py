"""The dimensions of taste: the same scores in other coordinates, named after films at the ends."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine import Dimension, TasteModel
from engine.bundle.io import Bundle
from engine.data.catalogue import GENRES
from engine.data.dataset import prepare
from engine.data.movielens import pool, read_release
from engine.heads.als import RankingSettings
from engine.heads.star_regression import StarSettings
from engine.insights.dimensions import Pole
from engine.insights.traits import Trait, TraitFinder, TraitKind, label
from engine.linalg.factor_rotation import coordinates, varimax, whitened
from engine.training.train import Settings, fit_tensors
from tests.engine.movielens_sets import write_release
from tests.engine.people import ALIEN, ALIENS, STUDY, ratings_of, users_with


def ends(dimension: Dimension) -> tuple[Pole, Pole]:
    return dimension.high, dimension.low


@pytest.fixture(scope="module")
def dimensions(model: TasteModel) -> list[Dimension]:
    return [model.dimension(i) for i in range(model.n_dimensions)]


# The rotation.


def test_no_score_changes_in_the_coordinates_of_the_dimensions(model: TasteModel) -> None:
    head, rotation = model.ranking, model._dimensions.rotation
    np.testing.assert_allclose(rotation.T @ rotation, np.eye(len(rotation)), atol=1e-12)
    loadings = whitened(head.vectors, head.prior) @ rotation
    cold_start_vector = (head.vectors @ model.cold_start_vector).numpy()
    for ratings in (STUDY, ratings_of(model, users_with(model, 100, 1)[0])):
        taste = model.fit(ratings)
        place = model._dimensions.scores(taste.vector[None])[0]
        scores = (head.vectors @ taste.vector).numpy()
        np.testing.assert_allclose(cold_start_vector + loadings @ place, scores, atol=1e-5)


def test_the_coordinates_are_uncorrelated_and_of_variance_one_among_people(
    model: TasteModel,
) -> None:
    prior = model.ranking.prior
    covariance = torch.linalg.inv(prior.precision.double())
    people = torch.distributions.MultivariateNormal(prior.mean.double(), covariance)
    torch.manual_seed(0)
    places = coordinates(people.sample((20_000,)), prior.mean, prior) @ model._dimensions.rotation
    np.testing.assert_allclose(np.cov(places.T), np.eye(places.shape[1]), atol=0.05)


def test_varimax_finds_the_axes_that_films_lie_on() -> None:
    rng = np.random.default_rng(3)
    on_axes = np.zeros((300, 5))
    on_axes[np.arange(300), rng.integers(0, 5, 300)] = rng.uniform(0.5, 1.5, 300)
    turned, _ = np.linalg.qr(rng.normal(size=(5, 5)))
    found = on_axes @ turned @ varimax(on_axes @ turned)
    assert np.abs(found).max(1) == pytest.approx(on_axes.max(1), abs=1e-3)


# The films at the ends.


def test_each_dimension_lists_the_ten_films_at_either_end(
    model: TasteModel, dimensions: list[Dimension]
) -> None:
    assert len(dimensions) == model.ranking.vectors.shape[1]
    for number, dimension in enumerate(dimensions):
        assert dimension.number == number
        high, low = ([m.loading for m in end.movies] for end in ends(dimension))
        assert len(high) == len(low) == 10
        assert [*high, *low[::-1]] == sorted([*high, *low], reverse=True)
        films = {m.movie.movie_id for end in ends(dimension) for m in end.movies}
        assert len(films) == 20
        assert films <= set(model.movie_ids[model.well_known].tolist())
    explained = [dimension.variance for dimension in dimensions]
    assert sum(explained) == pytest.approx(1.0)
    assert explained[1:] == sorted(explained[1:], reverse=True)


def test_a_film_lies_where_its_liking_correlates(
    model: TasteModel, dimensions: list[Dimension]
) -> None:
    covariance = np.linalg.inv(model.ranking.prior.precision.double().numpy())
    factor = np.linalg.cholesky(np.linalg.inv(covariance))
    counts = np.bincount(model.user_ratings.columns)
    for number in (0, 1, 10):
        axis = factor @ model._dimensions.rotation[:, number]
        for film in dimensions[number].high.movies:
            at = model.rated_position[model.catalogue.row(film.movie.movie_id)]
            y = model.ranking.vectors[at].double().numpy()
            spread = np.sqrt((y @ covariance @ y) * (axis @ covariance @ axis))
            trust = np.sqrt(counts[at] / (counts[at] + 30))
            expected = trust * (y @ covariance @ axis) / spread
            assert film.loading == pytest.approx(expected, abs=1e-5)


def test_there_is_no_such_dimension(model: TasteModel) -> None:
    n = model.n_dimensions
    for number in (-1, n):
        with pytest.raises(IndexError, match=f"numbered from 0 to {n - 1}, not {number}"):
            model.dimension(number)


# The labels.


def test_the_first_contrasts_have_a_name_and_what_is_left_over_has_none(
    dimensions: list[Dimension],
) -> None:
    assert all(dimension.label for dimension in dimensions[1:7])
    assert sum(dimension.label is None for dimension in dimensions) > len(dimensions) / 2
    for dimension in dimensions:
        for end in ends(dimension):
            assert end.label is None or max(trait.z for trait in end.traits) >= 7
            assert all(trait.share > trait.base_rate for trait in end.traits)


def test_dimensions_are_named_after_the_clusters_that_people_differ_in(tmp_path: Path) -> None:
    known = write_release(tmp_path / "ml-known", n_users=240, n_movies=300, seed=1)
    settings = Settings(RankingSettings(factors=6, sweeps=4), StarSettings(rounds=1))
    catalogue, ratings = prepare(pool([read_release(known.folder)]), 5.0)
    tensors = fit_tensors(catalogue, ratings, settings, report=lambda step: None)
    small = TasteModel(Bundle(catalogue, tensors, {}))
    named = {end.label for number in (1, 2) for end in ends(small.dimension(number))}
    genres = {"space": "action & sci-fi", "love": "drama & romance", "fear": "horror & thriller"}
    assert named - {None} == set(genres.values())
    for cluster, label_of_cluster in genres.items():
        loved = [movie for movie, theirs in known.movies.items() if theirs == cluster][:12]
        leaning = small.dimensions_of(small.fit(dict.fromkeys(loved, 5.0)))[0]
        assert leaning.towards.label == label_of_cluster


def test_the_evidence_is_the_log_odds_beside_its_error(model: TasteModel) -> None:
    known = model.well_known
    horror = model.catalogue.genres[known, GENRES.index("Horror")]
    films = np.concatenate([np.flatnonzero(horror)[:30], np.flatnonzero(~horror)[:70]])
    (trait,) = [t for t in TraitFinder(model.catalogue, known).find(films) if t.name == "Horror"]
    others = (horror.sum() - 30) / 2900
    assert (trait.kind, trait.share) == (TraitKind.GENRE, 0.3)
    assert trait.base_rate == pytest.approx(others)
    p = horror.mean()
    odds = np.array([[30 + 10 * p, 70 + 10 * (1 - p)], [horror.sum() - 30 + 10 * p, 0.0]])
    odds[1, 1] = 2900 - (horror.sum() - 30) + 10 * (1 - p)
    ratio = np.log(odds[0, 0] * odds[1, 1] / odds[0, 1] / odds[1, 0])
    assert trait.z == pytest.approx(ratio / np.sqrt((1 / odds).sum()))


def test_a_hundred_films_drawn_at_random_have_no_label(model: TasteModel) -> None:
    finder = TraitFinder(model.catalogue, model.well_known)
    rng = np.random.default_rng(0)
    for _ in range(50):
        assert label(finder.find(rng.choice(3000, 100, replace=False))) is None


def test_a_label_names_what_is_typical_and_well_evidenced() -> None:
    horror = Trait(TraitKind.GENRE, "Horror", 0.8, 0.1, 15.0)
    thriller = Trait(TraitKind.GENRE, "Thriller", 0.5, 0.25, 6.0)
    eighties = Trait(TraitKind.ERA, "1970s–80s", 0.5, 0.2, 8.0)
    panned = Trait(TraitKind.RECEPTION, "panned", 0.4, 0.2, 5.0)
    king = Trait(TraitKind.TAG, "stephen king", 0.2, 0.0, 6.0)
    drama = Trait(TraitKind.GENRE, "Drama", 0.6, 0.45, 9.0)  # hardly more than elsewhere
    noir = Trait(TraitKind.GENRE, "Film-Noir", 0.1, 0.01, 9.0)  # of few of the films
    everything = (horror, eighties, king, thriller, panned, drama, noir)
    assert label(everything) == "panned 1970s–80s horror & thriller (stephen king)"
    assert label((eighties, king)) == "1970s–80s films (stephen king)"
    assert label((thriller, panned)) is None
    assert label((king, drama, noir)) is None
    assert label(()) is None


# People.


def test_who_loves_the_films_at_an_end_leans_there(
    model: TasteModel, dimensions: list[Dimension]
) -> None:
    for dimension in dimensions[1:10]:
        for end in ends(dimension):
            if end.label is None:
                continue
            taste = model.fit({film.movie.movie_id: 5.0 for film in end.movies})
            dimension_scores = model.dimensions_of(taste, n=model.n_dimensions)
            (leaning,) = [x for x in dimension_scores if x.dimension.number == dimension.number]
            assert leaning.towards == end


def test_the_strongest_leanings_come_first_and_nobody_has_any(model: TasteModel) -> None:
    dimension_scores = model.dimensions_of(model.fit(STUDY), n=4)
    sizes = [abs(leaning.score) for leaning in dimension_scores]
    assert len(sizes) == 4
    assert sizes == sorted(sizes, reverse=True)
    assert all(leaning.towards.label for leaning in dimension_scores)
    assert model.dimensions_of(model.fit({})) == []


# The films nearest to somebody.


def test_aligned_films_are_liked_by_whoever_leans_as_somebody_does(model: TasteModel) -> None:
    taste = model.fit(STUDY)
    covariance = np.linalg.inv(model.ranking.prior.precision.double().numpy())
    factor = np.linalg.cholesky(np.linalg.inv(covariance))
    place = factor.T @ (taste.vector - model.cold_start_vector).double().numpy()
    axis = factor @ place
    counts = np.bincount(model.user_ratings.columns)
    for film in model.aligned(taste, 5):
        at = model.rated_position[model.catalogue.row(film.movie.movie_id)]
        y = model.ranking.vectors[at].double().numpy()
        spread = np.sqrt((y @ covariance @ y) * (axis @ covariance @ axis))
        trust = np.sqrt(counts[at] / (counts[at] + 30))
        assert film.loading == pytest.approx(trust * (y @ covariance @ axis) / spread, abs=1e-4)


def test_the_films_most_of_the_studys_kind_are_known_and_like_what_it_loved(
    model: TasteModel,
) -> None:
    films = model.aligned(model.fit(STUDY), 10)
    assert [film.loading for film in films] == sorted((f.loading for f in films), reverse=True)
    ids = [film.movie.movie_id for film in films]
    assert {ALIEN, ALIENS} <= set(ids[:4])
    assert set(ids) <= set(model.movie_ids[model.well_known].tolist())
    assert sum("Sci-Fi" in film.movie.genres for film in films) >= 7
    assert model.aligned(model.fit({}), 10) == []


def test_a_leaning_tells_the_same_place_as_the_dimension(model: TasteModel) -> None:
    taste = model.fit(STUDY)
    for leaning in model.dimensions_of(taste, 5):
        number = leaning.dimension.number
        assert model.dimension_score(taste, number) == pytest.approx(leaning.score)
