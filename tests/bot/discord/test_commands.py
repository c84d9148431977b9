"""Every command by prefix and by slash, and what the bot keeps out of."""

import pytest

from bot.commands import BY_NAME
from bot.discord.client import ReeltwinBot
from bot.replies import Reply
from bot.services import Services
from tests.bot.discord.asking import Prepare, ask, by_slash, make_bot, stars_of
from tests.discord_server import (
    ANN,
    BOB,
    OTHER_BOT,
    OTHER_GUILD_FILMS,
    Driver,
    Message,
    connected,
)

RATINGS = "!rate Alien 5\nAliens (1986) 4.5\nToy Story (1995) 2"


def leads(message: Message) -> int:
    """How many ranked rows a message shows."""
    return message.text.count(".` **")


async def test_rating_by_prefix_is_answered_as_a_reply_while_typing_is_shown(
    bot: ReeltwinBot, chat: Driver, services: Services
) -> None:
    asked = await chat.say(RATINGS, user=BOB, channel=OTHER_GUILD_FILMS)
    reply = await chat.reply()
    assert reply.replies_to == asked.id
    assert chat.typing == [OTHER_GUILD_FILMS.id]
    rated = {"Alien (1979)": 5.0, "Aliens (1986)": 4.5, "Toy Story (1995)": 2.0}
    assert await stars_of(services, "discord:401") == rated
    assert all(title in reply.text for title in rated)
    members = await services.store.members(OTHER_GUILD_FILMS.guild_id or "")
    assert [member.name for member in members] == ["Bob"]


async def test_rating_by_slash_keeps_title_and_stars_apart(
    bot: ReeltwinBot, chat: Driver, services: Services
) -> None:
    await chat.slash("rate", film="2001: A Space Odyssey", stars=4.5)
    assert "2001: A Space Odyssey" in (await chat.reply()).text
    assert await stars_of(services) == {"2001: A Space Odyssey (1968)": 4.5}


async def test_a_rating_is_taken_back_in_both_ways(
    bot: ReeltwinBot, chat: Driver, services: Services
) -> None:
    await ask(chat, RATINGS)
    await ask(chat, "!unrate Aliens (1986)")
    await chat.slash("unrate", film="Toy Story (1995)")
    assert "Toy Story" in (await chat.reply()).text
    assert await stars_of(services) == {"Alien (1979)": 5.0}


async def test_ratings_are_listed_page_by_page_in_both_ways(bot: ReeltwinBot, chat: Driver) -> None:
    await ask(chat, RATINGS)
    typed, chosen = await ask(chat, "!ratings"), await by_slash(chat, "ratings")
    assert typed.text == chosen.text
    assert "Alien (1979)" in typed.text
    assert "no page 2" in (await by_slash(chat, "ratings", page=2)).text


async def test_recommendations_come_in_both_ways_in_the_number_wanted(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await ask(chat, RATINGS)
    typed, chosen = await ask(chat, "!RECOMMEND 3"), await by_slash(chat, "recommend", count=3)
    assert typed.text == chosen.text
    assert leads(typed) == 3
    assert leads(await by_slash(chat, "recommend")) == 10


async def test_fifty_recommendations_fit_into_messages(bot: ReeltwinBot, chat: Driver) -> None:
    await chat.say("!recommend 50")
    seen = 0
    while seen < 50:
        seen += leads(await chat.reply())
    assert seen == 50


async def test_likenesses_come_in_both_ways(bot: ReeltwinBot, chat: Driver) -> None:
    typed = await ask(chat, "!similar toy story 1995")
    assert typed.text == (await by_slash(chat, "similar", film="Toy Story (1995)")).text
    assert leads(typed) == 15


async def test_twins_come_in_both_ways(bot: ReeltwinBot, chat: Driver) -> None:
    await ask(chat, RATINGS)
    typed = await ask(chat, "!twin")
    assert typed.text == (await by_slash(chat, "twin")).text
    assert typed.text.count("MovieLens user ") == 5


async def test_maps_come_in_both_ways(bot: ReeltwinBot, chat: Driver) -> None:
    for message in (
        await ask(chat, "!map"),
        await by_slash(chat, "map"),
        await by_slash(chat, "map", film="Alien (1979)"),
    ):
        assert message.picture is not None
        assert message.picture.startswith(b"\x89PNG")


async def test_help_names_every_command_in_one_message(bot: ReeltwinBot, chat: Driver) -> None:
    typed = await ask(chat, "!help")
    assert typed.text == (await by_slash(chat, "help")).text
    assert all(f"!{command.usage}".split()[0] in typed.text for command in BY_NAME.values())


async def test_free_text_serves_where_titles_are_proposed(bot: ReeltwinBot, chat: Driver) -> None:
    choices = await chat.autocomplete("similar", "film", "toy sto")
    assert choices[0] == {"name": "Toy Story (1995)", "value": "Toy Story (1995)"}
    assert "Like Toy Story" in (await by_slash(chat, "similar", film="toy stroy 1995")).text


async def test_titles_are_proposed_before_anything_is_typed(bot: ReeltwinBot, chat: Driver) -> None:
    assert len(await chat.autocomplete("rate", "film", "")) == 25


async def test_a_mention_is_a_prefix_too(bot: ReeltwinBot, chat: Driver) -> None:
    assert leads(await ask(chat, "<@100> recommend 2")) == 2


async def test_in_direct_messages_both_ways_work(
    bot: ReeltwinBot, chat: Driver, services: Services
) -> None:
    direct = chat.direct(ANN)
    assert (await ask(chat, "!rate Alien 5", channel=direct)).channel == direct
    assert (await by_slash(chat, "rate", film="Aliens", stars=4, channel=direct)).channel == direct
    assert await stars_of(services) == {"Alien (1979)": 5.0, "Aliens (1986)": 4.0}


async def test_every_command_exists_in_both_ways_and_says_what_it_does(
    bot: ReeltwinBot, chat: Driver
) -> None:
    registered = {command["name"]: command["description"] for command in chat.server.rest.commands}
    assert registered == {name: command.summary for name, command in BY_NAME.items()}
    assert {command.name for command in bot.commands} == registered.keys()


async def test_slash_commands_are_registered_only_when_they_changed(
    chat: Driver, services: Services
) -> None:
    async def registrations() -> int:
        async with connected(make_bot(services), chat):
            pass
        await chat.offline()
        return sum(call.method == "PUT" for call in chat.journal)

    assert await registrations() == 1
    assert await registrations() == 1
    chat.server.rest.commands[0]["description"] = "outdated"
    assert await registrations() == 2


# what it keeps out of


@pytest.mark.parametrize("noise", ["!play song", "! 5", "hello", "!", "!!rate", "<@100>", "rate"])
async def test_what_is_not_meant_for_it_is_passed_over(
    bot: ReeltwinBot, chat: Driver, noise: str
) -> None:
    await chat.say(noise)
    await chat.say("!help", user=OTHER_BOT)
    asked = await chat.say("!help")
    assert (await chat.reply()).replies_to == asked.id


@pytest.mark.parametrize(
    ("typed", "meant"), [("!recomend", "recommend"), ("!rat Alien", "rate"), ("!Simlar", "similar")]
)
async def test_a_slip_is_answered_by_what_was_meant(
    bot: ReeltwinBot, chat: Driver, typed: str, meant: str
) -> None:
    assert f"Did you mean !{meant}?" in (await ask(chat, typed)).text


async def test_whoever_goes_too_fast_is_told_and_can_go_on_later(
    chat: Driver, services: Services, prepare: Prepare
) -> None:
    prepare(Reply(text="done"))
    async with connected(make_bot(services, pace=(2, 10.0)), chat):
        assert (await ask(chat)).text == "done"
        assert (await by_slash(chat, "help")).text == "done"
        assert (await ask(chat)).text.startswith("One after the other, please")
        assert (await by_slash(chat, "help")).text.startswith("One after the other, please")
        assert (await ask(chat, user=BOB)).text == "done"
        chat.server.world.seconds_ahead = 11
        assert (await ask(chat)).text == "done"
