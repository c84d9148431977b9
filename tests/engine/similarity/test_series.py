"""Series are found from titles, and phrases are no series."""

import numpy as np
import pytest

from engine import TasteModel
from engine.data.catalogue import Catalogue, genre_matrix
from engine.similarity.series import series_of
from engine.titles.parse import parse_title


def catalogue(*raw_titles: str, ratings: tuple[int, ...] = ()) -> Catalogue:
    """Films of these titles, with 100 ratings each where nothing else is given."""
    titles = [parse_title(raw) for raw in raw_titles]
    n = len(titles)
    return Catalogue(
        movie_ids=np.arange(1, n + 1),
        names=[title.name for title in titles],
        years=np.array([title.year or 0 for title in titles], dtype=np.int16),
        aliases=[title.aliases for title in titles],
        genres=genre_matrix(["Drama"] * n),
        imdb_ids=np.zeros(n, dtype=np.int64),
        tmdb_ids=np.zeros(n, dtype=np.int64),
        counts=np.array(ratings or [100] * n),
        means=np.full(n, 3.5),
        biases=np.zeros(n, dtype=np.float32),
        tags=[()] * n,
    )


@pytest.mark.parametrize(
    "titles",
    [
        ("Toy Story (1995)", "Toy Story 2 (1999)"),
        ("Alien (1979)", "Alien³ (a.k.a. Alien 3) (1992)", "Alien: Resurrection (1997)"),
        ("Rocky (1976)", "Rocky IV (1985)"),
        ("Godfather, The (1972)", "Godfather: Part II, The (1974)"),
        ("Kill Bill: Vol. 1 (2003)", "Kill Bill: Vol. 2 (2004)"),
        ("Ocean's Eleven (2001)", "Ocean's Twelve (2004)"),
        ("Matrix, The (1999)", "Matrix Reloaded, The (2003)"),
        ("Star Wars: Episode IV - A New Hope (1977)", "Star Wars: The Last Jedi (2017)"),
        ("Harry Potter and the Goblet of Fire (2005)", "Harry Potter and the Half-Blood Prince"),
        (
            "Raiders of the Lost Ark (Indiana Jones and the Raiders of the Lost Ark) (1981)",
            "Indiana Jones and the Temple of Doom (1984)",
        ),
        ("Star Trek: Generations (1994)", "Star Trek (2009)", "Star Trek Beyond (2016)"),
        ("Total Recall (1990)", "Total Recall (2012)"),
    ],
)
def test_films_of_a_series_are_found(titles: tuple[str, ...]) -> None:
    assert set(series_of(catalogue(*titles, "Fargo (1996)"))) == {0, -1}


@pytest.mark.parametrize(
    "titles",
    [
        ("Big (1988)", "Big Fish (2003)", "Big Lebowski, The (1998)"),
        ("Heat (1995)", "Heat, The (2013)"),  # one word tells too little
        ("Year One (2009)", "Year of the Dog (2007)"),
        ("Seven (a.k.a. Se7en) (1995)", "Seven Samurai (1954)"),
        ("Harry and the Hendersons (1987)", "Harry and the Butler (1961)"),
    ],
)
def test_films_that_share_a_word_are_no_series(titles: tuple[str, ...]) -> None:
    assert set(series_of(catalogue(*titles))) == {-1}


def test_a_little_known_film_does_not_lend_its_name_to_a_famous_one() -> None:
    titles = ("Pulp (1972)", "Pulp: A Film About Life (2014)", "Pulp Fiction (1994)")
    assert series_of(catalogue(*titles, ratings=(10, 10, 1000))).tolist() == [0, 0, -1]
    assert series_of(catalogue(*titles, ratings=(1000, 10, 10))).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("title", "least", "most"),
    [
        ("Star Wars: Episode IV - A New Hope", 9, 30),
        ("Harry Potter and the Chamber of Secrets", 8, 12),
        ("Pulp Fiction", 1, 1),
        ("The Matrix", 4, 10),
        ("The Dark Knight", 2, 3),
    ],
)
def test_real_series_have_a_plausible_size(
    model: TasteModel, title: str, least: int, most: int
) -> None:
    series = model.item_similarity.series
    number = series[model.titles.search(title, 1)[0].row]
    size = int((series == number).sum()) if number >= 0 else 1
    assert least <= size <= most
