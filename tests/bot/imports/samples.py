"""One realistic file of each kind, and zips of them."""

import io
import json
import zipfile
from collections.abc import Mapping

# MovieLens ids
TOY_STORY, SEVEN, MATRIX, ALIEN, AMELIE, SHINING = 1, 47, 2571, 1214, 4973, 1258
CROUCHING, INCEPTION, LEON, SPIRITED = 3996, 79132, 293, 5618

LETTERBOXD_RATINGS = """Date,Name,Year,Letterboxd URI,Rating
2021-03-14,Se7en,1995,https://boxd.it/2aSQ,4.5
2021-03-15,"Crouching Tiger, Hidden Dragon",2000,https://boxd.it/29pY,4
2021-03-16,Amélie,2001,https://boxd.it/2b7e,5
2021-03-17,Léon: The Professional,1994,https://boxd.it/2aGA,0.5
2021-03-18,A Film That Nobody Made,2019,https://boxd.it/zzzz,3
"""

LETTERBOXD_DIARY = """Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date
2022-01-02,Se7en,1995,https://boxd.it/1a,2,,"home, with Ann",2022-01-01
2022-02-03,Alien,1979,https://boxd.it/1b,3.5,,,2022-02-02
2022-02-09,Alien,1979,https://boxd.it/1c,4.5,Yes,,2022-02-08
2022-03-04,The Matrix,1999,https://boxd.it/1d,,Yes,,2022-03-03
"""

LETTERBOXD_REVIEWS = """Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date
2022-02-03,The Shining,1980,https://boxd.it/2a,5,,"All work and no play,
makes ""Jack"" a dull boy.

<i>All work</i> and no play …",horror,2022-02-02
2022-02-04,Toy Story,1995,https://boxd.it/2b,4,,Überraschend!,,2022-02-03
"""

LETTERBOXD_WATCHED = """Date,Name,Year,Letterboxd URI
2021-03-14,Se7en,1995,https://boxd.it/2aSQ
2021-03-15,Inception,2010,https://boxd.it/1skk
2021-03-18,A Film That Nobody Made,2019,https://boxd.it/zzzz
"""

LETTERBOXD_WATCHLIST = """Date,Name,Year,Letterboxd URI
2023-01-01,Spirited Away,2001,https://boxd.it/51rE
"""

LETTERBOXD_ZIP = {
    "profile.csv": "Date Joined,Username,Favorite Films\n2018-03-01,ann,\n",
    "ratings.csv": LETTERBOXD_RATINGS,
    "diary.csv": LETTERBOXD_DIARY,
    "reviews.csv": LETTERBOXD_REVIEWS,
    "watched.csv": LETTERBOXD_WATCHED,
    "watchlist.csv": LETTERBOXD_WATCHLIST,
    "comments.csv": "Date,Content,Comment\n",
    "likes/films.csv": LETTERBOXD_WATCHLIST,
    "deleted/diary.csv": LETTERBOXD_DIARY.replace("Alien,1979", "Spirited Away,2001"),
    "lists/best.csv": "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n"
    "2022-01-01,Best,,https://boxd.it/x,\n\nPosition,Name,Year,URL,Description\n"
    "1,Spirited Away,2001,https://boxd.it/51rE,\n",
}

IMDB = """Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,\
Runtime (mins),Year,Genres,Num Votes,Release Date,Directors
tt0133093,9,2023-05-01,The Matrix,The Matrix,https://www.imdb.com/title/tt0133093,Movie,8.7,136,\
1999,"Action, Sci-Fi",2000000,1999-03-24,"Lana Wachowski, Lilly Wachowski"
tt0211915,7,2023-05-02,Amélie,Le fabuleux destin d'Amélie Poulain,\
https://www.imdb.com/title/tt0211915,Movie,8.3,122,2001,"Comedy, Romance",800000,2001-04-25,\
Jean-Pierre Jeunet
tt0903747,10,2023-05-03,Breaking Bad,Breaking Bad,https://www.imdb.com/title/tt0903747,TV Series,\
9.5,45,2008,"Crime, Drama",2200000,2008-01-20,
tt9999999,4,2023-05-04,A Film That Nobody Made,,https://www.imdb.com/title/tt9999999,Movie,5.1,90,\
2019,Drama,12,2019-01-01,
tt0078748,1,2023-05-05,Alien,Alien,https://www.imdb.com/title/tt0078748,Movie,8.5,117,1979,\
"Horror, Sci-Fi",1000000,1979-05-25,Ridley Scott
"""

IMDB_UNTIL_2017 = """"position","const","created","modified","description","Title","Title type",\
"Directors","You rated","IMDb Rating","Runtime (mins)","Year","Genres","Num. Votes",\
"Release Date (month/day/year)","URL"
"1","tt0114369","Sat Jan  5 00:00:00 2013","","","Se7en","Feature Film","David Fincher","8","8.6",\
"127","1995","crime, drama","1000000","1995-09-22","http://www.imdb.com/title/tt0114369/"
"""


def trakt_movie(title: str, year: int, imdb: str | None, tmdb: int | None) -> dict[str, object]:
    slug = f"{title.lower().replace(' ', '-')}-{year}"
    ids = {"trakt": 12, "slug": slug, "imdb": imdb, "tmdb": tmdb}
    return {"title": title, "year": year, "ids": ids}


TRAKT_RATINGS = json.dumps(
    [
        {
            "rated_at": "2014-09-01T09:10:11.000Z",
            "rating": 10,
            "type": "movie",
            "movie": trakt_movie("The Matrix", 1999, "tt0133093", 603),
        },
        {
            "rated_at": "2015-09-01T09:10:11.000Z",
            "rating": 3,
            "type": "movie",
            "movie": trakt_movie("Spirited Away", 2001, None, 129),
        },
        {
            "rated_at": "2015-09-02T00:00:00.000Z",
            "rating": 7,
            "type": "movie",
            "movie": trakt_movie("Inception", 2010, None, None),
        },
        {
            "rated_at": "2016-09-01T09:10:11.000Z",
            "rating": 9,
            "type": "episode",
            "episode": {"season": 2, "number": 5, "title": "And Found", "ids": {"trakt": 200}},
            "show": {"title": "Lost", "year": 2004, "ids": {"trakt": 73}},
        },
    ],
    indent=2,
)

TRAKT_WATCHED = json.dumps(
    [
        {
            "plays": 4,
            "last_watched_at": "2014-10-11T17:00:54.000Z",
            "movie": trakt_movie("Alien", 1979, "tt0078748", 348),
        },
        {
            "plays": 1,
            "last_watched_at": "2014-10-12T17:00:54.000Z",
            "movie": trakt_movie("The Matrix", 1999, "tt0133093", 603),
        },
    ]
)

TRAKT_ZIP = {
    "ann/ratings-movies.json": TRAKT_RATINGS,
    "ann/watched-movies.json": TRAKT_WATCHED,
    "ann/watchlist.json": json.dumps(
        [
            {
                "rank": 1,
                "listed_at": "2014-09-01T09:10:11.000Z",
                "type": "movie",
                "movie": trakt_movie("The Shining", 1980, "tt0081505", 694),
            }
        ]
    ),
    "ann/user-settings.json": '{"user": {"username": "ann"}}',
}

MOVIELENS = """movie_id, imdb_id, tmdb_id, rating, average_rating, title
1214, 0078748, 348, 3.0, 4.06974, Alien (1979)
2571, 0133093, 603, 5.0, 4.15, "Matrix, The (1999)"
999999999, 9999999, 99999999, 2.5, 3.1, A Film That Nobody Made (2019)
"""

MOVIELENS_DATA_SET = """userId,movieId,rating,timestamp
7,1,4.0,964982703
7,2571,4.5,964981247
7,999999999,3.5,964981247
"""


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()
