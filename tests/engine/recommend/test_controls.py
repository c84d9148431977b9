"""What a person may ask of recommendations: genres, years, hidden gems."""

import numpy as np
import pytest

from engine import TasteModel
from engine.data.catalogue import GENRES
from engine.recommend.candidates import in_genres, in_years
from tests.engine.people import STUDY


@pytest.mark.parametrize(
    ("genres", "any_of"),
    [
        (["Horror"], {"Horror"}),
        ("horror", {"Horror"}),
        (["SCIFI", "film noir"], {"Sci-Fi", "Film-Noir"}),
        (("Documentary", "Sci Fi"), {"Documentary", "Sci-Fi"}),
    ],
)
def test_only_films_of_any_named_genre_are_recommended(
    model: TasteModel, genres: str | list[str], any_of: set[str]
) -> None:
    films = [r.movie for r in model.fit(STUDY).recommend(30, genres=genres)]
    assert len(films) == 30
    assert all(any_of & set(film.genres) for film in films)


def test_several_genres_bring_films_of_each(model: TasteModel) -> None:
    found = set()
    for r in model.fit(STUDY).recommend(40, genres=["Horror", "Animation"]):
        found |= {"Horror", "Animation"} & set(r.movie.genres)
    assert found == {"Horror", "Animation"}


@pytest.mark.parametrize(
    ("years", "first", "last"),
    [
        ((1990, 1999), 1990, 1999),
        ((2015, None), 2015, 9999),
        ((None, 1959), 1, 1959),
        ((1994, 1994), 1994, 1994),
        ((None, None), 1, 9999),
        ((-5, 1960), 1, 1960),
        ((1990, 100_000), 1990, 100_000),
    ],
)
def test_only_films_of_the_years_are_recommended(
    model: TasteModel, years: tuple[int | None, int | None], first: int, last: int
) -> None:
    films = [r.movie for r in model.fit(STUDY).recommend(30, years=years)]
    assert len(films) == 30
    assert all(film.year is not None and first <= film.year <= last for film in films)


def test_the_masks_are_those_of_the_catalogue(model: TasteModel) -> None:
    catalogue = model.catalogue
    for row in np.random.default_rng(1).choice(len(catalogue), 300, replace=False).tolist():
        film = catalogue.by_row(row)
        assert in_genres(catalogue, GENRES)[row] == bool(film.genres)
        assert in_years(catalogue, (None, 2000))[row] == bool(film.year and film.year <= 2000)


def test_filtered_films_keep_the_order_of_scores(model: TasteModel) -> None:
    taste = model.fit(STUDY)
    result = taste.recommend(10, genres="Horror", years=(1980, 1989), calibration=0, diversity=0)
    catalogue = model.catalogue
    allowed = in_genres(catalogue, "Horror") & in_years(catalogue, (1980, 1989))
    allowed &= (catalogue.counts >= 50) & ~np.isin(model.movie_ids, list(STUDY))
    best = np.sort(taste.scores()[allowed])[::-1][:10]
    assert [r.score for r in result] == best.tolist()


def test_controls_combine_and_may_leave_nothing(model: TasteModel) -> None:
    taste = model.fit(STUDY)
    few = taste.recommend(20, genres="Western", years=(2010, 2012), hidden_gems=True)
    assert all("Western" in r.movie.genres and r.movie.count < 2_000 for r in few)
    assert taste.recommend(20, genres="Horror", years=(1800, 1850)) == []


PIXAR = {1: 5.0, 4886: 5.0, 6377: 5.0, 8961: 4.5, 50872: 5.0}
HORROR = {1407: 5.0, 1258: 5.0, 1347: 5.0, 1982: 4.5, 1214: 5.0}


class TestHiddenGems:
    @pytest.mark.parametrize("ratings", [{}, STUDY, PIXAR, HORROR])
    def test_few_know_them(self, model: TasteModel, ratings: dict[int, float]) -> None:
        famous = set(model.movie_ids[model.well_known[:2990]].tolist())
        films = [r.movie for r in model.fit(ratings).recommend(20, hidden_gems=True)]
        assert len(films) == 20
        assert not famous & {film.movie_id for film in films}
        assert min(film.count for film in films) >= 100

    @pytest.mark.parametrize(("ratings", "genre"), [(PIXAR, "Animation"), (HORROR, "Horror")])
    def test_they_fit_the_taste(
        self, model: TasteModel, ratings: dict[int, float], genre: str
    ) -> None:
        films = [r.movie for r in model.fit(ratings).recommend(20, hidden_gems=True)]
        assert len([film for film in films if genre in film.genres]) >= 10

    def test_they_are_good_rather_than_merely_obscure(self, model: TasteModel) -> None:
        """More stars are predicted of them than of the films of their fame with most score."""
        for ratings in (STUDY, PIXAR, HORROR):
            taste = model.fit(ratings)
            least, most = model.gem_counts
            gems = taste.recommend(20, hidden_gems=True)
            counts = model.catalogue.counts
            as_known = np.flatnonzero((counts >= least) & (counts <= most))
            best = as_known[np.argsort(-taste.scores()[as_known])][:20]
            base_rate, _ = taste.predict(model.movie_ids[best])
            assert np.mean([gem.stars for gem in gems]) > base_rate.mean() + 0.1

    def test_the_smallest_count_can_be_set(self, model: TasteModel) -> None:
        gems = model.fit(STUDY).recommend(20, hidden_gems=True, min_count=1000)
        assert min(gem.movie.count for gem in gems) >= 1000


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"genres": ["Horor"]}, r"genres must be among Action, .*Western, such as .*'Horor'"),
        ({"genres": ""}, None),
        ({"years": (2000, 1990)}, r"years must be \(first, last\).*\(1990, 1999\).*\(2000, 1990\)"),
        ({"diversity": 1.5}, r"diversity must be from 0 to 1, such as 0\.1, but is 1\.5"),
        ({"calibration": -0.1}, r"calibration must be from 0 to 1, such as 0\.2, but is -0\.1"),
        ({"diversity": float("nan")}, r"diversity must be from 0 to 1"),
        ({"n": -1}, r"n must be 0 or more, such as 20, but is -1"),
        ({"min_count": -5}, r"min_count must be 0 or more, such as 200, but is -5"),
    ],
)
def test_a_wrong_argument_is_named_with_an_example(
    model: TasteModel, wrong: dict[str, object], message: str | None
) -> None:
    taste = model.fit(STUDY)
    if message is None:  # no genre named is no wish
        assert taste.recommend(5, **wrong) == taste.recommend(5)
        return
    with pytest.raises(ValueError, match=message) as caught:
        taste.recommend(**wrong)
    assert "\n" not in str(caught.value)
