"""Each service's file becomes the ratings that it holds."""

import json
from datetime import UTC, datetime

import pytest

from bot.errors import UserError
from tests.bot.imports import samples
from tests.bot.imports.conftest import Read
from tests.bot.imports.samples import (
    ALIEN,
    AMELIE,
    CROUCHING,
    INCEPTION,
    LEON,
    MATRIX,
    SEVEN,
    SHINING,
    SPIRITED,
    TOY_STORY,
    zipped,
)

HEADER = "Date,Name,Year,Letterboxd URI,Rating\n"


def test_letterboxds_ratings_are_taken_as_they_are(read: Read) -> None:
    history = read(samples.LETTERBOXD_RATINGS)

    assert history.source == "Letterboxd"
    assert "as they are" in history.scale
    assert history.stars == {SEVEN: 4.5, CROUCHING: 4.0, AMELIE: 5.0, LEON: 0.5}
    assert history.rated_at[SEVEN] == datetime(2021, 3, 14, tzinfo=UTC)
    assert history.seen == frozenset()
    (left,) = history.not_found
    assert (left.line, left.title, left.year) == (6, "A Film That Nobody Made", 2019)
    assert (history.ambiguous, history.invalid, history.n_rows) == ((), (), 5)


def test_of_letterboxds_diary_the_latest_evening_counts(read: Read) -> None:
    history = read(samples.LETTERBOXD_DIARY)

    assert history.stars == {SEVEN: 2.0, ALIEN: 4.5}
    assert history.rated_at[ALIEN] == datetime(2022, 2, 8, tzinfo=UTC)
    assert history.seen == {MATRIX}
    older_below = read("\n".join(sorted(samples.LETTERBOXD_DIARY.splitlines(), reverse=True)))
    assert older_below.stars == history.stars


def test_letterboxds_reviews_may_run_over_many_lines(read: Read) -> None:
    history = read(samples.LETTERBOXD_REVIEWS + ",Nobody's Film,1980,,9,,,,\n")

    assert history.stars == {SHINING: 5.0, TOY_STORY: 4.0}
    (bad,) = history.invalid
    assert (bad.line, bad.title) == (7, "Nobody's Film")


def test_films_watched_come_without_stars(read: Read) -> None:
    history = read(samples.LETTERBOXD_WATCHED, "watched.csv")

    assert (history.stars, history.seen) == ({}, {SEVEN, INCEPTION})
    assert "without stars" in history.scale


def test_a_watchlist_is_not_taken_for_films_seen(read: Read) -> None:
    with pytest.raises(UserError, match="is your watchlist"):
        read(samples.LETTERBOXD_WATCHLIST, "ann-Watchlist.csv")


def test_of_letterboxds_zip_ratings_count_before_diary_before_reviews(read: Read) -> None:
    history = read(zipped(samples.LETTERBOXD_ZIP))

    assert history.source == "Letterboxd"
    assert history.stars == {
        **{SEVEN: 4.5, CROUCHING: 4.0, AMELIE: 5.0, LEON: 0.5},  # ratings
        ALIEN: 4.5,  # diary
        **{SHINING: 5.0, TOY_STORY: 4.0},  # reviews
    }
    assert history.seen == {MATRIX, INCEPTION}
    assert SPIRITED not in history.seen | history.stars.keys()  # watchlist, likes, lists, deleted
    (left,) = history.not_found  # although two files name it
    assert (left.file, left.line) == ("ratings.csv", 6)
    assert history.n_rows == 5 + 4 + 2 + 3


def test_the_order_in_a_zip_and_its_folders_do_not_matter(read: Read) -> None:
    files = {f"letterboxd-ann/{name}": text for name, text in samples.LETTERBOXD_ZIP.items()}
    turned = zipped(dict(reversed(files.items())))

    assert read(turned).stars == read(zipped(samples.LETTERBOXD_ZIP)).stars
    assert read(turned).seen == {MATRIX, INCEPTION}


def test_imdbs_points_are_halved(read: Read) -> None:
    history = read(samples.IMDB)

    assert history.source == "IMDb"
    assert "halved" in history.scale
    assert history.stars == {MATRIX: 4.5, AMELIE: 3.5, ALIEN: 0.5}
    assert history.rated_at[MATRIX] == datetime(2023, 5, 1, tzinfo=UTC)
    assert [(left.title, left.reason) for left in history.ignored] == [
        ("Breaking Bad", "TV Series")
    ]
    assert [left.title for left in history.not_found] == ["A Film That Nobody Made"]


def test_imdbs_columns_of_old_are_known(read: Read) -> None:
    history = read(samples.IMDB_UNTIL_2017)

    assert history.stars == {SEVEN: 4.0}
    assert history.rated_at == {SEVEN: datetime(2013, 1, 5, tzinfo=UTC)}


def test_a_series_that_is_in_the_catalogue_is_taken(read: Read) -> None:
    as_series = samples.IMDB.replace("tt0078748,Movie", "tt0078748,TV Mini Series")

    assert read(as_series).stars[ALIEN] == 0.5


def test_a_series_is_not_taken_for_a_film_of_its_name(read: Read) -> None:
    series = samples.IMDB.replace("tt0903747", "tt9999998").replace(
        "Breaking Bad,Breaking Bad", "Alien,Alien"
    )

    assert [left.reason for left in read(series).ignored] == ["TV Series"]


def test_unrated_films_of_imdbs_other_lists_are_no_films_seen(read: Read) -> None:
    history = read("Position,Const,Title,Year,Your Rating\n1,tt0078748,Alien,1979,\n")

    assert (history.stars, history.seen) == ({}, frozenset())
    (left,) = history.ignored
    assert "without a rating" in left.reason


def test_trakts_ratings_go_by_imdb_then_tmdb_then_title(read: Read) -> None:
    history = read(samples.TRAKT_RATINGS)

    assert history.source == "Trakt"
    assert "halved" in history.scale
    assert history.stars == {MATRIX: 5.0, SPIRITED: 1.5, INCEPTION: 3.5}
    assert history.rated_at[MATRIX] == datetime(2014, 9, 1, 9, 10, 11, tzinfo=UTC)
    assert [(left.line, left.title, left.reason) for left in history.ignored] == [
        (4, "Lost", "episode")
    ]


def test_of_trakts_zip_what_was_watched_is_seen(read: Read) -> None:
    history = read(zipped(samples.TRAKT_ZIP))

    assert history.stars == {MATRIX: 5.0, SPIRITED: 1.5, INCEPTION: 3.5}
    assert history.seen == {ALIEN}


@pytest.mark.parametrize("rating", [0, 11, 7.5, "", "seven", True, [], 10**30, -3, float("inf")])
def test_trakts_ratings_off_the_scale_are_bad(read: Read, rating: object) -> None:
    movie = samples.trakt_movie("The Matrix", 1999, "tt0133093", 603)

    history = read(json.dumps([{"rating": rating, "movie": movie}]))

    assert history.stars == {}
    assert [left.title for left in history.invalid] == ["The Matrix"]


def test_movielens_accounts_ratings_are_taken_as_they_are(read: Read) -> None:
    history = read(samples.MOVIELENS.replace(", ", ",").replace('"Matrix,', '"Matrix, '))

    assert history.source == "MovieLens"
    assert history.stars == {ALIEN: 3.0, MATRIX: 5.0}
    assert [(left.title, left.year) for left in history.not_found] == [
        ("A Film That Nobody Made", 2019)
    ]


def test_one_persons_part_of_a_movielens_data_set_is_taken(read: Read) -> None:
    history = read(samples.MOVIELENS_DATA_SET)

    assert history.stars == {TOY_STORY: 4.0, MATRIX: 4.5}
    assert history.rated_at[TOY_STORY] == datetime(2000, 7, 30, 18, 45, 3, tzinfo=UTC)
    (left,) = history.not_found
    assert "MovieLens id 999999999" in left.reason


def test_a_data_set_of_several_people_is_refused(read: Read) -> None:
    with pytest.raises(UserError, match="several people: user 7, and on line 5 user 8"):
        read(samples.MOVIELENS_DATA_SET + "8,1,4.0,964982703\n")


def test_a_list_for_letterboxd_is_taken_on_either_scale(read: Read) -> None:
    five = read("imdbID,Title,Year,Rating\n,Alien,1979,4.5\ntt0133093,,,3\n")
    ten = read("tmdbID,Rating10,WatchedDate\n348,9,2020-02-03\n")

    assert five.stars == {ALIEN: 4.5, MATRIX: 3.0}
    assert ten.stars == {ALIEN: 4.5}
    assert "halved" in ten.scale


def test_a_list_whose_ratings_go_beyond_five_is_not_half_understood(read: Read) -> None:
    with pytest.raises(UserError, match=r"Line 3 has the rating 8, .* column Rating10"):
        read("Title,Year,Rating\nAlien,1979,4\nThe Matrix,1999,8\n")


@pytest.mark.parametrize(
    ("rating", "stars"),
    [("4.5", 4.5), ("4,5", 4.5), ("4.0", 4.0), ("4.50", 4.5), (" 4 ", 4.0), ("05", 5.0)]
    + [(bad, None) for bad in ("0", "5.5", "4.3", "-4", "1e1", "nan", "=4", "★★★", "٤", "9" * 99)],
)
def test_stars_off_the_scale_are_bad_and_never_guessed(
    read: Read, rating: str, stars: float | None
) -> None:
    history = read(HEADER + f'2024-01-01,Alien,1979,,"{rating}"\n')

    if stars is None:
        assert history.stars == {}
        assert "is not on the scale from 0.5 to 5" in history.invalid[0].reason
    else:
        assert history.stars == {ALIEN: stars}


def test_columns_come_in_any_order_case_and_company(read: Read) -> None:
    table = "RATING,year,Mood,LETTERBOXD uri,name\n4.5,1995,good,https://boxd.it/2aSQ,Se7en\n"

    assert read(table).stars == {SEVEN: 4.5}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_are_found(read: Read, encoding: str, newline: str) -> None:
    text = samples.LETTERBOXD_RATINGS.replace("\n", newline)

    assert read(text.encode(encoding)).stars == read(samples.LETTERBOXD_RATINGS).stars


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_table_that_a_spreadsheet_saved_anew_is_read(read: Read, delimiter: str) -> None:
    row = ["2021-03-14", "Se7en", "1995", "", "4,5"]
    text = HEADER.replace(",", delimiter) + delimiter.join(row)

    assert read(text).stars == {SEVEN: 4.5}


def test_an_unquoted_comma_in_a_title_makes_the_row_bad(read: Read) -> None:
    history = read(HEADER + "2021-03-14,Crouching Tiger, Hidden Dragon,2000,,4\n,Alien,1979,,4,\n")

    assert history.stars == {ALIEN: 4.0}
    assert [left.line for left in history.invalid] == [2]


def test_blank_lines_and_short_rows_do_no_harm(read: Read) -> None:
    history = read("\n" + HEADER + "\n,,,,\n2021-03-14,Alien,1979\n\n,,1999,,4\n")

    assert history.seen == {ALIEN}
    (left,) = history.invalid
    assert left.line == 7
    assert "no title" in left.reason
    assert history.n_rows == 2


def test_two_services_in_one_zip_are_refused(read: Read) -> None:
    files = {"a.csv": samples.IMDB, "b.csv": samples.LETTERBOXD_RATINGS}

    with pytest.raises(UserError, match="IMDb and Letterboxd"):
        read(zipped(files))
