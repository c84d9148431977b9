"""Whatever is typed, by whomever: one answer that Discord takes, and never an apology."""

import logging

import pytest
from discord.ui import TextDisplay
from hypothesis import given
from hypothesis import strategies as st

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import APOLOGY, dispatch
from bot.discord.render import render
from tests.bot.chat_helpers import words
from tests.bot.discord_sweep.messages import commands
from tests.discord_server.limits import COMPONENTS_V2, check_message
from tests.fuzz.inputs import fuzzed, soon, texts

NAMES = (
    "ann",
    "@everyone",
    "<@400>",
    "'; DROP TABLE ratings; --",
    "**bold** [x](http://evil)",
    " ",
)

callers = st.builds(
    lambda number, guild: RequestContext(f"discord:{400 + number}", NAMES[number], guild, "300"),
    st.integers(0, len(NAMES) - 1),
    st.sampled_from(["200", "200", "201", None]),
)
messages = st.one_of(
    texts,
    st.builds(
        "{} {}".format, st.sampled_from(["rate", "similar", "compare", "map", "vote"]), texts
    ),
    commands.map(lambda typed: typed.text.partition("!")[2] or typed.text),
)


@fuzzed(cost=10)
@given(callers, messages)
async def test_any_message(
    context: AppContext, caplog: pytest.LogCaptureFixture, request: RequestContext, message: str
) -> None:
    caplog.clear()
    with soon():
        reply = await dispatch(context, request, message)
        pages = render(reply, request.user_id.partition(":")[2])
    assert APOLOGY not in words(reply)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    for page in pages:
        files = {upload.filename: b"data" for upload in page.attachments}
        payload = {"components": page.view.to_components(), "flags": COMPONENTS_V2}
        check_message(payload, files)
        shown = [one.content for one in page.view.walk_children() if isinstance(one, TextDisplay)]
        assert "@everyone" not in "".join(shown)
