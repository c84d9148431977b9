"""Files on the loopback Discord: sent by people with their words or in a form, and by the bot."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from discord.ext import commands

from tests.discord_server import ANN, Driver, File, connected
from tests.discord_server.limits import UPLOAD_BYTES
from tests.discord_server.sample_client import make_bot


@pytest_asyncio.fixture
async def bot(chat: Driver) -> AsyncIterator[commands.Bot]:
    bot = make_bot()
    async with connected(bot, chat):
        yield bot


async def test_files_come_with_the_words_and_can_be_read(bot: commands.Bot, chat: Driver) -> None:
    files = {"ratings.csv": b"Alien", "my diary é.json": b"{}"}
    for channel in (chat.direct(ANN), None):
        await chat.say("!weigh", files=files, **({"channel": channel} if channel else {}))
        assert (await chat.reply()).content == (
            "ratings.csv text/csv 5 5\nmy diary é.json application/json 2 2"
        )
    assert chat.downloads == [*files, *files]


async def test_without_files_there_are_none(bot: commands.Bot, chat: Driver) -> None:
    await chat.say("!weigh")
    assert (await chat.reply()).content == "nothing"


async def test_a_file_in_the_form_of_a_slash_command_can_be_read(
    bot: commands.Bot, chat: Driver
) -> None:
    await chat.slash("weigh", file=File("my films.zip", b"PK"))
    assert (await chat.reply()).content == "my films.zip application/zip 2 2"
    with pytest.raises(AssertionError, match="file is required"):
        await chat.slash("weigh")


async def test_people_may_send_more_than_a_bot(bot: commands.Bot, chat: Driver) -> None:
    size = UPLOAD_BYTES + 1
    await chat.say("!weigh", files={"large.csv": bytes(size)})
    assert (await chat.reply()).content == f"large.csv text/csv {size} {size}"


async def test_a_document_is_offered_by_its_name_with_its_size(
    bot: commands.Bot, chat: Driver
) -> None:
    await chat.say("!document")
    message = await chat.reply()
    assert message.file("my films.csv") == b"Alien"
    (shown,) = message.components
    assert (shown["name"], shown["size"]) == ("my films.csv", 5)
    with pytest.raises(AssertionError, match=r"no file 'films\.csv', only"):
        message.file("films.csv")
