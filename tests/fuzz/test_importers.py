"""Whatever bytes come: ratings on the scale of films that exist, or a refusal in words."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.imports.export import skipped_rows_csv
from bot.imports.movie_matching import MovieIndex
from bot.imports.reader import read_history
from engine import TasteModel
from tests.bot.imports import samples
from tests.bot.imports.samples import zipped
from tests.fuzz.inputs import check_refusal, fuzzed, soon

VALID = [
    *(samples.LETTERBOXD_RATINGS, samples.LETTERBOXD_REVIEWS, samples.IMDB, samples.MOVIELENS),
    *(samples.IMDB_UNTIL_2017, samples.TRAKT_RATINGS, samples.MOVIELENS_DATA_SET),
]
FILES = [text.encode() for text in VALID] + [
    zipped(samples.LETTERBOXD_ZIP),
    zipped(samples.TRAKT_ZIP),
]
PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from([b'"', b",", b"\n", b"\0", b"[", b"{", b"]", b"PK\x03\x04", b"\xff\xfe"]),
    st.sampled_from([b"=1+1", b"1e999", b"-0", b"9" * 5_000, b"\xed\xa0\x80", b"\\ud800", b"null"]),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["movie", "ids", "imdb", "tmdb", "title", "year", "rating", "rated_at"])
            | st.sampled_from(["show", "episode", "last_watched_at"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def films(model: TasteModel) -> MovieIndex:
    return MovieIndex(model.catalogue)


def check(data: bytes, films: MovieIndex, name: str = "") -> None:
    """Read it: nothing but a UserError may come, and what comes must be sound."""
    try:
        with soon():
            history = read_history(name, data, films)
    except UserError as error:
        check_refusal(error)
        return
    assert all((2 * stars) in range(1, 11) for stars in history.stars.values())
    assert all(movie_id in films.catalogue for movie_id in (*history.stars, *history.seen))
    assert all(at.tzinfo is not None for at in history.rated_at.values())
    assert history.rated_at.keys() <= history.stars.keys()
    assert not history.seen & history.stars.keys()
    left_out, _ = skipped_rows_csv(history)
    assert not any(b"\n" + sign in left_out for sign in (b"=", b"+", b"-", b"@"))


@fuzzed(cost=5)
@given(st.binary(max_size=2_000), st.text(max_size=30))
def test_any_bytes(films: MovieIndex, data: bytes, name: str) -> None:
    check(data, films, name)


@fuzzed(cost=5)
@given(st.text(max_size=500))
def test_any_text(films: MovieIndex, text: str) -> None:
    check(text.encode(errors="surrogatepass"), films, text)


@fuzzed()
@given(
    st.sampled_from(FILES),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), PIECES),
        min_size=1,
        max_size=6,
    ),
)
def test_valid_files_with_pieces_replaced(
    films: MovieIndex, data: bytes, changes: list[tuple[float, int, bytes]]
) -> None:
    for place, length, piece in changes:
        start = int(place * len(data))
        data = data[:start] + piece + data[start + length :]
    check(data, films)


@fuzzed(cost=2)
@given(st.sampled_from(FILES), st.floats(0, 1), st.floats(0, 1))
def test_valid_files_cut_or_begun_elsewhere(
    films: MovieIndex, data: bytes, start: float, end: float
) -> None:
    check(data[int(start * len(data) / 4) : int(end * len(data)) + 1], films)


@fuzzed(cost=2)
@given(st.sampled_from(VALID), st.text(max_size=30), st.randoms(use_true_random=False))
def test_tables_with_cells_replaced(
    films: MovieIndex, text: str, cell: str, random: random.Random
) -> None:
    cells = text.split(",")
    cells[random.randrange(len(cells))] = '"' + cell.replace('"', '""') + '"'
    check(",".join(cells).encode(errors="replace"), films)


@fuzzed(cost=5)
@given(st.lists(st.fixed_dictionaries({"movie": JSON}, optional={"rating": JSON}), max_size=4))
def test_any_json_with_trakts_names(films: MovieIndex, items: list[object]) -> None:
    check(json.dumps(items).encode(), films)
