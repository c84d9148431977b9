"""What a test holds in its hand: people who say, click and choose, and what they get to see."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tests.discord_server.calls import Call
from tests.discord_server.components import Type
from tests.discord_server.interactions import Interaction, Kind
from tests.discord_server.message import as_deletion, as_event
from tests.discord_server.messages import Message, Shown
from tests.discord_server.sending import (
    File,
    command_data,
    filled,
    given,
    interaction_event,
    resolved,
)
from tests.discord_server.server import DiscordServer
from tests.discord_server.world import ANN, FILMS, Channel, Guild, Json, User

PATIENCE = 10.0  # seconds before a test gives up waiting


class Driver:
    """People at their keyboards. Each method plays one of them, `user`, in one `channel`."""

    def __init__(self, server: DiscordServer) -> None:
        self.server = server

    # what people do

    async def say(
        self,
        text: str,
        *,
        user: User = ANN,
        channel: Channel = FILMS,
        files: Mapping[str, bytes] = MappingProxyType({}),
    ) -> Message:
        """Send a message, with files by their names."""
        message = self.server.messages.create(channel, user, {"content": text}, dict(files))
        self.server.messages.note(message)
        await self._tell("MESSAGE_CREATE", message, user)
        return message

    async def edit(self, message: Message, text: str, *, user: User = ANN) -> Message:
        """Change what `user` said."""
        assert message.author_id == user.id, "people can edit only what they said themselves"
        changed = self.server.messages.edit(self._current(message), {"content": text}, {})
        self.server.messages.note(changed)
        await self._tell("MESSAGE_UPDATE", changed, user)
        return changed

    async def unfurl(self, message: Message) -> None:
        """What Discord does to a message with a link: add a preview, which is no edit."""
        current = self._current(message)
        current.payload["embeds"] = [{"type": "link", "url": "https://example.org", "title": "x"}]
        await self._retell(current)

    async def pin(self, message: Message) -> None:
        """Pin a message, which changes it without being an edit."""
        current = self._current(message)
        current.payload["pinned"] = True
        await self._retell(current)

    async def delete(self, message: Message) -> None:
        self.server.messages.delete(self._current(message))
        await self._dispatch("MESSAGE_DELETE", as_deletion(message))

    async def join(self, guild: Guild) -> None:
        """Add the bot to a guild that it was not in."""
        world = self.server.world
        assert guild.id not in {known.id for known in world.guilds}, "the bot is in there already"
        world.guilds = (*world.guilds, guild)
        event = guild.payload()
        del event["unavailable"]  # by which the client tells new guilds from known ones
        await self._dispatch("GUILD_CREATE", event)

    async def out_of_sight(self, guild: Guild) -> None:
        """Let the client lose a guild whose messages it is told of all the same."""
        await self._dispatch("GUILD_DELETE", {"id": guild.id})

    async def leaves(self, user: User, guild: Guild) -> None:
        """Let somebody leave a guild."""
        self.server.world.move(user, guild.id, into=False)
        gone = {"guild_id": guild.id, "user": user.payload()}
        await self._dispatch("GUILD_MEMBER_REMOVE", gone)

    async def arrives(self, user: User, guild: Guild) -> None:
        """Let somebody come into a guild, for the first time or again."""
        self.server.world.move(user, guild.id, into=True)
        new = {**user.member(), "guild_id": guild.id, "user": user.payload()}
        await self._dispatch("GUILD_MEMBER_ADD", new)

    async def slash(
        self, command: str, *, user: User = ANN, channel: Channel = FILMS, **options: Any
    ) -> Interaction:
        """Use a registered slash command; options that Discord's own form rejects fail the test."""
        registered = self._registered(command)
        asked = registered.get("options") or []
        unknown = options.keys() - {option["name"] for option in asked}
        assert not unknown, f"/{command} has no option {unknown}"
        files = {name: value for name, value in options.items() if isinstance(value, File)}
        upload = self.server.messages.upload
        attachments = {name: upload(file.name, file.data) for name, file in files.items()}
        written = options | attachments
        filled_in = [option for option in (given(option, written) for option in asked) if option]
        named = [value for value in options.values() if isinstance(value, User)]
        guild = self.server.world.guild(channel.guild_id)
        more = resolved(named, guild, [*attachments.values()])
        data = command_data(registered, filled_in, **({"resolved": more} if more else {}))
        return await self._interact(Kind.COMMAND, data, user, channel)

    async def autocomplete(
        self,
        command: str,
        option: str,
        text: str,
        *,
        user: User = ANN,
        channel: Channel = FILMS,
    ) -> list[Json]:
        """What the bot proposes (name and value each) while `text` stands in `option`."""
        registered = self._registered(command)
        options = {item["name"]: item for item in registered["options"]}
        assert options[option].get("autocomplete"), f"{option} of /{command} has no autocompletion"
        typing = {"name": option, "type": 3, "value": text, "focused": True}
        data = command_data(registered, [typing])
        interaction = await self._interact(Kind.AUTOCOMPLETE, data, user, channel)
        return await asyncio.wait_for(interaction.choices.get(), PATIENCE)

    async def click(self, message: Message, custom_id: str, *, user: User = ANN) -> Interaction:
        _component(message, custom_id, Type.BUTTON)
        data = {"custom_id": custom_id, "component_type": int(Type.BUTTON)}
        return await self._interact(Kind.COMPONENT, data, user, message.channel, message)

    async def select(
        self, message: Message, custom_id: str, values: list[str], *, user: User = ANN
    ) -> Interaction:
        menu = _component(message, custom_id, Type.STRING_SELECT)
        missing = set(values) - {option["value"] for option in menu["options"]}
        assert not missing, f"the menu does not offer {missing}"
        kind = int(Type.STRING_SELECT)
        data = {"custom_id": custom_id, "component_type": kind, "values": values}
        return await self._interact(Kind.COMPONENT, data, user, message.channel, message)

    async def press(self, message: Message, label: str, *, user: User = ANN) -> Interaction:
        """Click the button with that label."""
        button = message.button(label)
        assert "custom_id" in button, f"{label!r} is a link"
        return await self.click(message, button["custom_id"], user=user)

    async def choose(self, message: Message, value: str, *, user: User = ANN) -> Interaction:
        """Choose `value` in the first menu that offers it."""
        offers = {
            menu["custom_id"]: [option["value"] for option in menu["options"]]
            for menu in message.selects
        }
        offering = [custom_id for custom_id, values in offers.items() if value in values]
        assert offering, f"no menu offers {value!r}, only {offers}"
        return await self.select(message, offering[0], [value], user=user)

    async def submit(
        self,
        modal: Json,
        values: dict[str, str],
        *,
        user: User = ANN,
        channel: Channel = FILMS,
        message: Message | None = None,
    ) -> Interaction:
        """Fill in `modal`, as `modal()` gave it, with `values` by custom id and send it off.

        `message` is the one whose component opened it, if one did.
        """
        data = {"custom_id": modal["custom_id"], "components": filled(modal["components"], values)}
        return await self._interact(Kind.MODAL, data, user, channel, message)

    # what people see

    async def reply(self) -> Message:
        """The next message that the bot shows or changes, oldest first."""
        return await asyncio.wait_for(self.server.messages.shown.get(), PATIENCE)

    async def modal(self) -> Json:
        return await asyncio.wait_for(self.server.interactions.modals.get(), PATIENCE)

    def direct(self, user: User = ANN) -> Channel:
        return self.server.world.direct(user)

    @property
    def record(self) -> list[Shown]:
        """All that was said, by people and by the bot, and every change, in order."""
        return self.server.messages.record

    @property
    def typing(self) -> list[str]:
        """The ids of the channels in which the bot was seen typing."""
        return self.server.rest.typing

    # what happened behind the scenes

    @property
    def downloads(self) -> list[str]:
        """The names of the files that were fetched from Discord."""
        return self.server.rest.downloads

    @property
    def journal(self) -> list[Call]:
        return self.server.rest.journal

    @property
    def refused(self) -> list[Call]:
        """The calls that Discord refused."""
        return [call for call in self.journal if call.status >= 400]

    def forget(self, kept: int) -> None:
        """Let go of the past, lest it fill the memory: all but the latest messages and such.

        Journal, record and what the bot showed are empty then; what was sent before is not
        replayed to a client that resumes.
        """
        server = self.server
        self.journal.clear()
        self.record.clear()
        self.typing.clear()
        server.messages.forget(kept)
        server.interactions.forget(kept)
        for session in server.gateway.sessions.values():
            session.forget()

    async def online(self, patience: float = PATIENCE) -> None:
        await asyncio.wait_for(self.server.gateway.online.wait(), patience)

    async def offline(self) -> None:
        await asyncio.wait_for(self.server.gateway.offline.wait(), PATIENCE)

    def _registered(self, command: str) -> Json:
        names = {item["name"]: item for item in self.server.rest.commands}
        assert command in names, f"no /{command} is registered, only {sorted(names)}"
        return names[command]

    def _current(self, message: Message) -> Message:
        """The message as it stands now; tests hold snapshots."""
        current = self.server.messages.find(message.id)
        assert current is not None, "that message is gone"
        return current

    async def _tell(self, event: str, message: Message, author: User) -> None:
        await self._dispatch(event, as_event(message, author.member()))

    async def _retell(self, message: Message) -> None:
        author = self.server.world.user(message.author_id)
        assert author is not None
        await self._tell("MESSAGE_UPDATE", message, author)

    async def _dispatch(self, event: str, data: Json) -> None:
        assert self.server.gateway.sessions, f"no bot is connected to hear {event}"
        await self.server.gateway.dispatch(event, data)

    async def _interact(
        self,
        kind: Kind,
        data: Json,
        user: User,
        channel: Channel,
        message: Message | None = None,
    ) -> Interaction:
        source = self._current(message) if message else None
        interaction = self.server.interactions.begin(kind, user, channel, source, data.get("name"))
        await self.server.gateway.dispatch(
            "INTERACTION_CREATE", interaction_event(interaction, data)
        )
        return interaction


def _component(message: Message, custom_id: str, kind: Type) -> Json:
    there = {item["custom_id"]: item for item in message.components if "custom_id" in item}
    assert custom_id in there, f"the message has no component {custom_id}, only {sorted(there)}"
    assert there[custom_id]["type"] == kind
    assert not there[custom_id].get("disabled"), f"{custom_id} is disabled"
    return there[custom_id]
