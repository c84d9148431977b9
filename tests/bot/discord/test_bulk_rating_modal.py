"""/ratemany: a form to paste many ratings into."""

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import ask, field_of, fill_in, press, stars_of
from tests.discord_server import BOB, Driver


async def test_many_lines_are_rated_like_typed_ones(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    lines = "Alien 5\n\nToy Story (1995): 4.5\n★★ Aliens (1986)\n"
    filled = await fill_in(chat, lines)
    stars = {"Alien (1979)": 5.0, "Toy Story (1995)": 4.5, "Aliens (1986)": 2.0}
    assert await stars_of(context) == stars
    assert (await ask(chat, f"!rate {lines}", user=BOB)).text == filled.text
    assert await stars_of(context, "discord:401") == stars


async def test_the_form_says_what_to_write(bot: ReeltwinBot, chat: Driver) -> None:
    await chat.slash("ratemany")
    modal = await chat.modal()
    label = modal["components"][0]
    assert modal["title"] == "Rate many films"
    assert label["label"] == "Films with their stars, one a line"
    assert "Alien 5" in label["component"]["placeholder"]
    assert label["component"]["max_length"] == 4_000


async def test_what_cannot_be_read_is_said_and_the_form_serves_again(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    assert "Qwertyzxc" in (await fill_in(chat, "Qwertyzxc 4")).text
    assert "at most 100" in (await fill_in(chat, "Alien 4\n" * 101)).text
    assert "from 0.5 to 5" in (await fill_in(chat, "Alien 9")).text
    await fill_in(chat, "Alien 4")
    assert await stars_of(context) == {"Alien (1979)": 4.0}


async def test_two_people_fill_in_forms_at_once(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    await chat.slash("ratemany")
    anns = await chat.modal()
    await chat.slash("ratemany", user=BOB)
    bobs = await chat.modal()
    await chat.submit(bobs, {field_of(bobs): "Alien 1"}, user=BOB)
    await chat.submit(anns, {field_of(anns): "Alien 5"})
    await chat.reply()
    await chat.reply()
    assert await stars_of(context) == {"Alien (1979)": 5.0}
    assert await stars_of(context, "discord:401") == {"Alien (1979)": 1.0}


async def test_what_the_form_rated_can_be_undone(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    rated = await fill_in(chat, "Alien 5\nAliens (1986) 4")
    await press(chat, rated, "Undo")
    assert await stars_of(context) == {}
