"""Trakt's JSON: lists of what was rated and watched, as its export and its API give them."""

from collections.abc import Iterator, Sequence
from functools import partial

from bot.imports.format import ImportSource, JsonFormat, JsonItem
from bot.imports.rows import ImportedRow
from bot.imports.values import (
    NO_STARS,
    POINTS_TO_TEN,
    clean_title,
    parse_imdb_id,
    parse_stars,
    parse_time,
)

_WATCHED_AT = ("watched_at", "last_watched_at")
_OTHER_KINDS = ("episode", "season", "show", "person", "list")


def _movies(items: Sequence[JsonItem]) -> Iterator[JsonItem]:
    return (item for item in items if isinstance(item.get("movie"), dict))


def _is_rated(items: Sequence[JsonItem]) -> bool:
    return any("rating" in item for item in _movies(items))


def _is_watched(items: Sequence[JsonItem]) -> bool:
    return any(name in item for item in _movies(items) for name in _WATCHED_AT)


def _read(number: int, item: JsonItem, *, rated: bool) -> ImportedRow:
    movie = item.get("movie")
    if not isinstance(movie, dict):
        return _other(number, item)
    stars, error = _stars(item.get("rating")) if rated else (None, "")
    ids = movie.get("ids")
    ids = ids if isinstance(ids, dict) else {}
    row = ImportedRow(
        number,
        clean_title(_text(movie, "title")),
        _number(movie.get("year"), below=2_200),
        stars,
        parse_time(_text(item, "rated_at", *_WATCHED_AT)),
        parse_imdb_id(_text(ids, "imdb")),
        _number(ids.get("tmdb"), below=10**10),
        error=error,
        ignored="without a rating of yours" if rated and not (stars or error) else "",
    )
    if row.title or row.imdb_id or row.tmdb_id:
        return row
    return ImportedRow(number, "", error="there is neither an id nor a title")


def _other(number: int, item: JsonItem) -> ImportedRow:
    """Return a rating of something that is no movie, by the title of the show it belongs to."""
    kind = next((kind for kind in _OTHER_KINDS if isinstance(item.get(kind), dict)), "")
    show = item.get("show", item.get(kind))
    if not kind or not isinstance(show, dict):
        return ImportedRow(number, "", error="there is no film in it")
    return ImportedRow(number, clean_title(_text(show, "title", "name")), ignored=kind)


def _stars(rating: object) -> tuple[float | None, str]:
    if rating is None:
        return None, ""
    if isinstance(rating, float) and rating.is_integer():
        rating = int(rating)
    return parse_stars(str(rating)[:20] if rating != "" else "?", maximum=10)


def _text(item: JsonItem, *names: str) -> str:
    return next((value for name in names if isinstance(value := item.get(name), str)), "")


def _number(value: object, *, below: int) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if isinstance(value, int) and is_number and 0 < value < below else None


_MARKER = '"movie"'

RATINGS = JsonFormat(
    scale=POINTS_TO_TEN, marker=_MARKER, fits=_is_rated, read=partial(_read, rated=True)
)
WATCHED = JsonFormat(
    scale=NO_STARS, rank=1, marker=_MARKER, fits=_is_watched, read=partial(_read, rated=False)
)

SOURCE = ImportSource(
    name="Trakt",
    how_to_get="Settings, Data, Export: send the json or zip",
    formats=(RATINGS, WATCHED),
    order=3,
)
