"""Trakt's JSON: lists of what was rated and watched, as its export and its API give them."""

import json
from collections.abc import Iterator

from bot.imports.csv_reader import MOST_ROWS
from bot.imports.errors import refused
from bot.imports.rows import (
    NO_STARS,
    OF_TEN,
    Entry,
    Format,
    cleaned,
    imdb_id_of,
    stars_of,
    time_of,
)

# Far more than 10 MB of ratings have, and few enough to take up little memory.
_MOST_VALUES = 1_500_000
_MOST_BRACKETS = 500_000

_WATCHED_AT = ("watched_at", "last_watched_at")
_OTHERS = ("episode", "season", "show", "person", "list")

RATINGS = Format("Trakt", OF_TEN)
WATCHED = Format("Trakt", NO_STARS, rank=1)


def read_json(text: str) -> tuple[Format, list[Entry]] | None:
    """What a list of Trakt's says of films, or None where it is a list of something else.

    Raises
    ------
    UserError
        Where the text is no JSON, or too much of it.
    """
    items = _items(text)
    films = [item for item in items if isinstance(item.get("movie"), dict)]
    if any("rating" in item for item in films):
        form = RATINGS
    elif any(name in item for item in films for name in _WATCHED_AT):
        form = WATCHED
    else:
        return None
    if len(items) > MOST_ROWS:
        raise refused(f"The file has more than {MOST_ROWS:,} ratings.")
    return form, list(_entries(items, form))


def _items(text: str) -> list[dict[str, object]]:
    if text.count(",") > _MOST_VALUES or text.count("{") + text.count("[") > _MOST_BRACKETS:
        raise refused("The file has more JSON in it than any list of ratings.")
    try:
        items = json.loads(text)
    except RecursionError:
        raise refused("The JSON in the file is nested deeper than any list of ratings.") from None
    except ValueError as error:
        where = f" at line {error.lineno:,}" if isinstance(error, json.JSONDecodeError) else ""
        raise refused(f"The file looks like JSON, but it breaks off{where}.") from None
    if not isinstance(items, list):
        return []
    return [item if isinstance(item, dict) else {} for item in items]


def _entries(items: list[dict[str, object]], form: Format) -> Iterator[Entry]:
    for number, item in enumerate(items, start=1):
        movie = item.get("movie")
        if not isinstance(movie, dict):
            yield _other(number, item)
            continue
        ids = movie.get("ids")
        ids = ids if isinstance(ids, dict) else {}
        title, imdb_id, tmdb_id = _text(movie, "title"), _text(ids, "imdb"), ids.get("tmdb")
        stars, bad = _stars(item.get("rating")) if form is RATINGS else (None, "")
        entry = Entry(
            number,
            cleaned(title),
            _number(movie.get("year"), 2_200),
            stars,
            time_of(_text(item, "rated_at", *_WATCHED_AT)),
            imdb_id_of(imdb_id),
            _number(tmdb_id, 10**10),
            bad=bad,
            ignored="" if stars or bad or form is WATCHED else "without a rating of yours",
        )
        named = entry.title or entry.imdb_id or entry.tmdb_id
        yield entry if named else Entry(number, "", bad="there is neither an id nor a title")


def _other(number: int, item: dict[str, object]) -> Entry:
    """A rating of something that is no film, by the title of the show it belongs to."""
    kind = next((kind for kind in _OTHERS if isinstance(item.get(kind), dict)), "")
    show = item.get("show", item.get(kind))
    if not kind or not isinstance(show, dict):
        return Entry(number, "", bad="there is no film in it")
    return Entry(number, cleaned(_text(show, "title", "name")), ignored=kind)


def _stars(rating: object) -> tuple[float | None, str]:
    if rating is None:
        return None, ""
    if isinstance(rating, float) and rating.is_integer():
        rating = int(rating)
    return stars_of(str(rating)[:20] if rating != "" else "?", of=10)


def _text(item: dict[str, object], *names: str) -> str:
    return next((value for name in names if isinstance(value := item.get(name), str)), "")


def _number(value: object, most: int) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if isinstance(value, int) and is_number and 0 < value < most else None
