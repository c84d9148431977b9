"""What a test holds in its hand: people who say, click and choose, and what they get to see."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import yarl
from discord.ext import commands

from tests.discord_server.interactions import Interaction, Kind
from tests.discord_server.messages import Message
from tests.discord_server.rest import Call, as_event
from tests.discord_server.server import DiscordServer
from tests.discord_server.world import ANN, APPLICATION_ID, FILMS, Channel, Json, User

PATIENCE = 10.0  # seconds before a test gives up waiting

BUTTON, STRING_SELECT = 2, 3
OPTION_TYPES = {3: str, 4: int, 5: bool, 10: float}


class Driver:
    """People at their keyboards. Each method plays one of them, `user`, in one `channel`."""

    def __init__(self, server: DiscordServer) -> None:
        self.server = server

    # what people do

    async def say(self, text: str, *, user: User = ANN, channel: Channel = FILMS) -> Message:
        message = self.server.messages.create(channel, user, {"content": text}, {})
        await self.server.gateway.dispatch("MESSAGE_CREATE", as_event(message, user.member()))
        return message

    async def slash(
        self, command: str, *, user: User = ANN, channel: Channel = FILMS, **options: Any
    ) -> Interaction:
        """Use a registered slash command; options that Discord's own form rejects fail the test."""
        registered = self._registered(command)
        given = [_given(option, options) for option in registered.get("options") or []]
        unknown = options.keys() - {option["name"] for option in registered.get("options") or []}
        assert not unknown, f"/{command} has no option {unknown}"
        data = _command_data(registered, [option for option in given if option])
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
        data = _command_data(registered, [typing])
        interaction = await self._interact(Kind.AUTOCOMPLETE, data, user, channel)
        return await asyncio.wait_for(interaction.choices.get(), PATIENCE)

    async def click(self, message: Message, custom_id: str, *, user: User = ANN) -> Interaction:
        _component(message, custom_id, BUTTON)
        data = {"custom_id": custom_id, "component_type": BUTTON}
        return await self._interact(Kind.COMPONENT, data, user, message.channel, message)

    async def select(
        self, message: Message, custom_id: str, values: list[str], *, user: User = ANN
    ) -> Interaction:
        menu = _component(message, custom_id, STRING_SELECT)
        missing = set(values) - {option["value"] for option in menu["options"]}
        assert not missing, f"the menu does not offer {missing}"
        data = {"custom_id": custom_id, "component_type": STRING_SELECT, "values": values}
        return await self._interact(Kind.COMPONENT, data, user, message.channel, message)

    async def submit(
        self, modal: Json, values: dict[str, str], *, user: User = ANN, channel: Channel = FILMS
    ) -> Interaction:
        """Fill in `modal`, as `modal()` gave it, with `values` by custom id and send it off."""
        data = {"custom_id": modal["custom_id"], "components": _filled(modal["components"], values)}
        return await self._interact(Kind.MODAL, data, user, channel)

    # what people see

    async def reply(self) -> Message:
        """The next message that the bot shows or changes, oldest first."""
        return await asyncio.wait_for(self.server.messages.shown.get(), PATIENCE)

    async def modal(self) -> Json:
        return await asyncio.wait_for(self.server.interactions.modals.get(), PATIENCE)

    def direct(self, user: User = ANN) -> Channel:
        return self.server.world.direct(user)

    @property
    def typing(self) -> list[str]:
        """The ids of the channels in which the bot was seen typing."""
        return self.server.rest.typing

    # what happened behind the scenes

    @property
    def journal(self) -> list[Call]:
        return self.server.rest.journal

    @property
    def refused(self) -> list[Call]:
        """The calls that Discord refused."""
        return [call for call in self.journal if call.status >= 400]

    async def online(self, patience: float = PATIENCE) -> None:
        await asyncio.wait_for(self.server.gateway.online.wait(), patience)

    async def offline(self) -> None:
        await asyncio.wait_for(self.server.gateway.offline.wait(), PATIENCE)

    def _registered(self, command: str) -> Json:
        names = {item["name"]: item for item in self.server.rest.commands}
        assert command in names, f"no /{command} is registered, only {sorted(names)}"
        return names[command]

    async def _interact(
        self,
        kind: Kind,
        data: Json,
        user: User,
        channel: Channel,
        message: Message | None = None,
    ) -> Interaction:
        source = self.server.messages.find(message.id) if message else None
        assert source or not message, "that message is gone"
        interaction = self.server.interactions.begin(kind, user, channel, source)
        await self.server.gateway.dispatch("INTERACTION_CREATE", _payload(interaction, data))
        return interaction


@asynccontextmanager
async def loopback_discord(
    *, seconds_to_acknowledge: float = 3.0, privileged_intents: bool = True
) -> AsyncIterator[Driver]:
    """Run a server and point discord.py at it; both are put back as they were afterwards."""
    server = DiscordServer(
        seconds_to_acknowledge=seconds_to_acknowledge, privileged_intents=privileged_intents
    )
    await server.start()
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    discord.http.Route.BASE = server.api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(server.gateway_url)
    try:
        yield Driver(server)
    finally:
        discord.http.Route.BASE = base
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway
        await server.stop()


@asynccontextmanager
async def connected(bot: commands.Bot, driver: Driver) -> AsyncIterator[None]:
    """Log the real client in, wait until it is ready, and close it at the end."""
    async with bot:
        await bot.login(driver.server.token)
        connection = asyncio.create_task(bot.connect())
        ready = asyncio.create_task(bot.wait_until_ready())
        await asyncio.wait({connection, ready}, return_when=asyncio.FIRST_COMPLETED)
        if connection.done():
            ready.cancel()
            connection.result()
        yield
    await connection


def _component(message: Message, custom_id: str, kind: int) -> Json:
    there = {item["custom_id"]: item for item in message.components if "custom_id" in item}
    assert custom_id in there, f"the message has no component {custom_id}, only {sorted(there)}"
    assert there[custom_id]["type"] == kind
    assert not there[custom_id].get("disabled"), f"{custom_id} is disabled"
    return there[custom_id]


def _given(option: Json, options: dict[str, Any]) -> Json | None:
    """One option as the client sends it, after the checks that the client's form makes."""
    name = option["name"]
    if name not in options:
        assert not option.get("required"), f"option {name} is required"
        return None
    value = OPTION_TYPES[option["type"]](options[name])
    choices = [choice["value"] for choice in option.get("choices") or []]
    assert not choices or value in choices, f"{name} must be one of {choices}"
    if "min_value" in option:
        assert value >= option["min_value"]
    if "max_value" in option:
        assert value <= option["max_value"]
    return {"name": name, "type": option["type"], "value": value}


def _command_data(registered: Json, options: list[Json]) -> Json:
    return {"id": registered["id"], "name": registered["name"], "type": 1, "options": options}


def _filled(components: list[Json], values: dict[str, str]) -> list[Json]:
    """A modal's components as they come back: each field with what was typed into it."""
    filled: list[Json] = []
    for number, component in enumerate(components, start=1):
        back: Json = {"type": component["type"], "id": component.get("id", number)}
        if "components" in component:
            back["components"] = _filled(component["components"], values)
        elif "component" in component:
            back["component"] = _filled([component["component"]], values)[0]
        else:
            custom_id = component["custom_id"]
            back |= {"custom_id": custom_id, "value": values.get(custom_id, "")}
        filled.append(back)
    return filled


def _payload(interaction: Interaction, data: Json) -> Json:
    """INTERACTION_CREATE: in a guild by a member, in direct messages by a user."""
    user, channel = interaction.user, interaction.channel
    permissions = str(channel.permissions)
    payload: Json = {
        "id": interaction.id,
        "application_id": APPLICATION_ID,
        "type": int(interaction.kind),
        "data": data,
        "channel_id": channel.id,
        "channel": {**channel.payload(), "permissions": permissions},
        "token": interaction.token,
        "version": 1,
        "app_permissions": permissions,
        "locale": "en-US",
        "entitlements": [],
        "attachment_size_limit": 10 << 20,
    }
    if interaction.source is not None:
        payload["message"] = interaction.source.payload
    if channel.guild_id is None:
        payload |= {"user": user.payload(), "context": 1}
        payload["authorizing_integration_owners"] = {"0": "0"}
    else:
        payload |= {"guild_id": channel.guild_id, "context": 0, "guild_locale": "en-US"}
        payload["guild"] = {"id": channel.guild_id, "locale": "en-US", "features": []}
        payload["member"] = {**user.member(), "user": user.payload()}
        payload["authorizing_integration_owners"] = {"0": channel.guild_id}
    return payload
