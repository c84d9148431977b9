"""Which film a row means: by id, else by title and year, and never by a guess."""

import numpy as np
import pytest

from bot.imports.movie_matching import MovieIndex
from bot.imports.rows import ImportedRow
from engine import TasteModel
from engine.data.catalogue import Catalogue
from tests.bot.imports.samples import ALIEN, AMELIE, MATRIX, SEVEN

NEW = 29_999_999  # an id that no film has


def small(
    *films: tuple[str, int, tuple[str, ...]], tmdb_ids: list[int] | None = None
) -> MovieIndex:
    """Films by name, year (0: unknown) and aliases, with the movie ids 1, 2, … ."""
    n = len(films)
    ids = np.arange(1, n + 1)
    return MovieIndex(
        Catalogue(
            movie_ids=ids,
            names=[name for name, _, _ in films],
            years=np.array([year for _, year, _ in films], dtype=np.int16),
            aliases=[aliases for _, _, aliases in films],
            genres=np.zeros((n, 19), dtype=np.bool_),
            imdb_ids=ids + 100,
            tmdb_ids=np.array(tmdb_ids or [0] * n),
            counts=ids,
            means=np.zeros(n),
            biases=np.zeros(n, dtype=np.float32),
            tags=[()] * n,
        )
    )


@pytest.mark.parametrize(
    ("title", "year", "movie_id"),
    [
        ("Alien", 1979, ALIEN),
        ("alien", 1980, ALIEN),
        ("ALIEN!", 1978, ALIEN),
        ("Se7en", 1995, SEVEN),
        ("Le Fabuleux Destin d'Amelie Poulain", 2001, AMELIE),
        ("Matrix", 1999, MATRIX),
        ("Alien", 1981, None),
        ("Alie", 1979, None),
        ("Matrix", 1998, None),
        ("Alien", None, None),
    ],
)
def test_titles_are_the_catalogues_own_within_a_year(
    films: MovieIndex, title: str, year: int | None, movie_id: int | None
) -> None:
    assert films.find(ImportedRow(1, title, year)).movie_id == movie_id


def test_every_film_is_found_by_each_of_its_ids(films: MovieIndex, model: TasteModel) -> None:
    catalogue = model.catalogue
    shared = 0
    for row in range(0, len(catalogue), 7):
        movie = catalogue.by_row(row)
        assert films.find(ImportedRow(1, "", movie_id=movie.movie_id)).movie_id == movie.movie_id
        assert films.find(ImportedRow(1, "", imdb_id=movie.imdb_id)).movie_id == movie.movie_id
        if movie.tmdb_id:
            found = films.find(ImportedRow(1, "", tmdb_id=movie.tmdb_id))
            shared += found.movie_id is None
            assert movie.movie_id in (found.movie_id, *found.candidates)
    assert shared < 20


def test_no_title_with_its_year_leads_to_another_film(films: MovieIndex, model: TasteModel) -> None:
    unsure = 0
    for row in range(0, len(model.catalogue), 5):
        movie = model.catalogue.by_row(row)
        found = films.find(ImportedRow(1, movie.name, movie.year))
        assert found.movie_id in (movie.movie_id, None)
        assert found.movie_id or movie.movie_id in found.candidates
        unsure += found.movie_id is None
    assert unsure < 0.02 * len(model.catalogue) / 5


def test_two_films_that_fit_equally_are_both_named() -> None:
    films = small(("Hamlet", 2000, ()), ("Hamlet", 2000, ()), ("Hamlet", 1948, ()))

    found = films.find(ImportedRow(1, "Hamlet", 2000))

    assert (found.movie_id, found.candidates) == (None, (2, 1))


def test_the_exact_year_goes_before_the_next() -> None:
    films = small(("Home", 2008, ()), ("Home", 2009, ()))

    assert films.find(ImportedRow(1, "Home", 2009)).movie_id == 2
    assert films.find(ImportedRow(1, "Home", 2010)).movie_id == 2
    assert films.find(ImportedRow(1, "Home", 2007)).movie_id == 1


def test_a_better_title_in_a_worse_year_leaves_it_open() -> None:
    films = small(("Home", 2008, ()), ("Heimat", 2009, ("Home",)))

    found = films.find(ImportedRow(1, "Home", 2009))

    assert (found.movie_id, set(found.candidates)) == (None, {1, 2})


def test_an_article_matters_where_two_films_differ_by_it() -> None:
    films = small(("Heat", 1995, ()), ("The Heat", 1995, ()))

    assert films.find(ImportedRow(1, "Heat", 1995)).movie_id == 1
    assert films.find(ImportedRow(1, "The Heat", 1995)).movie_id == 2


@pytest.mark.parametrize(
    ("title", "year", "movie_id"),
    [
        ("Star Wars", 1977, 260),
        ("The Empire Strikes Back", 1980, 1196),
        ("Star Wars: The Force Awakens", 2015, 122886),
        ("Birdman", 2014, 112183),
    ],
)
def test_a_part_of_a_title_is_offered_and_not_taken(
    films: MovieIndex, title: str, year: int, movie_id: int
) -> None:
    found = films.find(ImportedRow(1, title, year))

    assert (found.movie_id, found.candidates) == (None, (movie_id,))


def test_a_film_whose_year_is_not_known_is_offered_and_not_taken() -> None:
    assert small(("Home", 0, ())).find(ImportedRow(1, "Home", 2009)).candidates == (1,)


@pytest.mark.parametrize("ids", [{"imdb_id": NEW}, {"movie_id": 999_999_999}])
def test_a_namesake_with_another_id_is_offered_and_not_taken(
    films: MovieIndex, ids: dict[str, int]
) -> None:
    found = films.find(ImportedRow(1, "Alien", 1979, **ids))

    assert (found.movie_id, found.candidates) == (None, (ALIEN,))


def test_of_films_that_share_a_tmdb_id_the_title_tells() -> None:
    films = small(("Solo", 2018, ()), ("Duo", 2018, ()), tmdb_ids=[7, 7])

    assert films.find(ImportedRow(1, "Duo", tmdb_id=7)).movie_id == 2
    assert films.find(ImportedRow(1, "Trio", tmdb_id=7)).candidates == (2, 1)


def test_imdbs_id_counts_before_tmdbs(films: MovieIndex) -> None:
    assert films.find(ImportedRow(1, "", imdb_id=78_748, tmdb_id=603)).movie_id == ALIEN


@pytest.mark.parametrize("title", ["", " ", "!!!", "the", "…", "\ud800", "a" * 300, "(" * 300])
def test_odd_titles_find_nothing_and_do_no_harm(title: str) -> None:
    assert small(("Home", 2008, ())).find(ImportedRow(1, title, 2008)).movie_id is None
