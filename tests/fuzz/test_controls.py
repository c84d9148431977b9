"""Whatever custom id a client sends: nobody uses what is another's, and nothing breaks.

Discord lets people use only what a message shows; here Bob's client sends whatever it likes, and
the real client of the bot hears it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot.app.context import AppContext
from bot.commands.dispatch import APOLOGY
from bot.discord.client import ReeltwinBot
from bot.discord.component_handlers import NOT_YOURS
from tests.bot.discord.discord_helpers import RATINGS, ask, make_bot, stars_of
from tests.discord_server import ANN, BOB, CARL, FILMS, Driver, connected
from tests.discord_server.components import Type
from tests.discord_server.interactions import Interaction, Kind
from tests.discord_server.limits import COMPONENTS_V2
from tests.discord_server.sending import interaction_event
from tests.discord_server.world import BOT
from tests.fuzz.inputs import fuzzed, texts

BATCH = 20
WORKING = "discord-ui-dynamic-item"  # what discord.py calls the tasks in which it uses controls

said = st.one_of(
    st.sampled_from(["help", "rate id:1214 1", "unrate id:1214", "undo", "forget yes, everything"]),
    st.sampled_from(["private on", "import confirm", "import undo", "export", "vote 1 id:1214"]),
    st.sampled_from(["vote close 1", "predict id:1214", "ratings <@400>", "watchlist random"]),
    texts.map(lambda text: text[:200]),
)
askers = st.one_of(
    st.sampled_from([ANN.id, ANN.id, BOB.id, BOB.id, CARL.id, "0"]),
    st.sampled_from(["00", f"0{BOB.id}", "٤٠١", f" {BOB.id}", f"{BOB.id}\n", "-1", "", "4" * 90]),
    st.text(max_size=5),
)
ids = st.one_of(
    st.builds(
        "{}:{}:{}:{}".format,
        st.sampled_from(["here", "next", "here", "next", "HERE", "", "there"]),
        askers,
        st.sampled_from(["0", "1", "٣", "x", "", "9" * 50]),
        st.one_of(st.just(""), said),
    ),
    texts.map(lambda text: text[:300]),
)


@dataclass(frozen=True)
class Use:
    """What Bob's client says that he used; a menu comes with what he chose."""

    custom_id: str
    chosen: list[str] | None

    @property
    def asker(self) -> str:
        return (*self.custom_id.split(":"), "", "")[1]


uses = st.builds(Use, ids, st.one_of(st.none(), st.lists(said, max_size=2)))


@pytest_asyncio.fixture
async def bot(chat: Driver, context: AppContext) -> AsyncIterator[ReeltwinBot]:
    bot = make_bot(context, cooldown=(10**6, 1.0))
    async with connected(bot, chat):
        yield bot
    assert chat.refused == []


async def use(chat: Driver, one: Use) -> Interaction:
    """Send what Bob's client says, with the message that it claims to have found it in."""
    kind = Type.BUTTON if one.chosen is None else Type.STRING_SELECT
    component = {"type": int(kind), "custom_id": "to be forged", "label": "x", "style": 2}
    if one.chosen is not None:
        offered = [{"label": "x", "value": "x"}]
        component = {"type": int(kind), "custom_id": "to be forged", "options": offered}
    row = {"type": int(Type.ROW), "components": [component]}
    form = {"components": [row], "flags": COMPONENTS_V2}
    message = chat.server.messages.create(FILMS, BOT, form, {})
    message.payload["components"][0]["components"][0]["custom_id"] = one.custom_id
    data = {"custom_id": one.custom_id, "component_type": int(kind)}
    data |= {} if one.chosen is None else {"values": one.chosen}
    interaction = chat.server.interactions.begin(Kind.COMPONENT, BOB, FILMS, message)
    event = interaction_event(interaction, data)
    await chat.server.gateway.dispatch("INTERACTION_CREATE", event)
    return interaction


async def settled(chat: Driver) -> None:
    """Wait until all that was used is answered: what is asked last is heard last."""
    asked = await chat.say("!help rate", user=CARL)
    while (await chat.reply()).replies_to != asked.id:
        pass
    while working := [t for t in asyncio.all_tasks() if t.get_name().startswith(WORKING)]:
        await asyncio.wait(working)
    while not chat.server.messages.shown.empty():
        chat.server.messages.shown.get_nowait()


@fuzzed(cost=BATCH)
@given(batch=st.lists(uses, min_size=BATCH, max_size=BATCH))
async def test_any_custom_id(
    bot: ReeltwinBot,
    chat: Driver,
    context: AppContext,
    caplog: pytest.LogCaptureFixture,
    batch: list[Use],
) -> None:
    chat.record.clear()
    chat.journal.clear()
    caplog.clear()
    if not await stars_of(context):
        await ask(chat, RATINGS)
    hers = await stars_of(context)

    sent = [(one, await use(chat, one)) for one in batch]
    await settled(chat)

    assert await stars_of(context) == hers
    assert not await context.store.is_private("discord:400")
    for one, interaction in sent:
        answer = interaction.original
        if answer is None or one.asker in ("0", BOB.id):
            continue
        assert answer.text == NOT_YOURS, one
        assert answer.ephemeral
    shown = [shown.message.text for shown in chat.record]
    assert not any(APOLOGY in text for text in shown), batch
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert errors == [], f"{errors[0].getMessage()} {errors[0].exc_text}"
    assert chat.refused == []
