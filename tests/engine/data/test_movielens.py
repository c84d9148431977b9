import logging
import os
from pathlib import Path

import pandas as pd
import pytest

from engine.data.movielens import Dropped, Release, Source, pool, read_release
from engine.errors import DataError
from tests.engine.movielens_sets import imdb_id, write_release

REAL = Path(os.environ.get("MOVIELENS_DIR", "data"))
REAL_RELEASES = ("ml-latest-2023", "ml-latest-small", "ml-small-2015-04", "ml-small-2016-10")

MOVIES = """\
movieId,title,genres
1,Toy Story (1995),Adventure|Animation
2,"American President, The (1995)",Comedy|Drama
3,"11'09""01 - September 11 (2002)",Drama
"""
RATINGS = """\
userId,movieId,rating,timestamp
1,1,4.0,964982703
1,2,0.5,964981247
2,1,5.0,964982224
"""


def write(folder: Path, **files: str | bytes) -> Path:
    """Write a csv release; without an argument of its own a file has the sound text above."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {"movies": MOVIES, "ratings": RATINGS, **files}.items():
        data = text if isinstance(text, bytes) else text.encode()
        (folder / f"{name}.csv").write_bytes(data)
    return folder


def triples(release: Release) -> list[tuple[str, int, float]]:
    frame = release.ratings
    return list(zip(frame["user"], frame["movie_id"], frame["stars"], strict=True))


def test_a_csv_release_is_read_as_its_files_hold_it(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "mine",
        links="movieId,imdbId,tmdbId\n1,0114709,862\n2,0112346,\n",
        tags="userId,movieId,tag,timestamp\n1,2,NA,1\n",
        rating_stats="movieId,count,mean\n1,76813,3.9\n",
    )
    release = read_release(folder)
    assert triples(release) == [("mine:1", 1, 4.0), ("mine:1", 2, 0.5), ("mine:2", 1, 5.0)]
    assert release.ratings["timestamp"].tolist() == [964982703, 964981247, 964982224]
    assert release.ratings["stars"].dtype == "float32"
    assert release.movies["title"].tolist() == [
        "Toy Story (1995)",
        "American President, The (1995)",
        "11'09\"01 - September 11 (2002)",
    ]
    assert release.movies.loc[1, ["imdb_id", "tmdb_id"]].tolist() == [114709, 862]
    assert release.movies["tmdb_id"].isna().tolist() == [False, True, True]
    assert release.tags is not None
    assert release.tags.to_dict("list") == {"movie_id": [2], "tag": ["NA"]}
    assert release.stats is not None
    assert release.stats.to_dict("index") == {1: {"count": 76813, "mean": 3.9}}


def test_optional_files_may_be_absent_or_without_rows(tmp_path: Path) -> None:
    bare = read_release(write(tmp_path / "bare"))
    assert bare.tags is None
    assert bare.stats is None
    assert bare.movies["imdb_id"].isna().all()
    tagless = read_release(write(tmp_path / "tagless", tags="userId,movieId,tag,timestamp\n"))
    assert tagless.tags is not None
    assert tagless.tags.empty


@pytest.mark.parametrize("style", ["csv", "ml-1m", "ml-10m"])
def test_every_layout_of_the_files_is_read(tmp_path: Path, style: str) -> None:
    known = write_release(tmp_path / style, n_users=30, n_movies=60, style=style)
    release = read_release(known.folder)
    assert len(release.ratings) == known.n_ratings
    assert set(release.ratings["user"]) == set(known.loves)
    assert set(release.movies.index) == set(known.movies)
    titles = release.movies["title"].str.replace(r" \(\d{4}\)$", "", regex=True)
    assert titles.iloc[[0, 3, 5, 7]].tolist() == [
        "Film 0, The",
        "Étude 3",
        "Comet 5: The Return",
        'Film 7 "Encore"',
    ]
    has_half_stars = bool((release.ratings["stars"] % 1 != 0).any())
    assert has_half_stars == (style != "ml-1m")
    assert (release.tags is None) == (style == "ml-1m")


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    def foreign(text: str) -> bytes:
        return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()

    plain = read_release(write(tmp_path / "a" / "set"))
    other = read_release(
        write(tmp_path / "b" / "set", movies=foreign(MOVIES), ratings=foreign(RATINGS))
    )
    pd.testing.assert_frame_equal(plain.ratings, other.ratings)
    pd.testing.assert_frame_equal(plain.movies, other.movies)


def test_the_last_rating_of_the_same_user_and_movie_wins_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = write(tmp_path / "twice", ratings=RATINGS + "1,1,2.0,900000000\n1,1,3.0,1\n")
    with caplog.at_level(logging.WARNING, "engine.data.movielens"):
        release = read_release(folder)
    assert triples(release) == [("twice:1", 2, 0.5), ("twice:2", 1, 5.0), ("twice:1", 1, 3.0)]
    assert "2 ratings replaced" in caplog.text


HEADER = "userId,movieId,rating,timestamp\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (HEADER, "has no rows"),
        ("userId,movieId,stars,timestamp\n1,1,4,1\n", "line 1: no column rating (found: userId,"),
        (HEADER + "1,1,4,1\n1,2,5.5,1\n", "line 3: rating 5.5 is outside 0.5..5"),
        (HEADER + "1,1,0,1\n", "line 2: rating 0 is outside 0.5..5"),
        (HEADER + "1,1,nan,1\n", "line 2: rating nan is outside 0.5..5"),
        (HEADER + "1,1,good,1\n", "line 2: rating 'good' is not a number"),
        (HEADER + "1,1,,1\n", "line 2: rating '' is not a number"),
        (HEADER + "1,1,4,1\n\n1,2,4\n", "line 4: 3 fields where 4 are expected"),
        (HEADER + "1,1,4,1\n1,2,4,1,9\n", "line 3: 5 fields where 4 are expected"),
        (HEADER + "1,1,4,1,9\n1,2,4,1\n", "line 2: 5 fields where 4 are expected"),
        (HEADER + "1,1,4,1,9\n1,2,4,1,9\n", "line 2: 5 fields where 4 are expected"),
        (HEADER + "one,1,4,1\n", "line 2: userId 'one' is not a whole number"),
        (HEADER + "1,1.5,4,1\n", "line 2: movieId '1.5' is not a whole number"),
        (HEADER + "1,1,4,-7\n", "line 2: timestamp -7 is below 0"),
        (HEADER + f"1,1,4,{10**30}\n", "line 2: timestamp 1000000000"),
        (HEADER + "1,1,4,1\n1,77,4,1\n", "line 3: movieId 77 is not in the release's movies file"),
        (HEADER.encode() + b"1,1,4,1\n1,\xe9,4,1\n", "line 3: not UTF-8 text (byte 0xe9)"),
        (HEADER.encode("utf-16"), "line 1: not UTF-8 text"),
    ],
)
def test_a_fault_in_the_ratings_is_named_with_file_and_line(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    folder = write(tmp_path / "broken", ratings=text)
    with pytest.raises(DataError) as caught:
        read_release(folder)
    assert str(caught.value).startswith(str(folder / "ratings.csv"))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (MOVIES + "4,Heat (1995)\n", "line 5: 2 fields where 3 are expected"),
        (MOVIES + "4,,Drama\n", "line 5: title is empty"),
        (MOVIES + "2,Heat (1995),Drama\n", "line 5: movieId 2 stands already in line 3"),
        (MOVIES + '4,"Heat\n(1995)",Drama\nx,Up,Drama\n', "line 7: movieId 'x'"),
        (MOVIES + '4,"Heat (1995),Drama\n5,Up,Drama\n', "line 5: 2 fields where 3"),
        (MOVIES.encode() + "4,Misérables (1995),Drama\n".encode("latin-1"), "line 5: not UTF-8"),
    ],
)
def test_a_fault_in_the_movies_is_named_with_file_and_line(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    folder = write(tmp_path / "broken", movies=text)
    with pytest.raises(DataError) as caught:
        read_release(folder)
    assert f"{folder / 'movies.csv'}, {message}" in str(caught.value)


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("links", "movieId,imdbId,tmdbId\n1,tt0114709,\n", "line 2: imdbId 'tt0114709' is not a"),
        ("links", "movieId,imdbId,tmdbId\n1,1.5,\n", "line 2: imdbId '1.5' is not a whole number"),
        ("rating_stats", "movieId,count,mean\n1,5,9\n", "line 2: mean 9 is outside 0.5..5"),
        ("rating_stats", "movieId,count\n1,5\n", "line 1: no column mean"),
        ("tags", "", "is empty"),
    ],
)
def test_a_fault_in_an_optional_file_is_named_too(
    tmp_path: Path, file: str, text: str, message: str
) -> None:
    folder = write(tmp_path / "broken", **{file: text})
    with pytest.raises(DataError) as caught:
        read_release(folder)
    assert str(caught.value).startswith(str(folder / f"{file}.csv"))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1::3::6::9", "rating 6 is outside 0.5..5"),
        ("1::3::4", "3 fields where 4 are expected"),
        ("1::3::4::9::9", "5 fields where 4 are expected"),
        ("1:3::4::9", "3 fields where 4 are expected"),
        ("1::3::4:5::9", "rating '4:5' is not a number"),
        ("1::99999::4::9", "movieId 99999 is not in the release's movies file"),
    ],
)
def test_a_fault_in_a_file_with_double_colons_is_named_with_its_line(
    tmp_path: Path, row: str, message: str
) -> None:
    known = write_release(tmp_path / "ml-1m", n_users=3, n_movies=30, style="ml-1m")
    path = known.folder / "ratings.dat"
    path.write_text(path.read_text() + row + "\n")
    with pytest.raises(DataError) as caught:
        read_release(known.folder)
    assert str(caught.value) == f"{path}, line {known.n_ratings + 1}: {message}"


def test_what_is_no_release_is_refused_in_one_line(tmp_path: Path) -> None:
    write(tmp_path / "half")
    (tmp_path / "half" / "movies.csv").unlink()
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.zip").write_bytes(b"PK")
    for name, message in {
        "nowhere": "does not exist",
        "file.zip": "is not a folder",
        "empty": "neither ratings.csv nor ratings.dat",
        "half": "has ratings.csv but no movies.csv",
    }.items():
        with pytest.raises(DataError, match=message):
            read_release(tmp_path / name)


def release(
    tmp_path: Path,
    name: str,
    ratings: list[tuple[int, int, float, int]],
    movies: dict[int, int],
    stats: str | None = None,
) -> Release:
    """Make a release of these ratings and of movies given as {movie_id: imdb_id}."""
    files = {} if stats is None else {"rating_stats": "movieId,count,mean\n" + stats}
    folder = write(
        tmp_path / name,
        ratings=HEADER + "".join(f"{u},{m},{s},{t}\n" for u, m, s, t in ratings),
        movies="movieId,title,genres\n" + "".join(f"{m},{name} {m},Drama\n" for m in movies),
        links="movieId,imdbId,tmdbId\n" + "".join(f"{m},{i},\n" for m, i in movies.items()),
        tags="userId,movieId,tag,timestamp\n" + "".join(f"1,{m},t{m},1\n" for m in movies),
        **files,
    )
    return read_release(folder)


# A catalogue of which a release may lack a movie or two and still count as its newer edition.
MANY = {movie: 1000 + movie for movie in range(1, 31)}


def test_users_of_two_releases_stay_apart_and_have_codes_without_gaps(tmp_path: Path) -> None:
    a = release(tmp_path, "a", [(1, 1, 4, 10), (9, 2, 3, 11)], MANY)
    b = release(tmp_path, "b", [(1, 1, 2, 12)], MANY)
    pooled = pool([a, b])
    assert pooled.users == ("a:1", "a:9", "b:1")
    assert pooled.ratings["user"].tolist() == [0, 1, 2]
    assert pooled.sources == (Source("a", 2, 2), Source("b", 1, 1))


def test_a_row_repeated_across_releases_stays_in_the_first_only(tmp_path: Path) -> None:
    a = release(tmp_path, "a", [(1, 1, 4, 10), (2, 1, 4, 10)], MANY)
    b = release(tmp_path, "b", [(5, 1, 4, 10), (6, 1, 4.5, 10), (6, 2, 4, 10)], MANY)
    pooled = pool([a, b])
    assert pooled.users == ("a:1", "a:2", "b:6")  # a:1 and a:2 agree by chance: both stay
    assert len(pooled.ratings) == 4
    assert pooled.dropped.repeated == 1


def test_a_movie_gone_from_the_newer_catalogue_moves_by_imdb_id_or_is_dropped(
    tmp_path: Path,
) -> None:
    old_movies = {movie: MANY[movie] for movie in range(1, 21)} | {500: MANY[3], 600: 99}
    old = release(tmp_path, "old", [(1, 500, 4, 10), (1, 600, 3, 11), (2, 600, 3, 12)], old_movies)
    new = release(tmp_path, "new", [(1, 1, 5, 100)], MANY)
    pooled = pool([old, new])
    assert pooled.movies.index.tolist() == list(MANY)
    assert set(pooled.movies["title"]) == {f"new {movie}" for movie in MANY}
    assert pooled.ratings["movie_id"].tolist() == [3, 1]
    assert pooled.users == ("old:1", "new:1")  # old:2 has nothing left
    assert pooled.dropped == Dropped(
        repeated=0, gone_movies=1, gone_ratings=2, moved_movies=1, replaced=0
    )
    assert pooled.tags is not None
    assert "t500" in set(pooled.tags["tag"][pooled.tags["movie_id"] == 3])
    assert "t600" not in set(pooled.tags["tag"])


def test_the_later_rating_counts_where_a_person_rated_both_ids_of_a_moved_movie(
    tmp_path: Path,
) -> None:
    old_movies = {movie: MANY[movie] for movie in range(1, 21)} | {500: MANY[3]}
    old = release(
        tmp_path,
        "old",
        [(1, 3, 5, 20), (1, 500, 1, 10), (2, 3, 5, 10), (2, 500, 1, 20)],
        old_movies,
    )
    new = release(tmp_path, "new", [(1, 1, 5, 100)], MANY)
    pooled = pool([new, old])
    on_three = pooled.ratings[pooled.ratings["movie_id"] == 3]
    assert [
        (pooled.users[u], s) for u, s in zip(on_three["user"], on_three["stars"], strict=True)
    ] == [
        ("old:1", 5.0),
        ("old:2", 1.0),
    ]
    assert pooled.dropped.replaced == 2


def test_movies_missing_from_an_older_catalogue_join_it(tmp_path: Path) -> None:
    big_but_old = release(tmp_path, "old", [(1, 1, 5, 10)], MANY)
    newer = release(tmp_path, "new", [(1, 700, 4, 100)], {**dict(list(MANY.items())[:20]), 700: 7})
    pooled = pool([big_but_old, newer])
    assert pooled.movies.index.tolist() == [*MANY, 700]
    assert pooled.movies.loc[700, "title"] == "new 700"
    assert len(pooled.ratings) == 2


def test_releases_that_overlap_in_part_keep_the_movies_of_both(tmp_path: Path) -> None:
    a = write_release(tmp_path / "a", n_users=20, n_movies=60, seed=1)
    b = write_release(tmp_path / "b", n_users=20, n_movies=40, seed=2, style="ml-1m")
    part_of_a = read_release(a.folder)
    shared = list(a.movies)[:20]
    odd = read_release(b.folder)
    moved = {movie: movie if movie in shared else movie + 9000 for movie in b.movies}
    odd = Release(
        odd.name,
        odd.ratings.assign(movie_id=odd.ratings["movie_id"].map(moved)),
        odd.movies.rename(index=moved),
        odd.stats,
        odd.tags,
    )
    pooled = pool([part_of_a, odd])
    assert set(pooled.movies.index) == set(a.movies) | set(moved.values())
    assert len(pooled.ratings) == a.n_ratings + b.n_ratings
    assert pooled.dropped == Dropped(0, 0, 0, 0, 0)
    assert pooled.movies.loc[shared[0], "imdb_id"] == imdb_id(shared[0])


def test_counts_and_means_come_from_rating_stats_and_else_from_the_pool(tmp_path: Path) -> None:
    a = release(tmp_path, "a", [(1, 1, 4, 10), (2, 2, 3, 11)], MANY, stats="1,100,3.5\n")
    b = release(tmp_path, "b", [(1, 2, 4, 12)], MANY)
    assert pool([b, a]).stats.to_dict("index") == {
        1: {"count": 100, "mean": 3.5},
        2: {"count": 2, "mean": 3.5},
    }
    assert pool([b]).stats.to_dict("index") == {2: {"count": 1, "mean": 4.0}}


def test_two_releases_of_one_name_are_refused(tmp_path: Path) -> None:
    a = release(tmp_path / "x", "same", [(1, 1, 4, 10)], MANY)
    b = release(tmp_path / "y", "same", [(1, 1, 4, 10)], MANY)
    with pytest.raises(DataError, match="two data sets are named same"):
        pool([a, b])


@pytest.mark.skipif(
    not all((REAL / name).is_dir() for name in REAL_RELEASES),
    reason=f"MOVIELENS_DIR (default: data) holds not all of {', '.join(REAL_RELEASES)}",
)
def test_the_real_releases_pool_over_the_whole_2023_catalogue() -> None:
    pooled = pool([read_release(REAL / name) for name in REAL_RELEASES])
    assert len(pooled.movies) == 86_537
    assert len(pooled.ratings) == 421_736
    assert 3_712 <= len(pooled.users) <= 3_713  # one has only gone movies left in some orders
    assert pooled.stats.loc[1, "count"] == 76_813
    assert pooled.dropped == Dropped(
        repeated=4_759, gone_movies=442, gone_ratings=1_237, moved_movies=16, replaced=0
    )
