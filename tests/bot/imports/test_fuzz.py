"""Whatever bytes come: ratings on the scale of films that exist, or a refusal in words."""

import contextlib
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.imports import FilmIndex, left_out_csv, read_history
from tests.bot.imports import samples
from tests.bot.imports.samples import zipped

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


def check(data: bytes, films: FilmIndex, name: str = "") -> None:
    """Read it: nothing but a UserError may come, and what comes must be sound."""
    with contextlib.suppress(UserError):
        history = read_history(name, data, films)
        assert all((2 * stars) in range(1, 11) for stars in history.stars.values())
        assert all(movie_id in films.catalogue for movie_id in (*history.stars, *history.seen))
        assert all(at.tzinfo is not None for at in history.rated_at.values())
        assert history.rated_at.keys() <= history.stars.keys()
        assert not history.seen & history.stars.keys()
        left_out_csv(history)


@given(st.binary(max_size=2_000))
def test_any_bytes(films: FilmIndex, data: bytes) -> None:
    check(data, films)


@given(st.text(max_size=500))
def test_any_text(films: FilmIndex, text: str) -> None:
    check(text.encode(errors="surrogatepass"), films, text)


@settings(max_examples=600)
@given(
    st.sampled_from(FILES),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), PIECES),
        min_size=1,
        max_size=6,
    ),
)
def test_valid_files_with_pieces_replaced(
    films: FilmIndex, data: bytes, changes: list[tuple[float, int, bytes]]
) -> None:
    for place, length, piece in changes:
        start = int(place * len(data))
        data = data[:start] + piece + data[start + length :]
    check(data, films)


@settings(max_examples=300)
@given(st.sampled_from(FILES), st.floats(0, 1), st.floats(0, 1))
def test_valid_files_cut_or_begun_elsewhere(
    films: FilmIndex, data: bytes, start: float, end: float
) -> None:
    check(data[int(start * len(data) / 4) : int(end * len(data)) + 1], films)


@settings(max_examples=300)
@given(st.sampled_from(VALID), st.text(max_size=30), st.randoms(use_true_random=False))
def test_tables_with_cells_replaced(films: FilmIndex, text: str, cell: str, random: object) -> None:
    cells = text.split(",")
    cells[random.randrange(len(cells))] = '"' + cell.replace('"', '""') + '"'  # type: ignore[attr-defined]
    check(",".join(cells).encode(errors="replace"), films)


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


@settings(max_examples=300)
@given(st.lists(st.fixed_dictionaries({"movie": JSON}, optional={"rating": JSON}), max_size=4))
def test_any_json_with_trakts_names(films: FilmIndex, items: list[object]) -> None:
    check(json.dumps(items).encode(), films)
