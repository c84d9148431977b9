"""Ratings brought as a file, looked into before anything changes, and taken along again."""

import io
import zipfile
from collections.abc import Awaitable, Callable

import pytest

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from bot.discord.component_handlers import NOT_YOURS
from bot.discord.message_targets import NO_DIRECT_MESSAGES
from bot.imports.archive import MAX_BYTES
from tests.bot.discord.conftest import Gate
from tests.bot.discord.discord_helpers import (
    IN_PRIVATE,
    ask,
    ask_in_private,
    assert_silent,
    by_slash,
    labels,
    make_bot,
    plain,
    press,
    stars_of,
)
from tests.discord_server import ANN, BOB, CARL, FILMS, Driver, File, Message, connected

NAME = "ratings.csv"
HEADER = "Date,Name,Year,Letterboxd URI,Rating\n"
TWO = HEADER + (
    "2024-01-02,Alien,1979,https://boxd.it/1,4.5\n2024-01-03,Heat,1995,https://boxd.it/2,3\n"
)
LOST = "2024-01-04,Xyzzy of Nowhere,1999,https://boxd.it/3,2\n"
STARS = {"Alien (1979)": 4.5, "Heat (1995)": 3.0}
CONFIRM, CANCEL, UNDO = "Import 2 ratings", "Cancel", "Undo the import"
WAYS = ["typed in a server", "typed alone", "slash"]

# To hand over a file of that name with these contents; returns what comes of it.
Bring = Callable[..., Awaitable[Message]]


@pytest.fixture(params=WAYS)
def import_ratings(request: pytest.FixtureRequest, bot: ReeltwinBot, chat: Driver) -> Bring:
    async def import_ratings(data: str | bytes, name: str = NAME) -> Message:
        contents = data.encode() if isinstance(data, str) else data
        match request.param:
            case "typed in a server":
                return await ask_in_private(chat, "!import", files={name: contents})
            case "typed alone":
                return await ask(chat, "!import", files={name: contents}, channel=chat.direct())
            case _:
                return await by_slash(chat, "import", file=File(name, contents))

    return import_ratings


async def test_a_file_is_looked_into_and_changes_nothing_yet(
    import_ratings: Bring, context: AppContext
) -> None:
    summary = await import_ratings(TWO)
    assert "Shall I take this over?" in summary.text
    assert "From Letterboxd: stars from 0.5 to 5" in summary.text
    assert "**New ratings** · 2" in plain(summary)
    assert labels(summary) == [CONFIRM, CANCEL]
    assert summary.files == {}
    assert await stars_of(context) == {}


async def test_confirmed_it_is_taken_over_and_can_be_taken_back_in_place(
    import_ratings: Bring, chat: Driver, context: AppContext
) -> None:
    await context.store.rate("discord:400", {1: 2.0})
    summary = await import_ratings(TWO)
    done = await press(chat, summary, CONFIRM)
    assert (done.id, done.ephemeral) == (summary.id, summary.ephemeral)
    assert "### Imported" in done.text
    assert await stars_of(context) == STARS | {"Toy Story (1995)": 2.0}
    undone = await press(chat, done, UNDO)
    assert undone.id == summary.id
    assert "2 films as before" in undone.text
    assert await stars_of(context) == {"Toy Story (1995)": 2.0}


async def test_cancelled_it_changes_nothing_and_is_forgotten(
    import_ratings: Bring, chat: Driver, context: AppContext
) -> None:
    summary = await import_ratings(TWO)
    cancelled = await press(chat, summary, CANCEL)
    assert cancelled.id == summary.id
    assert "Nothing was taken over." in cancelled.text
    told = await ask(chat, "!import confirm", channel=chat.direct())
    assert "no file of yours that waits" in told.text
    assert await stars_of(context) == {}


async def test_what_is_not_found_comes_as_a_file_and_the_rest_is_offered(
    import_ratings: Bring, chat: Driver, context: AppContext
) -> None:
    summary = await import_ratings(TWO + LOST)
    assert "**Not found** · 1" in plain(summary)
    left_out = summary.file("left-out.csv").decode("utf-8-sig").splitlines()
    assert len(left_out) == 2
    assert "Xyzzy of Nowhere,1999,not found" in left_out[1]
    done = await press(chat, summary, CONFIRM)
    assert done.files == {}
    assert await stars_of(context) == STARS


async def test_nothing_new_is_said_to_be_so_without_a_button(
    import_ratings: Bring, chat: Driver, context: AppContext
) -> None:
    await context.store.rate("discord:400", {1214: 4.5, 6: 1.0})
    summary = await import_ratings(TWO)
    assert "Nothing new in it" in summary.text
    assert "**Here already** · 1" in plain(summary)
    assert "**Rated otherwise here** · 1" in plain(summary)
    assert summary.buttons == []


async def test_a_zip_is_opened_whatever_its_name(
    import_ratings: Bring, context: AppContext
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ratings.csv", TWO)
        archive.writestr("profile.csv", "Username\nann\n")
    summary = await import_ratings(packed.getvalue(), name="letterboxd ann é.bin")
    assert "**New ratings** · 2" in plain(summary)


WRONG = {
    b"\x89PNG\r\n\x1a\n\x00\x00": "The file is not a text",
    b"": "The file is empty.",
    b"PK\x03\x04 and no more": "The zip is damaged",
    b"Rar!\x1a\x07": "an archive of a kind that I do not open",
    b"Name,Colour\nAlien,green\n": "Please send the file just as you got it",
    "Name,Year\nAmélie,2001\n".encode("latin-1"): "is not written in UTF-8",
}


async def test_a_wrong_file_is_refused_in_words(import_ratings: Bring, context: AppContext) -> None:
    for data, words in WRONG.items():
        refusal = await import_ratings(data)
        assert words in refusal.text
        assert refusal.buttons == []
    assert await stars_of(context) == {}


async def test_a_file_that_is_too_large_is_refused_without_being_fetched(
    import_ratings: Bring, chat: Driver
) -> None:
    refusal = await import_ratings(bytes(MAX_BYTES + (1 << 20)))
    assert refusal.text.startswith("The file has 11.0 MB, and 10 MB is the most I read.")
    assert chat.downloads == []


async def test_without_a_file_it_says_where_to_get_one(bot: ReeltwinBot, chat: Driver) -> None:
    for told in (await ask_in_private(chat, "!import"), await by_slash(chat, "import")):
        assert "Bring your ratings" in told.text
        assert all(name in told.text for name in ("Letterboxd", "IMDb", "Trakt", "MovieLens"))


# in private


async def test_typed_in_a_server_its_progress_becomes_the_summary_out_of_others_sight(
    bot: ReeltwinBot, chat: Driver, gate: Gate
) -> None:
    said = await chat.say("!import", files={NAME: TWO.encode()})
    progress = await chat.reply()
    assert (progress.text, progress.channel) == (f"Reading {NAME} …", chat.direct())
    gate.opened.set()
    summary = await chat.reply()
    assert (summary.id, labels(summary)) == (progress.id, [CONFIRM, CANCEL])
    note = await chat.reply()
    assert (note.text, note.replies_to) == (IN_PRIVATE, said.id)
    await press(chat, summary, CONFIRM)
    seen = [shown.message.text for shown in chat.record if shown.message.channel == FILMS]
    assert seen == ["!import", IN_PRIVATE]
    await assert_silent(chat)


async def test_by_slash_only_the_asker_sees_any_of_it(bot: ReeltwinBot, chat: Driver) -> None:
    summary = await by_slash(chat, "import", file=File(NAME, TWO.encode()))
    done = await press(chat, summary, CONFIRM)
    advice = await press(chat, done, "Recommend")
    undone = await press(chat, done, UNDO)
    assert all(message.ephemeral for message in (summary, done, advice, undone))


@pytest.mark.parametrize("label", [CONFIRM, CANCEL])
async def test_nobody_else_decides(
    import_ratings: Bring, chat: Driver, context: AppContext, label: str
) -> None:
    summary = await import_ratings(TWO)
    refusal = await press(chat, summary, label, user=BOB)
    assert (refusal.text, refusal.ephemeral) == (NOT_YOURS, True)
    assert await stars_of(context) == await stars_of(context, "discord:401") == {}
    await press(chat, summary, CONFIRM)
    assert await stars_of(context) == STARS


async def test_who_takes_no_direct_messages_is_told_so_and_nothing_is_read(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context), chat):
        told = await ask(chat, "!import", user=CARL, files={NAME: TWO.encode()})
        assert told.text == NO_DIRECT_MESSAGES.text
        assert chat.downloads == []
        assert [call.answer["code"] for call in chat.refused] == [50007]
        await chat.slash("import", user=CARL, file=File(NAME, TWO.encode()))
        await press(chat, await chat.reply(), CONFIRM, user=CARL)
    assert await stars_of(context, "discord:402") == STARS


async def test_what_changes_something_is_not_done_for_whom_it_cannot_be_told(
    chat: Driver, context: AppContext
) -> None:
    await context.store.rate("discord:402", {1: 2.0})
    await context.store.import_ratings("discord:402", {6: (3.0, None)}, "Letterboxd: a.csv", ())
    async with connected(make_bot(context), chat):
        for typed in ("!import undo", "!private on"):
            assert (await ask(chat, typed, user=CARL)).text == NO_DIRECT_MESSAGES.text
    assert len(await stars_of(context, "discord:402")) == 2
    assert not await context.store.is_private("discord:402")


async def test_a_file_that_was_deleted_meanwhile_is_asked_for_again(
    bot: ReeltwinBot, chat: Driver, gate: Gate
) -> None:
    said = await chat.say("!import", files={NAME: TWO.encode()}, channel=chat.direct())
    await gate.arrival()
    await chat.delete(said)
    gate.opened.set()
    told = await chat.reply()
    assert told.text == f"Discord does not give me {NAME} any more. Please send it again."


# taken along


async def test_an_export_is_a_file_that_our_own_import_takes(
    import_ratings: Bring, chat: Driver, context: AppContext
) -> None:
    rated = {1214: 4.5, 6: 3.0, 541: 0.5}
    await context.store.rate("discord:401", rated)
    typed = await ask_in_private(chat, "!export", user=BOB)
    filled = await by_slash(chat, "export", user=BOB)
    assert filled.ephemeral
    assert typed.file(NAME) == filled.file(NAME)
    summary = await import_ratings(typed.file(NAME))
    assert "From Reeltwin" in summary.text
    await press(chat, summary, "Import 3 ratings")
    assert await stars_of(context) == await stars_of(context, "discord:401")


async def test_without_ratings_there_is_nothing_to_export(bot: ReeltwinBot, chat: Driver) -> None:
    for told in (await ask_in_private(chat, "!export"), await by_slash(chat, "export", user=ANN)):
        assert "there is nothing to export" in told.text
        assert told.files == {}
