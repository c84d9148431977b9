"""The dimensions of taste: the same scores in other coordinates, named after films at the ends."""

from pathlib import Path

import numpy as np
import pytest

from engine import Dimension, TasteModel
from engine.bundle.io import Bundle
from engine.data.catalogue import GENRES
from engine.data.dataset import prepare
from engine.data.movielens import pool, read_release
from engine.insights.dimensions import Dimensions, Pole
from engine.insights.traits import Trait, TraitFinder, TraitKind, label
from engine.linalg.factor_rotation import varimax
from engine.linalg.gaussian import Floats
from engine.training.settings import AlsSettings, Settings, StarSettings
from engine.training.train import fit_parameters
from tests.engine.movielens_sets import write_release
from tests.engine.people import ALIEN, ALIENS, STUDY, ratings_of, users_with


def ends(dimension: Dimension) -> tuple[Pole, Pole]:
    return dimension.high, dimension.low


@pytest.fixture(scope="module")
def dimensions(model: TasteModel) -> list[Dimension]:
    return [model.dimension(i) for i in range(model.n_dimensions)]


@pytest.fixture(scope="module")
def space(model: TasteModel) -> Dimensions:
    """The dimensions of the embedded model, made of what it learned."""
    known = model.well_known[model.rated_position[model.well_known] >= 0]
    at, head = model.rated_position[known], model.als
    return Dimensions(
        model.catalogue,
        known,
        head.vectors[at],
        model.n_ratings[at],
        head.prior,
        model.cold_start_vector,
        model.bundle.parameters.tensors["dimensions.rotation"],
    )


@pytest.fixture(scope="module")
def simulated_users(model: TasteModel) -> Floats:
    """Vectors [20,000, d] drawn from what the model knows of users before they rate anything."""
    prior = model.als.prior
    covariance = np.linalg.inv(prior.precision.astype(np.float64))
    users = np.random.default_rng(0).multivariate_normal(prior.mean, covariance, 20_000)
    return users.astype(np.float32)


# The rotation.


def test_the_coordinates_keep_all_that_the_scores_of_a_taste_say(
    model: TasteModel, space: Dimensions
) -> None:
    """How far scores lie from those of a user without ratings is linear in the coordinates."""
    users = [STUDY, *(ratings_of(model, user) for user in users_with(model, 60, 99))]
    tastes = np.stack([model.fit(ratings).vector for ratings in users])
    scores = (tastes - model.cold_start_vector) @ model.als.vectors.T
    places = space.scores(tastes)
    learned, *_ = np.linalg.lstsq(places[20:], scores[20:], rcond=None)
    np.testing.assert_allclose(places[:20] @ learned, scores[:20], atol=1e-5)


def test_the_coordinates_are_uncorrelated_and_of_variance_one_among_users(
    space: Dimensions, simulated_users: Floats
) -> None:
    places = space.scores(simulated_users)
    np.testing.assert_allclose(np.cov(places.T), np.eye(places.shape[1]), atol=0.05)


def test_whoever_rated_nothing_lies_at_the_origin(model: TasteModel, space: Dimensions) -> None:
    np.testing.assert_allclose(space.scores(model.cold_start_vector[None]), 0, atol=1e-6)
    assert model.dimension_score(model.fit({}), 1) == pytest.approx(0, abs=1e-6)


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
    assert len(dimensions) == model.als.vectors.shape[1]
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
    model: TasteModel, dimensions: list[Dimension], space: Dimensions, simulated_users: Floats
) -> None:
    """Among simulated users; less far out the fewer ratings the film was learned from."""
    places = space.scores(simulated_users)
    counts, kept = [], []
    for dimension in dimensions:
        for film in (film for end in ends(dimension) for film in end.movies):
            at = model.rated_position[model.catalogue.row(film.movie.movie_id)]
            liking = simulated_users @ model.als.vectors[at]
            correlation = np.corrcoef(liking, places[:, dimension.number])[0, 1]
            assert abs(film.loading) < abs(correlation) + 0.03
            if abs(correlation) > 0.3:  # else the share kept is lost in the noise
                counts.append(float(model.n_ratings[at]))
                kept.append(film.loading / correlation)
    assert len(kept) > 100
    assert min(kept) > 0
    parts = [part.mean() for part in np.array_split(np.array(kept)[np.argsort(counts)], 5)]
    assert parts == sorted(parts)
    assert parts[0] < 0.8
    assert 0.93 < parts[-1] < 1.01


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


def test_dimensions_are_named_after_the_clusters_that_users_differ_in(tmp_path: Path) -> None:
    known = write_release(tmp_path / "ml-known", n_users=240, n_movies=300, seed=1)
    settings = Settings((AlsSettings(factors=6, sweeps=4), StarSettings(rounds=1)))
    catalogue, ratings = prepare(pool([read_release(known.folder)]))
    parameters = fit_parameters(catalogue, ratings, settings)
    small = TasteModel(Bundle(catalogue, parameters, {}))
    named = {end.label for number in (1, 2) for end in ends(small.dimension(number))}
    genres = {"space": "action & sci-fi", "love": "drama & romance", "fear": "horror & thriller"}
    assert named - {None} == set(genres.values())
    for cluster, label_of_cluster in genres.items():
        loved = [movie for movie, theirs in known.movies.items() if theirs == cluster][:12]
        leaning = small.dimensions_of(small.fit(dict.fromkeys(loved, 5.0)))[0]
        assert leaning.towards.label == label_of_cluster


def test_the_evidence_is_in_standard_deviations_of_what_chance_alone_gives(
    model: TasteModel,
) -> None:
    """Of 100 films drawn at random, the number of horror films is hypergeometric."""
    known = model.well_known
    horror = model.catalogue.genres[known, GENRES.index("Horror")]
    p, zs = horror.mean(), []
    for n_horror in (25, 30, 40):
        trait = horror_trait(model, n_horror, 100)
        assert (trait.kind, trait.share) == (TraitKind.GENRE, n_horror / 100)
        assert trait.base_rate == pytest.approx((horror.sum() - n_horror) / (len(known) - 100))
        std = (100 * p * (1 - p) * (len(known) - 100) / (len(known) - 1)) ** 0.5
        assert trait.z == pytest.approx((n_horror - 100 * p) / std, rel=0.35)
        zs.append(trait.z)
    assert zs == sorted(zs)


def test_the_same_share_is_more_evidence_among_more_films(model: TasteModel) -> None:
    zs = [horror_trait(model, n // 2, n).z for n in (40, 80, 160)]
    assert zs == sorted(zs)
    assert zs[-1] > 1.5 * zs[0]


def test_three_films_out_of_a_hundred_are_no_evidence_however_rare_their_genre(
    model: TasteModel,
) -> None:
    known = model.well_known
    finder = TraitFinder(model.catalogue, known)
    for genre in ("Film-Noir", "Western", "Documentary"):
        has = model.catalogue.genres[known, GENRES.index(genre)]
        films = np.concatenate([np.flatnonzero(has)[:3], np.flatnonzero(~has)[-97:]])
        assert genre not in {trait.name for trait in finder.find(films)}


def horror_trait(model: TasteModel, n_horror: int, n: int) -> Trait:
    """The trait found in ``n`` well-known films of which ``n_horror`` are horror."""
    horror = model.catalogue.genres[model.well_known, GENRES.index("Horror")]
    films = np.concatenate(
        [np.flatnonzero(horror)[:n_horror], np.flatnonzero(~horror)[: n - n_horror]]
    )
    found = TraitFinder(model.catalogue, model.well_known).find(films)
    (trait,) = [trait for trait in found if trait.name == "Horror"]
    return trait


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


# Users.


def test_a_user_who_loves_the_films_at_an_end_leans_there(
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


def test_the_strongest_leanings_come_first_and_there_are_none_without_ratings(
    model: TasteModel,
) -> None:
    dimension_scores = model.dimensions_of(model.fit(STUDY), n=4)
    sizes = [abs(leaning.score) for leaning in dimension_scores]
    assert len(sizes) == 4
    assert sizes == sorted(sizes, reverse=True)
    assert all(leaning.towards.label for leaning in dimension_scores)
    assert model.dimensions_of(model.fit({})) == []


# The films nearest to a user.


def test_aligned_films_are_liked_by_users_who_differ_from_others_in_the_same_way(
    model: TasteModel, space: Dimensions, simulated_users: Floats
) -> None:
    taste = model.fit(STUDY)
    (place,) = space.scores(taste.vector[None])
    along = space.scores(simulated_users) @ place / np.linalg.norm(place)

    def correlation(row: int) -> float:
        vector = model.als.vectors[model.rated_position[row]]
        return float(np.corrcoef(simulated_users @ vector, along)[0, 1])

    films = model.aligned(taste, 5)
    for film in films:
        expected = correlation(model.catalogue.row(film.movie.movie_id))
        assert 0.9 * expected - 0.02 < film.loading < expected + 0.02
    last = films[-1].loading
    listed = {film.movie.movie_id for film in films}
    for row in model.well_known[:300].tolist():  # of so many ratings that nothing is taken off
        assert int(model.movie_ids[row]) in listed or correlation(row) < last / 0.9 + 0.02


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
