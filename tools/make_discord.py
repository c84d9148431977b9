"""An evening on Discord, for docs/evening.md: ``python -m tools.make_discord``.

The real client answers on the loopback Discord. Writes the pictures docs/discord-*.png from the
messages it recorded, and puts the transcripts between their markers in docs/evening.md.
"""

import asyncio
import re
import tempfile
import textwrap
import time
from pathlib import Path

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from engine import load_model
from storage import open_store
from tests.discord_server import ANN, BOB, Driver, Message, User, connected, loopback_discord
from tools.discord_page import Shown, page
from tools.discord_page.markdown import from_now
from tools.make_pictures import RATINGS
from tools.screenshot import screenshot

DOCS = Path(__file__).parents[1] / "docs"
EVENING = DOCS / "evening.md"
BOBS = "Alien 3.5\nAliens 3\nThe Matrix 4.5\nInception 5\nJumanji (1995) 2\nUp 5\nWALL·E 4.5"
WIDTH = 78  # characters of a line of the transcript


class Evening:
    """What is said, and what of it is to be seen."""

    def __init__(self, chat: Driver) -> None:
        self._chat = chat
        self.lines: list[str] = []

    async def say(self, text: str, user: User = ANN) -> list[Message]:
        asked = await self._chat.say(text, user=user)
        self._tell(user.name, *text.split("\n"))
        return [asked, await self._answered()]

    async def press(self, message: Message, label: str, user: User = ANN) -> Message:
        await self._chat.press(message, label, user=user)
        self._tell(user.name, f"presses [{label}]")
        return await self._answered()

    async def press_beside(self, listed: Message, number: int, user: User = ANN) -> Message:
        """Press the button beside a film of a list."""
        button = listed.buttons[number - 1]
        await self._chat.click(listed, button["custom_id"], user=user)
        self._tell(user.name, f"presses [{button['label']}] beside number {number}")
        return await self._answered()

    async def choose(self, message: Message, label: str, user: User = ANN) -> Message:
        menu = message.selects[0]
        (value,) = [o["value"] for o in menu["options"] if o["label"] == label]
        await self._chat.select(message, menu["custom_id"], [value], user=user)
        self._tell(user.name, f"chooses {label}")
        return await self._answered()

    async def _answered(self) -> Message:
        answer = await self._chat.reply()
        self._tell("Reeltwin", *words(answer))
        return answer

    def _tell(self, name: str, *lines: str) -> None:
        told = [part for line in lines for part in textwrap.wrap(line, WIDTH)]
        self.lines += [f"{name if n == 0 else '':10}{line}" for n, line in enumerate(told)]


def words(message: Message) -> list[str]:
    """A message as plain lines, what can be pressed or chosen in the last."""
    text = re.sub(r"\[((?:\\.|[^\]])*)\]\(https?:[^)]*\)", r"\1", message.text)
    text = re.sub(r"(?m)^(?:### |-# )|\*\*|`", "", text.replace("\u00a0", " "))
    text = re.sub(r"<t:(\d+):R>", lambda found: from_now(int(found[1]) - time.time()), text)
    text = re.sub(r"\\(.)", r"\1", text)
    lines = [line for line in text.split("\n") if line]
    controls = [f"[{button['label']}]" for button in message.buttons]
    controls += [f"▾ {menu['placeholder']}" for menu in message.selects]
    lines += ["  ".join(dict.fromkeys(controls))] if controls else []
    return ["(only they see it)", *lines] if message.ephemeral else lines


def draw(name: str, messages: list[Message]) -> None:
    shown = [Shown(message.payload, message.files) for message in messages]
    picture = screenshot(page(shown, width=400, channel="films"), width=400)
    (DOCS / f"discord-{name}.png").write_bytes(picture)


async def movie_night(chat: Driver) -> list[str]:
    told, aside = Evening(chat), Evening(chat)
    asked, shortlist = await told.say("!movienight @Bob since 1990")
    draw("movienight", [asked, shortlist])
    vote = await told.choose(shortlist, "Vote: an hour")
    for number, user in ((1, BOB), (3, BOB)):
        vote = await aside.press_beside(vote, number, user)
    vote = await told.press_beside(vote, 3)
    draw("vote", [vote])
    ended = await told.press(vote, "Close the vote")
    await told.press(ended, "Put it on the watchlist", BOB)
    draw("club", await aside.say("!club"))
    return told.lines


async def evening(chat: Driver) -> list[str]:
    before, told = Evening(chat), Evening(chat)
    asked, question = await before.say("!quiz")
    question = await before.press(question, "4★")
    draw("quiz", [asked, await before.press(question, "Not seen")])
    await before.say(f"!rate {BOBS}", BOB)
    await before.say(f"!rate {RATINGS}")

    await told.say("!rate teh matrix 4.5")
    listed = await told.say("!recommend 4 since 1980")
    draw("recommend", listed)
    card = await told.press_beside(listed[1], 3)
    draw("card", [card])
    await told.choose(card, "★★★★½ 4.5")
    draw("compare", await told.say("!compare @Bob"))
    await told.say("!recomend", BOB)
    return told.lines


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with loopback_discord() as chat, open_store(Path(folder) / "x.sqlite3") as store:
            context = AppContext(load_model(), store)
            bot = ReeltwinBot(context, cooldown=(100, 10.0), guild_ready_timeout=0.05)
            async with connected(bot, chat):
                put_into_document("evening", await evening(chat))
                put_into_document("movie night", await movie_night(chat))
            context.close()


def put_into_document(name: str, lines: list[str]) -> None:
    EVENING.write_text(between_markers(EVENING.read_text("utf-8"), name, lines), "utf-8")


def between_markers(text: str, name: str, lines: list[str]) -> str:
    """Return the text with these lines, as a block of code, between the markers of that name.

    Raises
    ------
    ValueError
        Where the text has no such markers.
    """
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, opened, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    if not opened or not closed:
        raise ValueError(f"the document has no markers such as {start.strip()} and {end}")
    block = "".join(f"    {line}".rstrip() + "\n" for line in lines)
    return f"{before}{start}\n{block}\n{end}{after}"


if __name__ == "__main__":
    asyncio.run(main())
