"""What a person's client sends for a slash command, a component or a form."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any

from tests.discord_server.interactions import Interaction
from tests.discord_server.world import APPLICATION_ID, Guild, Json, User

USER_OPTION = 6
ATTACHMENT_OPTION = 11
OPTION_TYPES: dict[int, Callable[[Any], Any]] = {
    3: str,
    4: int,
    5: bool,
    USER_OPTION: attrgetter("id"),
    10: float,
    ATTACHMENT_OPTION: itemgetter("id"),
}


@dataclass(frozen=True)
class File:
    """A file that somebody puts into the form of a slash command."""

    name: str
    data: bytes


def given(option: Json, options: dict[str, Any]) -> Json | None:
    """One option as the client sends it, after the checks that the client's form makes.

    Files stand in ``options`` as the attachments that they were taken for.
    """
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
    if "max_length" in option:
        assert len(value) <= option["max_length"]
    return {"name": name, "type": option["type"], "value": value}


def command_data(registered: Json, options: list[Json], **more: Json) -> Json:
    data = {"id": registered["id"], "name": registered["name"], "type": 1, "options": options}
    return {**data, **more}


def resolved(users: list[User], guild: Guild | None, attachments: list[Json]) -> Json:
    """Who the users are that options name, and what the attachments.

    In a guild there are also the users' memberships, without the user.
    """
    members = [user for user in users if guild is not None and user in guild.members]
    parts = {
        "users": {user.id: user.payload() for user in users},
        "members": {user.id: user.partial_member() for user in members},
        "attachments": {attachment["id"]: attachment for attachment in attachments},
    }
    return {name: part for name, part in parts.items() if part}


def filled(components: list[Json], values: dict[str, str]) -> list[Json]:
    """A modal's components as they come back: each field with what was typed into it."""
    sent: list[Json] = []
    for number, component in enumerate(components, start=1):
        back: Json = {"type": component["type"], "id": component.get("id", number)}
        if "components" in component:
            back["components"] = filled(component["components"], values)
        elif "component" in component:
            back["component"] = filled([component["component"]], values)[0]
        else:
            custom_id = component["custom_id"]
            back |= {"custom_id": custom_id, "value": values.get(custom_id, "")}
        sent.append(back)
    return sent


def interaction_event(interaction: Interaction, data: Json) -> Json:
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
