"""What is exported comes back the same, and is safe to open in a spreadsheet."""

import csv
import io
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports.export import ExportedMovie, export_csv, skipped_rows_csv
from bot.imports.formats.reeltwin import escape_formula, unescape_formula
from bot.imports.movie_matching import MovieIndex
from bot.imports.reader import read_history
from engine import TasteModel
from engine.data.catalogue import Movie
from tests.bot.imports.conftest import Read
from tests.bot.imports.samples import ALIEN

HALF_STARS = st.sampled_from([half / 2 for half in range(1, 11)])
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC))
COLUMNS_OF_LETTERBOXD = {"tmdbID", "imdbID", "Title", "Year", "Rating", "WatchedDate"}


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def film(name: str, movie_id: int = 999_999_999) -> Movie:
    return Movie(movie_id, name, 1979, (), None, None, 0, None, 0.0)


def test_every_film_of_the_catalogue_comes_back(films: MovieIndex, model: TasteModel) -> None:
    catalogue = model.catalogue
    for part in (range(0, len(catalogue), 2), range(1, len(catalogue), 2)):
        stars = {int(catalogue.movie_ids[row]): (row % 10 + 1) / 2 for row in part}
        data = export_csv(ExportedMovie(catalogue.by_id(m), value) for m, value in stars.items())

        history = read_history("", data, films)

        assert history.source == "Reeltwin"
        assert history.stars == stars
        assert (history.invalid, history.ambiguous, history.not_found) == ((), (), ())


@given(st.data())
def test_stars_films_seen_and_times_come_back(
    films: MovieIndex, model: TasteModel, data: st.DataObject
) -> None:
    ids = st.sampled_from(model.catalogue.movie_ids.tolist())
    of_a_film = st.tuples(st.none() | HALF_STARS, st.none() | TIMES)
    given = data.draw(st.dictionaries(ids, of_a_film, min_size=1, max_size=20))
    rows = [ExportedMovie(model.catalogue.by_id(m), stars, at) for m, (stars, at) in given.items()]

    history = read_history("anything", export_csv(rows), films)

    assert history.stars == {m: stars for m, (stars, _) in given.items() if stars}
    assert history.rated_at == {m: at for m, (stars, at) in given.items() if stars and at}
    assert history.seen == {m for m, (stars, _) in given.items() if stars is None}
    assert history.n_rows == len(given)


def test_without_our_columns_the_films_come_back_all_the_same(
    films: MovieIndex, model: TasteModel
) -> None:
    """As another program would hand it on: what Letterboxd knows is enough."""
    rows = rows_of(
        export_csv(ExportedMovie(model.catalogue.by_row(row), 4.0) for row in range(0, 86_000, 9))
    )
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, sorted(COLUMNS_OF_LETTERBOXD), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)

    history = read_history("", text.getvalue().encode(), films)

    assert set(history.stars) == {int(row["MovieLensID"]) for row in rows}


def test_letterboxds_importer_finds_its_columns(model: TasteModel) -> None:
    at = datetime(2024, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    data = export_csv([ExportedMovie(model.catalogue.by_id(ALIEN), 4.5, at)])

    assert data.startswith(b"tmdbID,")  # no mark before it
    (row,) = rows_of(data)
    assert row.keys() >= COLUMNS_OF_LETTERBOXD
    assert (row["tmdbID"], row["imdbID"], row["Rating"]) == ("348", "tt0078748", "4.5")
    assert row["WatchedDate"] == "2023-12-31"


@given(st.text())
def test_whatever_is_made_safe_comes_back_unchanged(text: str) -> None:
    assert unescape_formula(escape_formula(text)) == text


@given(st.sampled_from("=+-@\t\r\n＝＋－＠"), st.text())
def test_no_cell_begins_as_a_formula_does(sign: str, rest: str) -> None:
    assert escape_formula(sign + rest) == f"'{sign}{rest}"


@pytest.mark.parametrize("name", ["+1", "'71", "@urFRENZ", "'Til There Was You", '"Sr."', "'=1"])
def test_odd_titles_are_safe_and_come_back(read: Read, name: str) -> None:
    data = export_csv([ExportedMovie(film(name), 4.0)])

    assert rows_of(data)[0]["Title"][0] not in "=+-@"
    assert [left.title for left in read(data).not_found] == [name]


def test_rows_that_were_not_taken_come_as_a_safe_table(read: Read) -> None:
    history = read(
        "Date,Name,Year,Letterboxd URI,Rating\n"
        "2024-01-01,=cmd|' /C calc'!A0,1979,,4\n"
        "2024-01-01,The Empire Strikes Back,1980,,4\n"
        "2024-01-01,Alien,1979,,=1+1\n"
        "2024-01-01,Amélie,2001,,5\n"
    )

    data, n_rows = skipped_rows_csv(history)
    rows = rows_of(data)

    assert n_rows == 3

    assert [(row["Line"], row["Kind"]) for row in rows] == [
        ("2", "not found"),
        ("3", "not sure"),
        ("4", "cannot be read"),
    ]
    assert rows[0]["Title"] == "'=cmd|' /C calc'!A0"
    assert "Star Wars: Episode V - The Empire Strikes Back (1980)" in rows[1]["Reason"]
    assert "“=1+1”" in rows[2]["Reason"]
    assert data.startswith(b"\xef\xbb\xbf")


def test_of_more_rows_than_a_file_may_hold_the_first_are_in_it(read: Read) -> None:
    rows = "".join(f"2024-01-01,No Such Film {n},1979,,4\n" for n in range(100))
    history = read(f"Date,Name,Year,Letterboxd URI,Rating\n{rows}")

    data, n_rows = skipped_rows_csv(history, most=2_000)

    assert 1_900 < len(data) <= 2_000
    assert [row["Line"] for row in rows_of(data)] == [str(2 + n) for n in range(n_rows)]
    assert skipped_rows_csv(history)[1] == 100
