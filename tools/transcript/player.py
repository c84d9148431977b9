"""People on the loopback Discord: what they do is written down, with all they are shown."""

import asyncio
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tests.discord_server import ANN, FILMS, Channel, Driver, File, Message, User
from tests.discord_server.interactions import Interaction
from tests.discord_server.world import Guild
from tools.transcript.layout import component_lines, lines_of, place_of

_PATIENCE = 60.0  # seconds
_BETWEEN = 1.0  # seconds of the Discord's clock, so that nobody asks too often for the bot


class Player:
    """Plays people one after the other; each method returns the last message shown.

    ``asked`` is what was said last. Each waits for ``shows`` messages, new or changed, and what
    is typed at least for the reply to it.
    """

    def __init__(self, chat: Driver) -> None:
        self._chat = chat
        self._lines: list[str] = []
        self.asked: Message | None = None

    @property
    def text(self) -> str:
        """All that was written down."""
        return "\n".join(self._lines) + "\n"

    def stopped(self, error: Exception) -> None:
        """Write down why nobody could go on."""
        self._lines.append(f"  stopped by {type(error).__name__}: {error}")

    async def say(
        self,
        text: str,
        user: User = ANN,
        channel: Channel = FILMS,
        files: Mapping[str, bytes] = MappingProxyType({}),
        shows: int = 1,
    ) -> Message:
        """Send a message."""
        self._begin(user, f"{text}{_where(channel)}{_with(files)}")
        self.asked = await self._chat.say(text, user=user, channel=channel, files=files)
        return await self._until_replied(self.asked, shows)

    async def says(self, lines: str, user: User = ANN) -> Message:
        """Send several messages, one a line."""
        return [await self.say(line, user) for line in lines.strip().split("\n")][-1]

    async def murmur(self, text: str, user: User = ANN) -> None:
        """Send what is no concern of the bot's; an answer would stand before the next one."""
        self._begin(user, f"{text} (no answer is waited for)")
        await self._chat.say(text, user=user)

    def place(self, number: str) -> Channel:
        """Return the channel with that id, one in which the bot may not do everything."""
        channel = self._chat.server.world.channel(number)
        assert channel is not None, f"there is no channel {number}"  # noqa: S101
        return channel

    def direct(self, user: User) -> Channel:
        """Return where somebody and the bot are alone."""
        return self._chat.direct(user)

    async def tell(self, text: str, user: User, channel: Channel) -> Message:
        """Send a message that cannot be replied to where it stands."""
        self._begin(user, f"{text}{_where(channel)}")
        await self._chat.say(text, user=user, channel=channel)
        return await self._shown(1)

    async def edit(self, text: str, user: User = ANN) -> Message:
        """Change what was said last."""
        assert self.asked is not None, "nothing was said yet"  # noqa: S101
        self._begin(user, f"changes it to {text}")
        await self._chat.edit(self.asked, text, user=user)
        return await self._shown(1)

    async def invite(self, guild: Guild, user: User = ANN) -> Message:
        """Let somebody add the bot to a server."""
        self._begin(user, f"adds the bot to {guild.name}")
        await self._chat.join(guild)
        return await self._shown(1)

    async def slash(
        self, command: str, user: User = ANN, channel: Channel = FILMS, shows: int = 1, **given: Any
    ) -> Message:
        """Use a slash command with its options filled in."""
        options = "".join(f" {name}:{_option(value)}" for name, value in given.items())
        self._begin(user, f"/{command}{options}{_where(channel)}")
        await self._chat.slash(command, user=user, channel=channel, **given)
        return await self._shown(shows)

    async def press(
        self, message: Message, label: str, user: User = ANN, shows: int = 1
    ) -> Message:
        """Press the button with that label."""
        self._begin(user, f"presses [{label}]")
        interaction = await self._chat.press(message, label, user=user)
        return await self._acknowledged(interaction, shows)

    async def press_beside(
        self, message: Message, number: int, user: User = ANN, shows: int = 1
    ) -> Message:
        """Press the button beside a film of a list."""
        button = message.buttons[number - 1]
        self._begin(user, f"presses [{button['label']}] beside number {number}")
        interaction = await self._chat.click(message, button["custom_id"], user=user)
        return await self._acknowledged(interaction, shows)

    async def choose(
        self, message: Message, label: str, user: User = ANN, shows: int = 1
    ) -> Message:
        """Choose an entry of a menu by its label."""
        self._begin(user, f"chooses {label}")
        offered = {o["label"]: o["value"] for menu in message.selects for o in menu["options"]}
        interaction = await self._chat.choose(message, offered[label], user=user)
        return await self._acknowledged(interaction, shows)

    async def complete(self, command: str, option: str, text: str, user: User = ANN) -> None:
        """Type into an option of a slash command, and see what is proposed."""
        self._begin(user, f"types “{text}” into {option} of /{command}")
        for choice in await self._chat.autocomplete(command, option, text, user=user):
            self._lines.append(f"  proposed {json.dumps(choice, ensure_ascii=False)}")

    async def fill_in(self, command: str, text: str, user: User = ANN, shows: int = 1) -> Message:
        """Open a form by a slash command, write into its only field and send it."""
        self._begin(user, f"/{command}, and writes\n{text}")
        await self._chat.slash(command, user=user)
        form = await self._chat.modal()
        self._lines.append(f"  form {form['title']} custom_id={form['custom_id']}")
        field = form["components"][0]
        self._lines += component_lines(field, 2)
        written = {field["component"]["custom_id"]: text}
        await self._chat.submit(form, written, user=user)
        return await self._shown(shows)

    def _begin(self, user: User, what: str) -> None:
        """Write down what somebody does; some time has passed since the last."""
        self._chat.server.world.seconds_ahead += _BETWEEN
        first, *others = what.split("\n")
        self._lines += ["", f"> {user.name}: {first}", *(f"    {line}" for line in others)]

    async def _shown(self, number: int) -> Message:
        """Wait for so many messages, and write each down."""
        return [await self._next() for _ in range(number)][-1]

    async def _acknowledged(self, interaction: Interaction, shows: int) -> Message:
        """Wait for what comes of a button or menu; its acknowledgement is written down too."""
        shown = await self._shown(shows)
        callback = interaction.callback
        self._lines.append(f"  (acknowledged by {callback.name if callback else 'nothing'})")
        return shown

    async def _until_replied(self, asked: Message, number: int) -> Message:
        """Wait for at least so many messages until a reply has come."""
        shown = [await self._next()]
        while len(shown) < number or all(one.replies_to != asked.id for one in shown):
            shown.append(await self._next())
        return shown[-1]

    async def _next(self) -> Message:
        """Wait for one message, and write it down."""
        message = await asyncio.wait_for(self._chat.server.messages.shown.get(), _PATIENCE)
        kinds = [one.kind for one in self._chat.record if one.message is message]
        self._lines += lines_of(message, new=kinds == ["new"])
        return message


def _where(channel: Channel) -> str:
    """Tell where something is said, if not where most is."""
    return "" if channel is FILMS else f" in {place_of(channel)}"


def _with(files: Mapping[str, bytes]) -> str:
    """Name files that come with a message."""
    return f" with {', '.join(files)}" if files else ""


def _option(value: Any) -> str:
    """Write an option as its form shows it."""
    if isinstance(value, User):
        return f"@{value.name}"
    return value.name if isinstance(value, File) else str(value)
