"""Every command by prefix and by slash comes to the same."""

from typing import Any

import pytest

from bot.app.context import AppContext
from bot.commands.command import Command
from bot.commands.registry import commands
from bot.discord import message_targets
from bot.discord.client import ReeltwinBot
from bot.discord.message_targets import NO_DIRECT_MESSAGES
from tests.bot.discord.conftest import Gate
from tests.bot.discord.discord_helpers import (
    RATINGS,
    ask,
    ask_in_private,
    by_slash,
    labels,
    make_bot,
    offers,
    stars_of,
    until,
)
from tests.discord_server import (
    ANN,
    BOB,
    CARL,
    FILMS,
    OTHER_GUILD_FILMS,
    Driver,
    Message,
    connected,
)

ALIEN, BLADE_RUNNER = 1214, 541

# As Ann types it, and as Bob fills in the form of the slash command.
SAME: dict[str, tuple[str, dict[str, Any]]] = {
    "quiz": ("!quiz", {}),
    "help": ("!help recommend", {"topic": "recommend"}),
    "rate": ("!rate 2001: A Space Odyssey 4.5", {"film": "2001: A Space Odyssey", "stars": 4.5}),
    "unrate": ("!unrate aliens 1986", {"film": "Aliens (1986)"}),
    "undo": ("!undo", {}),
    "ratings": ("!ratings by title page 1", {"sort": "title", "page": 1}),
    "skip": ("!skip The Notebook", {"film": "The Notebook (2004)"}),
    "recommend": (
        "!recommend 7 hidden gems horror 1970s",
        {"count": 7, "gems": True, "genre": "Horror", "years": "1970-1979"},
    ),
    "predict": ("!predict blade runner 1982", {"film": "Blade Runner (1982)"}),
    "why": ("!why Blade Runner (1982)", {"film": "id:541"}),
    "similar": ("!similar toy story 1995", {"film": "Toy Story (1995)"}),
    "opposite": ("!opposite toy stroy (1995)", {"film": "Toy Story (1995)"}),
    "taste": ("!taste", {}),
    "fit": ("!fit", {}),
    "map": ("!map Alien (1979)", {"film": "Alien (1979)"}),
    "twin": ("!twin", {}),
    "compare": ("!compare <@402>", {"member": CARL}),
    "seen": ("!seen Coco", {"film": "Coco (2017)"}),
    "movienight": (
        "!movienight <@402> drama since 1990",
        {"members": "<@402>", "genre": "Drama", "years": "since 1990"},
    ),
    "vote": ("!vote", {}),
    "watchlist": ("!watchlist tonight sci-fi", {"do": "tonight", "what": "sci-fi"}),
    "club": ("!club", {}),
    "import": ("!import", {}),
    "export": ("!export", {}),
    "privacy": ("!privacy", {}),
    "private": ("!private on", {"state": "on"}),
    "forget": ("!forget", {}),
    "bias": ("!bias 3", {"count": 3}),
    "dimension": ("!dimension 2", {"number": 2}),
    "model": ("!model", {}),
}
PICTURES = ("map", "model", "club")
DOCUMENTS = ("export",)


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)
async def test_a_command_answers_the_same_by_prefix_and_by_slash(
    bot: ReeltwinBot, chat: Driver, context: AppContext, command: Command
) -> None:
    for user in (CARL, ANN, BOB):
        await ask(chat, f"{RATINGS}\nHeat (1995) 4\nFargo (1996) 3", user=user)
    await context.store.open_vote("200", FILMS.id, "discord:402", [ALIEN, BLADE_RUNNER])
    await context.store.add_to_watchlist("200", "discord:402", BLADE_RUNNER)
    text, options = SAME[command.name]
    typed = await ask(chat, text, channel=chat.direct() if command.private else FILMS)
    filled = await by_slash(chat, command.name, user=BOB, **options)
    assert typed.text.replace("Bob", "Ann") == filled.text.replace("Bob", "Ann")
    assert "wrong on my side" not in typed.text
    assert labels(typed) == labels(filled)
    assert offers(typed) == offers(filled)
    assert typed.files.keys() == filled.files.keys()
    assert typed.files or command.name not in DOCUMENTS
    assert filled.ephemeral == command.private
    assert (typed.picture is None) == (filled.picture is None)
    assert typed.picture or command.name not in PICTURES


@pytest.mark.parametrize(
    "command", [c for c in commands() if c.private], ids=lambda command: command.name
)
async def test_a_private_command_typed_in_a_server_is_answered_by_direct_message(
    bot: ReeltwinBot, chat: Driver, command: Command
) -> None:
    await ask(chat, RATINGS)
    text, _ = SAME[command.name]
    in_server = await ask_in_private(chat, text)
    alone = await ask(chat, text, channel=chat.direct())
    assert in_server.text == alone.text
    assert labels(in_server) == labels(alone)
    assert in_server.files.keys() == alone.files.keys()


@pytest.mark.parametrize(
    "command", [c for c in commands() if c.private], ids=lambda command: command.name
)
async def test_who_takes_no_direct_messages_is_told_of_the_slash_command(
    chat: Driver, context: AppContext, command: Command
) -> None:
    async with connected(make_bot(context), chat):
        await ask(chat, RATINGS, user=CARL)
        text, options = SAME[command.name]
        told = await ask(chat, text, user=CARL)
        assert told.text == NO_DIRECT_MESSAGES.text
        filled = await by_slash(chat, command.name, user=CARL, **options)
    assert filled.ephemeral
    assert [call.answer["code"] for call in chat.refused] == [50007]


async def test_every_other_name_of_a_command_serves_as_well(bot: ReeltwinBot, chat: Driver) -> None:
    for command in commands():
        for name in command.aliases:
            example = command.examples[0].partition(" ")[2]
            typed = (await ask(chat, f"!{name.upper()} {example}")).text
            assert "There is no command" not in typed
            assert "wrong on my side" not in typed


async def test_an_answer_that_takes_its_time_is_seen_being_typed(
    bot: ReeltwinBot, chat: Driver, gate: Gate
) -> None:
    await chat.say("!help", channel=OTHER_GUILD_FILMS, user=BOB)
    await gate.arrival()
    await until(lambda: chat.typing)
    gate.opened.set()
    assert "learns your taste" in (await chat.reply()).text
    assert chat.typing == [OTHER_GUILD_FILMS.id]


async def test_a_quick_answer_takes_one_request(
    bot: ReeltwinBot, chat: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_targets, "TYPING_AFTER", 60)
    before = len(chat.journal)
    assert "learns your taste" in (await ask(chat, "!help")).text
    assert [call.path for call in chat.journal[before:]] == [f"/channels/{FILMS.id}/messages"]


async def test_rating_is_answered_as_a_reply(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    asked = await chat.say(RATINGS, user=BOB, channel=OTHER_GUILD_FILMS)
    reply = await chat.reply()
    assert reply.replies_to == asked.id
    rated = {"Alien (1979)": 5.0, "Aliens (1986)": 4.5, "Toy Story (1995)": 2.0}
    assert await stars_of(context, "discord:401") == rated
    assert all(title in reply.text for title in rated)
    members = await context.store.members(OTHER_GUILD_FILMS.guild_id or "")
    assert [member.name for member in members] == ["Bob"]


async def test_rating_by_slash_keeps_title_and_stars_apart(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    await by_slash(chat, "rate", film="2001: A Space Odyssey", stars=4.5)
    assert await stars_of(context) == {"2001: A Space Odyssey (1968)": 4.5}


async def test_all_ten_half_stars_are_offered(bot: ReeltwinBot, chat: Driver) -> None:
    registered = {command["name"]: command for command in chat.server.rest.commands}
    (stars,) = [one for one in registered["rate"]["options"] if one["name"] == "stars"]
    assert [choice["value"] for choice in stars["choices"]] == [n / 2 for n in range(10, 0, -1)]


async def test_maps_are_pictures_with_a_description(bot: ReeltwinBot, chat: Driver) -> None:
    for message in (await ask(chat, "!map"), await by_slash(chat, "map")):
        assert message.picture is not None
        assert message.picture.startswith(b"\x89PNG")
        assert "Map of" in (message.picture_description or "")


async def test_what_only_groups_can_do_is_said_in_direct_messages(
    bot: ReeltwinBot, chat: Driver
) -> None:
    direct = chat.direct()
    asked: list[Message] = [
        await ask(chat, "!compare @bob", channel=direct),
        await by_slash(chat, "compare", member=BOB, channel=direct),
        await ask(chat, "!seen Alien", channel=direct),
        await by_slash(chat, "seen", film="Alien", channel=direct),
        await ask(chat, "!ratings @bob", channel=direct),
    ]
    assert {message.text for message in asked} == {
        "That works in a server, where others are. Here it is only the two of us."
    }


async def test_everything_else_works_in_direct_messages_too(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    direct = chat.direct()
    assert (await ask(chat, "!rate Alien 5", channel=direct)).channel == direct
    assert (await by_slash(chat, "rate", film="Aliens", stars=4, channel=direct)).channel == direct
    assert await stars_of(context) == {"Alien (1979)": 5.0, "Aliens (1986)": 4.0}


async def test_a_friend_who_never_spoke_is_named_with_advice(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await ask(chat, RATINGS)
    typed, filled = await ask(chat, "!compare <@401>"), await by_slash(chat, "compare", member=BOB)
    assert typed.text == filled.text
    assert typed.text.startswith("Bob has not talked to me here yet")
    assert typed.pings == []


async def test_a_map_of_members_is_filled_in_by_plain_names(bot: ReeltwinBot, chat: Driver) -> None:
    await ask(chat, "!rate Alien 5\nUp 4")
    await ask(chat, "!rate Alien 2\nUp 5", user=BOB)
    filled = await by_slash(chat, "map", members="bob")
    assert filled.text == (await ask(chat, "!map @bob")).text
    assert filled.picture is not None
