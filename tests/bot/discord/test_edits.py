"""Whoever edits what they said is heard again: what it did and what they were told is corrected."""

import asyncio

import pytest

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from bot.replies import Column, ColumnKind, Reply, Table
from tests.bot.discord.discord_helpers import (
    Prepare,
    ask,
    assert_silent,
    choose,
    make_bot,
    offers,
    stars_of,
    until,
)
from tests.discord_server import ANN, BOB, FILMS, Driver, connected
from tests.discord_server.world import JOINED, NO_HISTORY


async def test_an_edited_rating_is_corrected_and_so_is_the_answer(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    said = await chat.say("!rate Alien 2", user=BOB)
    answer = await chat.reply()
    await chat.edit(said, "!rate Alien 5", user=BOB)
    corrected = await chat.reply()
    assert corrected.id == answer.id
    assert "★★★★★" in corrected.text
    assert await stars_of(context, "discord:401") == {"Alien (1979)": 5.0}


async def test_the_wrong_film_is_taken_back_when_it_is_edited_into_another(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    await ask(chat, "!rate Alien 3")
    await ask(chat, "!rate Alien (1979) 3")
    said = await chat.say("!rate Alien (1979) 5\nCoco 4")
    answer = await chat.reply()
    await chat.edit(said, "!rate Aliens (1986) 5\nCoco 4")
    corrected = await chat.reply()
    assert corrected.id == answer.id
    rated = {"Alien (1979)": 3.0, "Aliens (1986)": 5.0, "Coco (2017)": 4.0}
    assert await stars_of(context) == rated


async def test_a_question_becomes_an_answer(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    said = await chat.say("!rate Solaris 4")
    which = await chat.reply()
    assert offers(which)
    await chat.edit(said, "!rate Solaris (1972) 4")
    rated = await chat.reply()
    assert (rated.id, rated.selects) == (which.id, [])
    assert await stars_of(context) == {"Solaris (1972)": 4.0}


async def test_what_was_no_command_is_answered_once_it_is_one(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    said = await chat.say("rate Alien 5")
    await assert_silent(chat)
    await chat.edit(said, "!rate Alien 5")
    assert (await chat.reply()).replies_to == said.id
    assert await stars_of(context) == {"Alien (1979)": 5.0}


async def test_what_is_a_command_no_longer_is_left_as_it_was(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    said = await chat.say("!rate Alien 5")
    await chat.reply()
    await chat.edit(said, "never mind")
    await assert_silent(chat)
    assert await stars_of(context) == {"Alien (1979)": 5.0}


async def test_a_slip_that_is_corrected_is_answered_in_the_same_place(
    bot: ReeltwinBot, chat: Driver
) -> None:
    said = await chat.say("!recomend 2")
    slip = await chat.reply()
    await chat.edit(said, "!recommend 2")
    answer = await chat.reply()
    assert answer.id == slip.id
    assert len(answer.buttons) > 1


@pytest.mark.parametrize("edited_before", [False, True])
async def test_the_preview_of_a_link_is_no_edit(
    bot: ReeltwinBot, chat: Driver, edited_before: bool
) -> None:
    said = await chat.say("!predict Alien (1979)")
    await chat.reply()
    if edited_before:
        await chat.edit(said, "!predict Aliens (1986)")
        await chat.reply()
    await chat.unfurl(said)
    await assert_silent(chat)


async def test_an_edit_after_a_restart_corrects_the_rating_by_a_new_answer(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context), chat):
        said = await chat.say("!rate Alien (1979) 2")
        answer = await chat.reply()
    await chat.offline()
    async with connected(make_bot(context), chat):
        await chat.edit(said, "!rate Aliens (1986) 5")
        new = await chat.reply()
    assert new.id != answer.id
    assert new.replies_to == said.id
    assert await stars_of(context) == {"Aliens (1986)": 5.0}


async def test_an_edit_is_carried_out_once_whatever_becomes_of_its_message_later(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context), chat):
        said = await chat.say("!rate Alien (1979) 2")
        await chat.reply()
        await chat.edit(said, "!rate Alien (1979) 3")
        await chat.reply()
        await ask(chat, "!rate Alien (1979) 5")
    await chat.offline()
    async with connected(make_bot(context), chat):  # which has the message in no cache
        await chat.pin(said)
        await chat.unfurl(said)
        await assert_silent(chat)
    assert await stars_of(context) == {"Alien (1979)": 5.0}


async def test_what_was_edited_long_ago_is_no_edit_when_its_message_changes(
    chat: Driver, context: AppContext
) -> None:
    said = chat.server.messages.create(FILMS, ANN, {"content": "!rate Alien (1979) 2"}, {})
    said.payload["edited_timestamp"] = JOINED
    async with connected(make_bot(context), chat):
        await chat.pin(said)
        await assert_silent(chat)
    assert await stars_of(context) == {}


async def test_the_same_words_are_no_edit(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    said = await chat.say("!rate Alien (1979) 2")
    await chat.reply()
    await ask(chat, "!rate Alien (1979) 5")
    await chat.edit(said, "!rate Alien (1979) 2")
    await chat.edit(said, "!rate Alien (1979) 4")  # the next answer to it, after any to the other
    assert "★★★★" in (await chat.reply()).text
    await assert_silent(chat)
    assert await stars_of(context) == {"Alien (1979)": 4.0}


async def test_of_two_quick_edits_the_later_one_counts(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    said = await chat.say("!rate Alien (1979) 2")
    answers = [await chat.reply()]
    await chat.edit(said, "!rate Aliens (1986) 3")
    await asyncio.sleep(0.002)  # nobody edits twice in the millisecond that edits are told apart by
    await chat.edit(said, "!rate Coco (2017) 4")
    while "Coco" not in answers[-1].text:  # an edit that is overtaken is answered by the next one
        answers.append(await chat.reply())
    assert len({answer.id for answer in answers}) == 1
    await assert_silent(chat)
    assert await stars_of(context) == {"Coco (2017)": 4.0}


async def test_where_the_answer_was_deleted_a_new_one_is_given(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context), chat):
        said = await chat.say("!rate Alien (1979) 2")
        answer = await chat.reply()
        await chat.delete(answer)
        await chat.edit(said, "!rate Alien (1979) 5")
        new = await chat.reply()
    assert new.id != answer.id
    assert "★★★★★" in new.text
    assert [(call.method, call.status) for call in chat.refused] == [("PATCH", 404)]


async def test_an_answer_of_several_messages_becomes_one_and_several_again(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    long = Reply(
        "Long",
        tables=(
            Table((Column("Film", ColumnKind.LEAD),), tuple((f"{n} " * 100,) for n in range(60))),
        ),
    )
    prepare(long)
    said = await chat.say("!help")
    pages = [await chat.reply() for _ in range(5)]
    prepare(Reply(text="short"))
    await chat.edit(said, "!help me")
    short = await chat.reply()
    assert (short.id, short.text) == (pages[0].id, "short")
    await assert_silent(chat)
    # The others are deleted once the first one is changed.
    await until(lambda: all(chat.server.messages.find(page.id) is None for page in pages[1:]))
    assert chat.server.messages.find(pages[0].id) is not None
    prepare(long)
    await chat.edit(said, "!help")
    again = [await chat.reply() for _ in range(5)]
    assert again[0].id == pages[0].id
    assert [page.text for page in again] == [page.text for page in pages]


async def test_an_edit_by_somebody_else_of_their_own_message_is_theirs(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    hers, his = await chat.say("!rate Alien 5"), await chat.say("!rate Alien 1", user=BOB)
    first = {reply.replies_to: reply.id for reply in [await chat.reply(), await chat.reply()]}
    await chat.edit(his, "!rate Alien 2", user=BOB)
    assert (await chat.reply()).id == first[his.id]
    assert hers.id in first
    assert await stars_of(context) == {"Alien (1979)": 5.0}
    assert await stars_of(context, "discord:401") == {"Alien (1979)": 2.0}


async def test_an_edit_is_corrected_in_direct_messages_and_without_the_history_too(
    bot: ReeltwinBot, chat: Driver
) -> None:
    for channel in (chat.direct(), NO_HISTORY):
        said = await chat.say("!rate Alien 2", channel=channel)
        answer = await chat.reply()
        await chat.edit(said, "!rate Alien 4")
        assert (await chat.reply()).id == answer.id


async def test_what_was_chosen_in_the_menu_stays_when_the_message_is_edited_to_ask_anew(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    said = await chat.say("!rate Solaris 4")
    which = await chat.reply()
    await choose(chat, which, offers(which)[0])
    before = await stars_of(context)
    await chat.edit(said, "!rate Halloween 4")
    assert offers(await chat.reply())
    assert await stars_of(context) == before
