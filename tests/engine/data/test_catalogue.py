import numpy as np
import pytest

from engine import TasteModel, UnknownMovieError
from engine.data.catalogue import Catalogue


def test_a_movie_has_its_facts(small_catalogue: Catalogue) -> None:
    movie = small_catalogue.by_id(1)
    assert movie.title == 'Quote "and", comma (1995)'
    assert movie.genres == ("Action", "Sci-Fi")
    assert movie.url == "https://www.imdb.com/title/tt0114709/"
    assert (movie.count, movie.mean) == (76813, 3.89313)


def test_what_is_not_known_of_a_movie_is_none(small_catalogue: Catalogue) -> None:
    movie = small_catalogue.by_id(7)
    assert movie.title == "Étude"
    assert (movie.year, movie.imdb_id, movie.tmdb_id, movie.mean, movie.url) == (None,) * 5
    assert movie.genres == ()


def test_an_unknown_movie_is_named_in_plain_words(small_catalogue: Catalogue) -> None:
    assert 7 in small_catalogue
    assert 8 not in small_catalogue
    with pytest.raises(UnknownMovieError) as caught:
        small_catalogue.by_id(8)
    assert str(caught.value) == "There is no movie with the id 8."


def test_all_movies_of_the_real_catalogue_can_be_looked_up(model: TasteModel) -> None:
    catalogue = model.catalogue
    assert [catalogue.row(m) for m in model.movie_ids.tolist()] == list(range(len(catalogue)))
    assert catalogue.by_id(356).title == "Forrest Gump (1994)"
    assert (np.diff(model.movie_ids) > 0).all()
