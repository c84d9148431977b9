"""The clients that load the bot on Discord: users with ratings, and their commands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from benchmarks.bot.autocomplete_clients import mistyped
from bot.commands.command import Command
from bot.commands.filter_parameters import Genres
from bot.commands.parameters import (
    Flag,
    Keyword,
    MovieTitle,
    Number,
    Page,
    Parameter,
    Person,
    Ratings,
)
from bot.commands.registry import commands
from bot.services.common.formatting import STAR_CHOICES
from engine import TasteModel
from tests.discord_server import Channel, User

T = TypeVar("T")

RARE = ("map", "club", "model")
DRAWN = (*RARE, "taste", "fit", "dimension", "bias", "compare")
EACH = 50  # commands for one of the rare
_FEWEST, _MOST = 5, 50  # films that a client rated
_TITLES = 2_000
_SLIPS = 500  # titles typed with a slip, beside those typed well
_NUMBERS = 10
_WISHES = ("Horror", "Comedy", "Drama", "Sci-Fi", "Animation", "Documentary")


@dataclass(frozen=True)
class LoadClient:
    """A user with a channel to speak in and ratings (stars by movie id)."""

    user: User
    channel: Channel
    ratings: dict[int, float]


@dataclass(frozen=True)
class ClientCommand:
    """A command to be given: what is typed, or the options of the slash command."""

    client: LoadClient
    command: Command
    slash: bool
    options: dict[str, Any]

    @property
    def text(self) -> str:
        return " ".join(["!" + self.command.name, *map(_typed, self.options.items())])


def make_clients(
    model: TasteModel, channels: int, each: int, *, servers: int | None = None, seed: int = 1
) -> list[LoadClient]:
    """Return users, some to a channel, who rated 5 to 50 films as a random MovieLens user did.

    The channels are dealt to the servers; by default each is in one of its own. Who follow each
    other speak in different ones. Where they outnumber those users, several rated as one did.
    """
    rng = np.random.default_rng(seed)
    by_user = model.user_ratings
    offsets, stars = by_user.offsets, by_user.values
    ids = model.movie_ids[model.rated_rows][by_user.columns]
    places = [
        Channel(str(20_000 + n), f"films-{n}", str(30_000 + n % (servers or channels)))
        for n in range(channels)
    ]
    able = np.flatnonzero(np.diff(offsets) >= _MOST)
    number = channels * each
    people = []
    for n, user in enumerate(rng.choice(able, number, replace=number > len(able)).tolist()):
        k = rng.integers(_FEWEST, _MOST + 1)
        mine = offsets[user] + rng.choice(offsets[user + 1] - offsets[user], k, replace=False)
        ratings = dict(zip(ids[mine].tolist(), stars[mine].tolist(), strict=True))
        people.append(
            LoadClient(User(str(10_000 + n), f"Person {n}"), places[n % channels], ratings)
        )
    return people


def client_commands(
    model: TasteModel, people: Sequence[LoadClient], number: int, seed: int = 1
) -> Iterator[ClientCommand]:
    """Yield commands in random order, by one client after the other.

    Every one that can be given by words alone, as often as the others and by half typed; but only
    every fiftieth asks for a picture. What may be left out is left out half of the time. Films are
    drawn by how often they are rated, and a fifth of the typed titles have a slip.
    """
    rng = np.random.default_rng(seed)
    catalogue = model.catalogue
    rows = rng.choice(len(catalogue), _TITLES, p=catalogue.counts / catalogue.counts.sum())
    titles = [catalogue.by_row(row).title for row in rows.tolist()]
    slips = [typed.text for typed in mistyped(catalogue.names, catalogue.counts, _SLIPS)]
    there: dict[str, list[User]] = {}
    for one in people:
        there.setdefault(one.channel.id, []).append(one.user)
    for n, at in enumerate(rng.permutation(number).tolist()):
        client = people[n % len(people)]
        command, slash = _deck(at)
        known = titles if slash else titles + slips
        if command.name == "unrate":
            known = [catalogue.by_id(movie).title for movie in client.ratings]
        friends = [user for user in there[client.channel.id] if user != client.user]
        options: dict[str, Any] = {}
        for parameter in command.parameters:
            if not parameter.hidden and (parameter.required or rng.random() < 0.5):
                options |= _options(parameter, known, friends, rng)
        yield ClientCommand(client, command, slash, options)


def _deck(n: int) -> tuple[Command, bool]:
    """The n-th of all commands before they are shuffled, and whether it comes by slash."""
    pictures = [command for command in commands() if command.name in RARE]
    others = [c for c in commands() if c.name not in RARE and all(map(_sayable, c.parameters))]
    turn, place = divmod(n, EACH)
    turn, of = (turn, pictures) if place == 0 else (n - turn - 1, others)
    return of[turn // 2 % len(of)], bool(turn % 2)


def _sayable(parameter: Parameter) -> bool:
    kinds = (Ratings, MovieTitle, Person, Number, Genres, Flag, Keyword)
    return isinstance(parameter, kinds) or not parameter.required


def _options(
    parameter: Parameter, titles: list[str], friends: list[User], rng: np.random.Generator
) -> dict[str, Any]:
    match parameter:
        case Ratings():
            return {"film": _one(titles, rng), "stars": _one(STAR_CHOICES, rng)}
        case MovieTitle():
            return {parameter.name: _one(titles, rng)}
        case Person():
            return {parameter.name: _one(friends, rng)}
        case Number() if not isinstance(parameter, Page):
            return {parameter.name: int(rng.integers(parameter.minimum, _NUMBERS) + 1)}
        case Genres():
            return {parameter.name: _one(_WISHES, rng)}
        case Keyword():
            return {parameter.name: _one(parameter.options, rng)}
        case Flag():
            return {parameter.name: True}
    return {}


def _typed(option: tuple[str, Any]) -> str:
    name, value = option
    match value:
        case User():
            return f"<@{value.id}>"
        case bool():
            return name
        case float():
            return f"{value:g}"
    return str(value)


def _one(of: Sequence[T], rng: np.random.Generator) -> T:
    return of[int(rng.integers(len(of)))]
