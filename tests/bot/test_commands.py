"""The commands as a whole: each is whole in itself, and nothing that is typed breaks them."""

import asyncio
import logging
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands import APOLOGY, BY_NAME, COMMANDS, Command, answer
from bot.replies import Reply, Tone
from bot.services import Caller, Services
from engine import TasteModel
from storage import Member, open_store
from tests.bot.chatting import Say, leads, rated, words

NAMES = [command.name for command in COMMANDS]


def test_names_are_unique_single_words_in_small_letters() -> None:
    assert len(set(NAMES)) == len(NAMES) == len(BY_NAME)
    assert all(re.fullmatch("[a-z]+", name) for name in NAMES)


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_each_command_is_documented_with_examples_of_itself(command: Command) -> None:
    assert command.usage.split()[0] == command.name
    assert command.summary.endswith(".")
    assert command.examples
    assert all(example.split()[0] == command.name for example in command.examples)


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
async def test_each_example_works_as_it_stands(say: Say, command: Command) -> None:
    films = ("Alien 4", "The Thing (1982) 5", "Toy Story (1995) 3", "Coco 2", "Aliens 1")
    await say("rate\n" + "\n".join(films))
    if "ratings 2" in command.examples:  # a second page needs more than twenty
        await say("rate\n" + "\n".join(f"{film} 4" for film in await recommended(say)))
    for example in command.examples:
        assert (await say(example)).tone is Tone.NORMAL, example


async def recommended(say: Say) -> list[str]:
    return leads((await say("recommend 20")).tables[0])


@pytest.mark.parametrize("name", NAMES)
async def test_without_any_rating_each_command_says_what_to_do_next(say: Say, name: str) -> None:
    typed = {"similar": "similar Toy Story", "unrate": "unrate Alien"}.get(name, name)
    reply = await say(typed)
    assert any(f"!{other}" in words(reply) for other in NAMES)
    assert APOLOGY not in words(reply)


@pytest.mark.parametrize(
    "typed", ["rate Alien 5", "RATE Alien 5", " rate\tAlien 5", "rate\nAlien 5"]
)
async def test_a_command_is_known_in_any_case_and_with_any_blank(
    say: Say, services: Services, typed: str
) -> None:
    await say(typed)
    assert await rated(services) == {"Alien (1979)": 5.0}


async def test_help_names_every_command_and_its_use(say: Say) -> None:
    text = words(await say("help"))
    assert all(f"!{command.usage}" in text and command.summary in text for command in COMMANDS)


async def test_replies_name_commands_with_the_prefix_in_use(
    model: TasteModel, tmp_path: Path
) -> None:
    async with open_store(tmp_path / "other.sqlite3") as store:
        services = Services(model, store, prefix="?")
        caller = Caller("console:alice", "alice")
        typed = (
            "help",
            "ratings",
            "rate",
            "recommend",
            "recommend 0",
            "twin",
            "map",
            "similar",
            "x",
        )
        for message in typed:
            text = words(await answer(services, caller, message))
            assert re.search(rf"\?({'|'.join(NAMES)})\b", text), message
            assert not re.search(rf"!({'|'.join(NAMES)})\b", text), message
        services.close()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("recomend", "recommend"), ("Rat Alien 5", "rate"), ("twins", "twin"), ("simlar", "similar")],
)
async def test_a_mistyped_command_is_guessed(say: Say, typed: str, meant: str) -> None:
    reply = await say(typed)
    assert reply.tone is Tone.PROBLEM
    assert f"Did you mean !{meant}?" in reply.text


async def test_an_unknown_command_is_pointed_to_help(say: Say) -> None:
    reply = await say("xyzzy")
    assert reply.text == "There is no command !xyzzy. All commands: !help"


@pytest.mark.parametrize("typed", ["", "   ", "\n"])
async def test_nothing_at_all_is_answered_by_what_could_be_said(say: Say, typed: str) -> None:
    assert "!rate Alien 5" in (await say(typed)).text


async def test_an_endless_word_is_not_repeated_in_full(say: Say) -> None:
    assert len((await say("x" * 100_000)).text) < 200


# people and groups


async def test_two_people_are_kept_apart(say: Say, services: Services) -> None:
    await say("rate Alien 5", name="alice")
    await say("rate Alien 2\nUp 3", name="bob")
    assert await rated(services, "alice") == {"Alien (1979)": 5.0}
    assert await rated(services, "bob") == {"Alien (1979)": 2.0, "Up (2009)": 3.0}


async def test_whoever_speaks_in_a_group_is_remembered_as_its_member(
    say: Say, services: Services
) -> None:
    await say("help", name="alice", guild_id="films")
    await say("rate Alien 5", name="bob", guild_id="films")
    await say("recommend 0", name="bob", guild_id="games")
    await say("help", name="carol")
    alice, bob = Member("console:alice", "alice"), Member("console:bob", "bob")
    assert await services.store.members("films") == [alice, bob]
    assert await services.store.members("games") == [bob]


# what goes wrong


async def test_a_failure_is_answered_by_an_apology_and_logged_with_its_traceback(
    say: Say, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    await services.store.close()
    reply = await say("rate Alien 5")
    assert reply.tone is Tone.PROBLEM
    assert reply.text.startswith(APOLOGY)
    assert "closed" in reply.text
    assert "Traceback" not in reply.text
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.exc_info is not None
    assert "rate" in record.getMessage()


async def test_an_unforeseen_failure_tells_nothing_of_its_inside(
    say: Say, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    services.close()  # no thread takes work any more
    reply = await say("recommend")
    assert (reply.text, reply.tone) == (APOLOGY, Tone.PROBLEM)
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.exc_info is not None


async def test_a_failure_of_one_command_leaves_the_next_unharmed(
    say: Say, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.delattr(services, "model")
        assert (await say("recommend")).text == APOLOGY
    assert (await say("recommend")).tone is Tone.NORMAL


anything = st.text(st.characters(), max_size=40)  # halves of surrogate pairs included
pieces = st.sampled_from(
    ("Alien", "the thing", "Toy Story", "9", "5", "4.5", "½", "★★★", "id:1", "(1999)", "\n", "-",
     "'", '"', ",", ":", "[bold]", "`", "*", "\x00", "\ud800", "é", "映画", "😀", "١", "²", "1e9")
)  # fmt: skip
lines = st.lists(pieces, max_size=6).map(" ".join)
messages = st.one_of(
    anything,
    st.builds("{} {}".format, st.sampled_from([*NAMES, "rat"]), st.one_of(lines, anything)),
)


@settings(
    max_examples=200,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(message=messages)
def test_whatever_is_typed_gets_a_reply_and_no_error(
    model: TasteModel,
    tmp_path_factory: pytest.TempPathFactory,
    caplog: pytest.LogCaptureFixture,
    message: str,
) -> None:
    async def reply() -> Reply:
        async with open_store(tmp_path_factory.getbasetemp() / "anything.sqlite3") as store:
            services = Services(model, store)
            try:
                return await answer(services, Caller("console:alice", "alice"), message)
            finally:
                services.close()

    assert words(asyncio.run(reply())).strip()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
