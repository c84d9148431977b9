"""A member who keeps their ratings to themselves is in nobody else's answers."""

import pytest

from bot.app.context import AppContext, RequestContext
from bot.commands.command import Command
from bot.commands.dispatch import dispatch
from bot.commands.registry import commands
from tests.bot.chat_helpers import Say, words
from tests.bot.services.test_import_ratings import LETTERBOXD, upload

GROUP, HIDDEN = "films", "Xaverius"
FILMS = "rate Alien 5\nAliens 4.5\nToy Story (1995) 2\nJumanji 3\nUp 4\nCoco 3.5"
NAMING = ("compare {}", "ratings {}", "map @{}", "movienight @{}", "movienight just @{}")
PLAIN = [command for command in commands() if command.name not in ("forget", "private")]


@pytest.fixture
async def group(say: Say) -> Say:
    """Three people who rated, one of whom is private."""
    for name in ("alice", "bob", HIDDEN):
        await say(FILMS, name=name, guild_id=GROUP)
    await say("private on", name=HIDDEN, guild_id=GROUP)
    return say


@pytest.mark.parametrize("command", PLAIN, ids=lambda command: command.name)
async def test_no_command_of_others_tells_of_them(group: Say, command: Command) -> None:
    for example in {command.name, *command.examples}:
        reply = await group(example, guild_id=GROUP)
        assert HIDDEN not in words(reply)
        if reply.picture is not None:
            assert HIDDEN not in reply.picture.description


@pytest.mark.parametrize("typed", NAMING)
async def test_they_cannot_be_named_either(group: Say, typed: str) -> None:
    reply = await group(typed.format(HIDDEN), guild_id=GROUP)
    assert reply.text == f"“{HIDDEN}” keeps their ratings to themselves."
    half = await group(typed.format(HIDDEN[:4]), guild_id=GROUP)
    assert "has not talked to me here yet" in half.text


@pytest.mark.parametrize("typed", NAMING)
async def test_whoever_is_of_another_group_cannot_be_named(group: Say, typed: str) -> None:
    for asker, guild in (("eve", "games"), ("eve", None)):
        reply = await group(typed.format("alice"), name=asker, guild_id=guild)
        assert "alice" not in words(reply).replace("“alice”", "")


async def test_they_see_themselves(group: Say) -> None:
    assert HIDDEN in words(await group("seen Alien (1979)", name=HIDDEN, guild_id=GROUP))


async def test_a_file_that_waits_is_forgotten_with_its_owner(say: Say, context: AppContext) -> None:
    alice = RequestContext("console:alice", "alice")
    await dispatch(context, alice, "import", lambda _: upload(LETTERBOXD.encode()))
    await say("forget yes, everything")
    assert "send it again" in (await say("import confirm")).text


async def test_private_ratings_are_hidden_from_others_and_not_from_oneself(say: Say) -> None:
    await say("rate Alien 5", guild_id="films")
    await say("rate Alien 3.5", name="bob", guild_id="films")
    await say("private on")
    assert "alice" not in words(await say("seen Alien", name="bob", guild_id="films"))
    assert "alice" in words(await say("seen Alien", guild_id="films"))
    assert "to themselves" in (await say("ratings alice", name="bob", guild_id="films")).text
    await say("private off")
    assert "alice" in words(await say("seen Alien", name="bob", guild_id="films"))
