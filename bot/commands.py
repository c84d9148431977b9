"""The commands, once for all faces: a name, its words of help, and the service it calls."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from bot import services as service
from bot.errors import UserError
from bot.parsing import parse_count, parse_ratings
from bot.replies import Column, Reply, Role, Table, Tone
from bot.services import Caller, Services
from bot.services.films import DEFAULT_COUNT, MOST
from bot.services.finding import UnsureError
from bot.services.wording import clipped
from engine import EngineError
from storage import StorageError

log = logging.getLogger(__name__)

APOLOGY = "Something went wrong on my side. What you told me before is safe; please try again."

Service = Callable[[Services, Caller], Awaitable[Reply]]


@dataclass(frozen=True)
class Command:
    """A command as people type it: ``<prefix><name> <text>``."""

    name: str
    usage: str
    summary: str
    examples: tuple[str, ...]
    run: Callable[[Services, Caller, str], Awaitable[Reply]]


async def respond(services: Services, caller: Caller, command: str, work: Service) -> Reply:
    """Do the work of a command; whatever fails on the way becomes a reply too.

    The one way of all faces: the caller is remembered as a member of the group they speak in; bad
    input is answered with its sentence; anything unforeseen with an apology, while the traceback
    goes to the log.
    """
    try:
        await services.store.remember(caller.user_id, caller.name, caller.guild_id)
        return await work(services, caller)
    except UnsureError as unsure:
        return Reply(title="Which one?", choices=(unsure.choice,), tone=Tone.QUESTION)
    except UserError as error:
        return Reply(text=str(error), tone=Tone.PROBLEM)
    except (StorageError, EngineError) as error:
        log.exception("command %s of %s failed", command, caller.user_id)
        return Reply(text=f"{APOLOGY} ({error})", tone=Tone.PROBLEM)
    except Exception:
        log.exception("command %s of %s failed", command, caller.user_id)
        return Reply(text=APOLOGY, tone=Tone.PROBLEM)


async def answer(services: Services, caller: Caller, message: str) -> Reply:
    """Answer a typed message without its prefix: the command's name, then its text."""
    name, text = (*message.split(maxsplit=1), "", "")[:2]
    command = BY_NAME.get(name.casefold())
    if command is None:
        return unknown_command(services, name)
    return await respond(
        services, caller, command.name, lambda services, caller: command.run(services, caller, text)
    )


def nearest_command(name: str) -> str | None:
    """The command that ``name`` is a slip of; other bots' commands, like "date", are none."""
    best = process.extractOne(
        name.casefold(), list(BY_NAME), scorer=JaroWinkler.similarity, score_cutoff=0.87
    )
    return best[0] if best else None


def unknown_command(services: Services, name: str) -> Reply:
    if not name:
        return Reply(
            text=f"Say what you want, for example {services.typed('rate Alien 5')}. "
            f"All commands: {services.typed('help')}",
            tone=Tone.PROBLEM,
        )
    near = nearest_command(name)
    guess = f" Did you mean {services.typed(near)}?" if near else ""
    return Reply(
        text=f"There is no command {services.typed(clipped(name))}.{guess} "
        f"All commands: {services.typed('help')}",
        tone=Tone.PROBLEM,
    )


async def help_reply(services: Services, caller: Caller) -> Reply:
    """All commands on one screen."""
    columns = (Column("Command", Role.LEAD), Column("What it does", Role.DETAIL))
    rows = tuple((services.typed(c.usage), c.summary) for c in COMMANDS)
    return Reply(
        title="Reeltwin learns your taste in films",
        text="Rate films in half stars from 0.5 to 5, several at once on lines of their own. "
        "Titles need no quotes and may have typos; add the year where there are several: "
        + services.typed("rate Dune (2021) 4"),
        tables=(Table(columns, rows),),
        hint=f"Start with {services.typed('rate Alien 5')}, then {services.typed('recommend')}",
    )


async def _rate(services: Services, caller: Caller, text: str) -> Reply:
    return await service.rate(
        services, caller, parse_ratings(text, services.typed("rate Alien 4.5"))
    )


async def _ratings(services: Services, caller: Caller, text: str) -> Reply:
    example = services.typed("ratings 2")
    page = parse_count(text, default=1, most=1000, name="page", example=example)
    return await service.ratings(services, caller, page)


async def _recommend(services: Services, caller: Caller, text: str) -> Reply:
    count = parse_count(
        text,
        default=DEFAULT_COUNT,
        most=MOST,
        name="number of films",
        example=services.typed("recommend 20"),
    )
    return await service.recommend(services, caller, count)


async def _twin(services: Services, caller: Caller, text: str) -> Reply:
    return await service.twin(services, caller)


async def _help(services: Services, caller: Caller, text: str) -> Reply:
    return await help_reply(services, caller)


COMMANDS = (
    Command(
        "rate",
        "rate <film> <stars>",
        "Rate a film, or many, one per line. Rating again replaces.",
        ("rate Alien 5", "rate 4.5 the matrix", "rate Amelie (2001) 4"),
        _rate,
    ),
    Command("unrate", "unrate <film>", "Take a rating back.", ("unrate Alien",), service.unrate),
    Command(
        "ratings",
        "ratings [page]",
        "List what you rated, the latest first.",
        ("ratings", "ratings 2"),
        _ratings,
    ),
    Command(
        "recommend",
        "recommend [number]",
        f"What to watch next: {DEFAULT_COUNT} films, or as many as you say.",
        ("recommend", "recommend 20"),
        _recommend,
    ),
    Command(
        "similar",
        "similar <film>",
        "The films most and least like one.",
        ("similar Toy Story", "similar the thing 1982"),
        service.similar,
    ),
    Command("twin", "twin", "The five MovieLens users with your taste.", ("twin",), _twin),
    Command(
        "map",
        "map [film]",
        "A picture of all films with your place on it, or of the films around one.",
        ("map", "map Alien (1979)"),
        service.draw,
    ),
    Command("help", "help", "This page.", ("help",), _help),
)
BY_NAME = {command.name: command for command in COMMANDS}
