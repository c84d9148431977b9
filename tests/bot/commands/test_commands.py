"""The commands as a whole: each is whole in itself, and nothing that is typed breaks them."""

import asyncio
import logging
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app.context import AppContext, RequestContext
from bot.app.limits import Limits
from bot.commands.command import Command, CommandCategory
from bot.commands.dispatch import APOLOGY, dispatch
from bot.commands.registry import commands, load
from bot.replies import Reply, Severity
from engine import TasteModel
from storage import Member, open_store
from tests.bot.chat_helpers import Say, leads, options, rated, shown, words

NAMES = [command.name for command in commands()]


@pytest.mark.parametrize("command", commands(), ids=NAMES)
async def test_each_example_works_as_it_stands(
    say: Say, context: AppContext, command: Command
) -> None:
    films = ("Alien 4", "The Thing (1982) 5", "Toy Story (1995) 3", "Coco 2", "Aliens 1")
    for name in ("friend", "alice"):
        await say("rate\n" + "\n".join(films), name=name, guild_id="films")
    for films_to_vote_on in ("1214,318", "2,3"):  # one is left when the other is closed
        await say(f"vote start 60 {films_to_vote_on}", guild_id="films")
    await context.store.import_ratings("console:alice", {318: (5.0, None)}, "a list")
    if any("page 2" in example for example in command.examples):
        titles = leads((await say("recommend")).tables[0])
        await say("rate\n" + "\n".join(f"{title} 4" for title in titles))
    for example in command.examples:
        assert (await say(example, guild_id="films")).severity is not Severity.PROBLEM, example


@pytest.mark.parametrize("name", NAMES)
async def test_without_any_rating_each_command_says_what_to_do_next(say: Say, name: str) -> None:
    reply = await say(load().by_name[name].examples[0], guild_id="films")
    offered = [*reply.buttons, *options(reply)]
    offered += [action for table in reply.tables for action in table.actions]
    further = {option.message.split()[0] for option in offered}
    assert further & set(NAMES) or any(f"!{other}" in words(reply) for other in NAMES)
    assert APOLOGY not in words(reply)


@pytest.mark.parametrize(
    "typed", ["rate Alien 5", "RATE Alien 5", " rate\tAlien 5", "rate\nAlien 5"]
)
async def test_a_command_is_known_in_any_case_and_with_any_blank(
    say: Say, context: AppContext, typed: str
) -> None:
    await say(typed)
    assert await rated(context) == {"Alien (1979)": 5.0}


async def test_help_names_every_command_by_category(say: Say) -> None:
    (table,) = (await say("help")).tables
    assert leads(table) == [category.value for category in CommandCategory]
    named = {name for _, names in table.rows for name in shown(names).split(", ")}
    assert named == {f"!{command.name}" for command in commands()}


@pytest.mark.parametrize("category", CommandCategory)
async def test_behind_each_category_of_the_help_are_examples_of_its_commands(
    say: Say, category: CommandCategory
) -> None:
    (button,) = [b for b in (await say("help")).buttons if b.label == category.value]
    text = words(await say(button.message))
    of_category = [command for command in commands() if command.category is category]
    assert of_category
    assert all(f"!{command.usage}" in text and command.summary in text for command in of_category)
    assert all(f"!{example}" in text for command in of_category for example in command.examples)


@pytest.mark.parametrize("command", commands(), ids=NAMES)
async def test_help_on_a_command_explains_its_parameters_and_other_names(
    say: Say, command: Command
) -> None:
    for typed in (command.name, f"!{command.name}", *command.aliases):
        text = words(await say(f"help {typed}"))
        assert f"!{command.usage}" in text
        shown = [parameter for parameter in command.parameters if not parameter.hidden]
        assert all(parameter.description in text for parameter in shown)
        assert all(f"!{name}" in text for name in command.aliases)


async def test_help_on_nothing_that_there_is_says_so(say: Say) -> None:
    reply = await say("help xyzzy")
    assert reply.severity is Severity.PROBLEM
    assert "“xyzzy”" in reply.text


async def test_replies_name_commands_with_the_prefix_in_use(
    model: TasteModel, tmp_path: Path
) -> None:
    async with open_store(tmp_path / "other.sqlite3") as store:
        context = AppContext(model, store, prefix="?")
        request = RequestContext("console:alice", "alice")
        typed = (
            "help",
            "ratings",
            "rate",
            "recommend 0",
            "twin",
            "similar",
            "x",
        )
        for message in typed:
            text = words(await dispatch(context, request, message))
            assert re.search(rf"\?({'|'.join(NAMES)})\b", text), message
            assert not re.search(rf"!({'|'.join(NAMES)})\b", text), message
        context.close()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("recomend", "recommend"), ("Rat Alien 5", "rate"), ("twinn", "twin"), ("simlar", "similar")],
)
async def test_a_mistyped_command_is_guessed(say: Say, typed: str, meant: str) -> None:
    reply = await say(typed)
    assert reply.severity is Severity.PROBLEM
    assert f"Did you mean !{meant}?" in reply.text


async def test_an_unknown_command_is_pointed_to_help(say: Say) -> None:
    reply = await say("xyzzy")
    assert "!xyzzy" in reply.text
    assert "!help" in reply.text
    assert "Did you mean" not in reply.text


@pytest.mark.parametrize("typed", ["", "   ", "\n"])
async def test_nothing_at_all_is_answered_by_what_could_be_said(say: Say, typed: str) -> None:
    assert "!rate Alien 5" in (await say(typed)).text


async def test_an_endless_word_is_not_repeated_in_full(say: Say) -> None:
    assert len((await say("x" * 100_000)).text) < 200


# people and groups


async def test_two_people_are_kept_apart(say: Say, context: AppContext) -> None:
    await say("rate Alien 5", name="alice")
    await say("rate Alien 2\nUp 3", name="bob")
    assert await rated(context, "alice") == {"Alien (1979)": 5.0}
    assert await rated(context, "bob") == {"Alien (1979)": 2.0, "Up (2009)": 3.0}


async def test_whoever_speaks_in_a_group_is_remembered_as_its_member(
    say: Say, context: AppContext
) -> None:
    await say("help", name="alice", guild_id="films")
    await say("rate Alien 5", name="bob", guild_id="films")
    await say("recommend 0", name="bob", guild_id="games")
    await say("help", name="carol")
    alice, bob = Member("console:alice", "alice"), Member("console:bob", "bob")
    assert await context.store.members("films") == [alice, bob]
    assert await context.store.members("games") == [bob]


# what goes wrong


async def test_a_failure_is_answered_by_an_apology_and_logged_with_its_traceback(
    model: TasteModel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_store(tmp_path / "closed.sqlite3") as store:
        context = AppContext(model, store)
    reply = await dispatch(context, RequestContext("console:alice", "alice"), "rate Alien 5")
    context.close()
    assert reply.severity is Severity.PROBLEM
    assert reply.text.startswith(APOLOGY)
    assert "closed" in reply.text
    assert "Traceback" not in reply.text
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.exc_info is not None
    assert "command=rate user=console:alice" in record.getMessage()
    assert "outcome=failed" in record.getMessage()


async def test_an_unforeseen_failure_tells_nothing_of_its_inside(
    say: Say, context: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    context.close()  # no thread takes work any more
    reply = await say("recommend")
    assert (reply.text, reply.severity) == (APOLOGY, Severity.PROBLEM)
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.exc_info is not None


async def test_a_failure_of_one_command_leaves_the_next_unharmed(
    say: Say, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.delattr(context, "model")
        assert (await say("recommend")).text == APOLOGY
    assert (await say("recommend")).severity is Severity.NORMAL


async def test_when_too_many_ask_at_once_one_is_told_to_wait_and_nothing_is_lost(
    model: TasteModel, tmp_path: Path
) -> None:
    async with open_store(tmp_path / "busy.sqlite3") as store:
        context = AppContext(model, store, limits=Limits(commands=2))
        request = RequestContext("console:alice", "alice")
        replies = await asyncio.gather(*(dispatch(context, request, "recommend") for _ in range(5)))
        waiting = [reply for reply in replies if reply.severity is Severity.PROBLEM]
        assert len(waiting) == 3
        assert all("again in a few seconds" in reply.text for reply in waiting)
        assert (await dispatch(context, request, "recommend")).severity is Severity.NORMAL
        context.close()


def held_renderer() -> tuple[ThreadPoolExecutor, threading.Event]:
    """Return a thread that draws once an event is set, so that whoever asks before has to wait."""
    renderer, go_on = ThreadPoolExecutor(max_workers=1), threading.Event()
    renderer.submit(go_on.wait)
    return renderer, go_on


async def test_when_too_many_want_pictures_one_is_told_to_wait(
    model: TasteModel, tmp_path: Path
) -> None:
    async with open_store(tmp_path / "busy.sqlite3") as store:
        renderer, go_on = held_renderer()
        context = AppContext(model, store, renderer=renderer, limits=Limits(pictures=1))
        request = RequestContext("console:alice", "alice")
        asked = [asyncio.create_task(dispatch(context, request, "map")) for _ in range(2)]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        go_on.set()
        replies = await asyncio.gather(*asked)
        assert sorted(reply.picture is None for reply in replies) == [False, True]
        context.close()


async def test_charts_leave_room_for_who_asks_for_a_picture_itself(
    model: TasteModel, tmp_path: Path
) -> None:
    async with open_store(tmp_path / "busy.sqlite3") as store:
        renderer, go_on = held_renderer()
        limits = Limits(charts=1, pictures=2)
        context = AppContext(model, store, renderer=renderer, limits=limits)
        request = RequestContext("console:alice", "alice")
        await dispatch(context, request, "rate\nAlien 5\nUp 4\nCoco 2\nJaws 4\nInception 4")
        asked = [
            asyncio.create_task(dispatch(context, request, each))
            for each in ("taste", "fit", "taste", "map")
        ]
        for refused in islice(asyncio.as_completed(asked), 2):  # the charts without room
            await refused
        go_on.set()
        replies = await asyncio.gather(*asked)
        context.close()
    *charts, map_of_films = replies
    assert [reply.picture is not None for reply in charts].count(True) == 1
    assert map_of_films.picture is not None


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
            context = AppContext(model, store)
            try:
                return await dispatch(context, RequestContext("console:alice", "alice"), message)
            finally:
                context.close()

    assert words(asyncio.run(reply())).strip()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
