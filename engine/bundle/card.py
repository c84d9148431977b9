"""What a bundle tells of itself, in its card and the record of its training, and whether it may."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

_DEEPEST = 10  # levels of nesting
_LONGEST = 1_000  # characters of a text
_LARGEST = 1e15  # of a number

Count = Annotated[int, Field(ge=0, le=10**12)]
Share = Annotated[float, Field(ge=0, le=1)]
Stars = Annotated[float, Field(ge=0, le=5)]
RatingsGiven = Annotated[str, Field(pattern=r"^[0-9]{1,6}$")]


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError("not a day") from None
    return text


class _Part(BaseModel):
    """What is read must be of its type exactly; what else there is nobody reads."""

    model_config = ConfigDict(strict=True, extra="ignore")


class _Source(_Part):
    name: str


class _Settings(_Part):
    held_out: Count


class _Quality(_Part):
    """The figures of :class:`engine.training.evaluate.Quality` that people are told."""

    ndcg_at_10: Share
    recall_at_20: Share
    rmse: Stars
    mae: Stars
    covered_80: Share
    covered_95: Share


class _Card(_Part):
    trained: Annotated[str, AfterValidator(_day)]
    data: list[_Source] = Field(min_length=1, max_length=100)
    movies: Count
    movies_with_vectors: Count
    users: Count
    ratings: Count
    settings: _Settings
    quality_by_ratings_given: dict[RatingsGiven, _Quality] = Field(default={}, max_length=20)


class _Step(_Part):
    head: str
    loss: float
    held_out: float | None


class _Metrics(_Part):
    steps: list[_Step] = Field(default=[], max_length=10_000)


def card_faults(card: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a card, as parts of a sentence; only the first fault is sure.

    The checksums and parameters in it are checked with what they belong to.
    """
    told = {key: part for key, part in card.items() if key not in ("sha256", "parameters")}
    yield from _faults(told, _Card)


def metrics_faults(metrics: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the record of a training, as parts of a sentence."""
    yield from _faults(metrics, _Metrics)


def _faults(given: Mapping[str, Any], wanted: type[_Part]) -> Iterator[str]:
    for fault in _odd_values(given, 0):
        yield f"it holds {fault}"
    try:
        wanted.model_validate(given)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False, include_context=False):
            where = ".".join(map(str, one["loc"]))
            yield f"{where!r:.60}: {one['msg']}"


def _odd_values(value: object, depth: int) -> Iterator[str]:
    """What could not be told to people, wherever it stands."""
    if depth > _DEEPEST:
        yield f"more than {_DEEPEST} levels"
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _odd_values(key, depth + 1)
            yield from _odd_values(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            yield from _odd_values(part, depth + 1)
    elif isinstance(value, str):
        if not value.isprintable() or len(value) > _LONGEST:
            yield f"a text that is too long or not printable: {value!r:.60}"
    elif isinstance(value, int | float) and not abs(value) <= _LARGEST:
        yield "a number that is too large or none"
