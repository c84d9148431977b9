import gzip

import numpy as np
import pytest

from engine import BundleError, TasteModel, UnknownMovieError
from engine.data.catalogue import GENRES, Catalogue, genre_matrix
from engine.titles.overrides import NICKNAMES, RELEASED_AS


@pytest.fixture
def small() -> Catalogue:
    return Catalogue(
        movie_ids=np.array([1, 7, 260], dtype=np.int64),
        names=['Quote "and", comma', "Étude\nin two lines", "Film, The: Part | 2"],
        years=np.array([1995, 0, 2021], dtype=np.int16),
        aliases=[("A", "B, C"), (), ("Côté",)],
        genres=genre_matrix(["Action|Sci-Fi", "(no genres listed)", "|".join(GENRES)]),
        imdb_ids=np.array([114709, 0, 12345678], dtype=np.int64),
        tmdb_ids=np.array([862, 0, 3], dtype=np.int64),
        counts=np.array([76813, 0, 2], dtype=np.int64),
        means=np.array([3.89313, 0.0, 4.75]),
        biases=np.array([0.34567, 0.0, -1.25], dtype=np.float32),
        tags=[("pixar", "twist, ending"), (), ("sous-titré",)],
    )


def columns(catalogue: Catalogue) -> dict[str, list[object]]:
    return {
        name: value.tolist() if isinstance(value, np.ndarray) else list(value)
        for name, value in vars(catalogue).items()
        if not name.startswith("_")
    }


def test_a_catalogue_survives_the_round_trip(small: Catalogue) -> None:
    again = Catalogue.from_bytes(small.to_bytes())
    assert columns(again) == columns(small)
    for name in ("movie_ids", "years", "genres", "counts", "means", "biases"):
        assert getattr(again, name).dtype == getattr(small, name).dtype


def test_the_real_catalogue_is_written_as_it_was_read_but_for_names_that_people_know(
    model: TasteModel,
) -> None:
    from engine.bundle.io import CATALOGUE, EMBEDDED

    written = gzip.decompress(model.catalogue.to_bytes()).splitlines()
    given = gzip.decompress((EMBEDDED / CATALOGUE).read_bytes()).splitlines()
    changed = {
        int(new.split(b",")[0]) for new, old in zip(written, given, strict=True) if new != old
    }
    assert changed == RELEASED_AS.keys() | NICKNAMES.keys()


def test_equal_catalogues_give_equal_bytes(small: Catalogue) -> None:
    assert small.to_bytes() == Catalogue.from_bytes(small.to_bytes()).to_bytes()
    assert small.to_bytes()[4:8] == bytes(4)  # gzip's time of writing


def test_an_alias_cannot_break_the_list_of_aliases(small: Catalogue) -> None:
    odd = Catalogue(**{**vars(small), "aliases": [("Face|Off",), (), ()]})
    assert Catalogue.from_bytes(odd.to_bytes()).aliases[0] == ("Face/Off",)


def test_a_movie_has_its_facts(small: Catalogue) -> None:
    movie = small.by_id(1)
    assert movie.title == 'Quote "and", comma (1995)'
    assert movie.genres == ("Action", "Sci-Fi")
    assert movie.url == "https://www.imdb.com/title/tt0114709/"
    assert (movie.count, movie.mean) == (76813, 3.89313)


def test_what_is_not_known_of_a_movie_is_none(small: Catalogue) -> None:
    movie = small.by_id(7)
    assert movie.title == "Étude\nin two lines"
    assert (movie.year, movie.imdb_id, movie.tmdb_id, movie.mean, movie.url) == (None,) * 5
    assert movie.genres == ()


def test_an_unknown_movie_is_named_in_plain_words(small: Catalogue) -> None:
    assert 7 in small
    assert 8 not in small
    with pytest.raises(UnknownMovieError) as caught:
        small.by_id(8)
    assert str(caught.value) == "There is no movie with the id 8."


def test_all_movies_of_the_real_catalogue_can_be_looked_up(model: TasteModel) -> None:
    catalogue = model.catalogue
    assert [catalogue.row(m) for m in model.movie_ids.tolist()] == list(range(len(catalogue)))
    assert catalogue.by_id(356).title == "Forrest Gump (1994)"
    assert (np.diff(model.movie_ids) > 0).all()


HEADER = b"movie_id,name,year,aliases,genres,imdb_id,tmdb_id,count,mean,bias,tags\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"movie_id,name\n", id="not gzip"),
        pytest.param(gzip.compress(b"movieId,title,genres\n1,A,B\n"), id="other columns"),
        pytest.param(gzip.compress(HEADER), id="no rows"),
        pytest.param(gzip.compress(HEADER + b"1,A,1995\n"), id="short row"),
        pytest.param(gzip.compress(HEADER + b"x,A,1995,,,1,1,1,1,1,\n"), id="no number"),
        pytest.param(gzip.compress(HEADER + b"1,A,99999,,,1,1,1,1,1,\n"), id="year out of range"),
        pytest.param(gzip.compress(HEADER + b"1,\xff,1995,,,1,1,1,1,1,\n"), id="not UTF-8"),
        pytest.param(gzip.compress(HEADER * 99, mtime=0)[:60], id="truncated"),
        pytest.param(gzip.compress(HEADER * 99, mtime=0)[:20] + b"\xff" * 40, id="damaged"),
    ],
)
def test_a_damaged_catalogue_is_refused_with_one_line(data: bytes) -> None:
    with pytest.raises(BundleError) as caught:
        Catalogue.from_bytes(data)
    assert "\n" not in str(caught.value)
    assert "catalogue" in str(caught.value)


def test_a_damaged_byte_never_gets_past_as_something_else(small: Catalogue) -> None:
    whole = small.to_bytes()
    refused = 0
    for at in range(len(whole)):
        damaged = whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :]
        try:
            assert columns(Catalogue.from_bytes(damaged)) == columns(small)
        except BundleError:
            refused += 1
    assert refused > 0.9 * len(whole)  # a few bytes of gzip's header mean nothing
