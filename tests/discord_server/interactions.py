"""Interactions: acknowledged once and in time, then answered by follow-ups and edits."""

import asyncio
from dataclasses import dataclass, field
from enum import IntEnum

from tests.discord_server.command_limits import check_choices
from tests.discord_server.component_limits import modal_faults
from tests.discord_server.limits import Files
from tests.discord_server.messages import EPHEMERAL, Message, Messages
from tests.discord_server.refusals import (
    ALREADY_ACKNOWLEDGED,
    INVALID_WEBHOOK_TOKEN,
    UNKNOWN_INTERACTION,
    UNKNOWN_WEBHOOK,
    Fault,
    RefusedError,
    bad_form,
    unknown,
)
from tests.discord_server.world import BOT, Channel, Json, User


class Kind(IntEnum):
    """What a person did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


SECONDS_TO_LIVE = 15 * 60  # of an interaction's token


class Callback(IntEnum):
    """How the bot may acknowledge it."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


ALLOWED = {
    Kind.COMMAND: {Callback.MESSAGE, Callback.DEFERRED_MESSAGE, Callback.MODAL},
    Kind.COMPONENT: set(Callback) - {Callback.CHOICES},
    Kind.AUTOCOMPLETE: {Callback.CHOICES},
    Kind.MODAL: set(Callback) - {Callback.CHOICES, Callback.MODAL},
}


@dataclass
class Interaction:
    """One thing that a person did, and how far the bot has got with it.

    ``source`` is the message whose component was used, ``command`` the name of a slash command,
    ``original`` what ``@original`` names, ``made`` the ids of the messages that its token made.
    """

    id: str
    token: str
    kind: Kind
    user: User
    channel: Channel
    source: Message | None
    since: float
    command: str | None = None
    callback: Callback | None = None
    original: Message | None = None
    made: set[str] = field(default_factory=set)
    choices: asyncio.Queue[list[Json]] = field(default_factory=asyncio.Queue)


@dataclass
class Interactions:
    """All interactions; ``seconds_to_acknowledge`` is three on Discord, fewer to spare waits."""

    messages: Messages
    seconds_to_acknowledge: float = 3.0
    modals: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    _by_token: dict[str, Interaction] = field(default_factory=dict)

    def begin(
        self,
        kind: Kind,
        user: User,
        channel: Channel,
        source: Message | None = None,
        command: str | None = None,
    ) -> Interaction:
        number = self.messages.world.snowflake()
        now = self.messages.world.clock()
        interaction = Interaction(
            number, f"token-{number}", kind, user, channel, source, now, command
        )
        self._by_token[interaction.token] = interaction
        return interaction

    def forget(self, kept: int) -> None:
        """Let go of all but the latest."""
        for token in [*self._by_token][: max(0, len(self._by_token) - kept)]:
            del self._by_token[token]

    def acknowledge(self, number: str, token: str, form: Json, files: Files) -> Message | None:
        """Take the bot's first answer; returns the message that it made, if any."""
        interaction = self._by_token.get(token)
        if interaction is None or interaction.id != number:
            raise RefusedError(UNKNOWN_INTERACTION)
        if interaction.callback is not None:
            raise RefusedError(ALREADY_ACKNOWLEDGED)
        if self._age(interaction) > self.seconds_to_acknowledge:
            raise RefusedError(UNKNOWN_INTERACTION)
        callback = _callback(interaction, form)
        self._take(interaction, callback, form.get("data") or {}, files)
        interaction.callback = callback
        return interaction.original

    def follow_up(self, token: str, form: Json, files: Files) -> Message:
        """One more message; the first after a deferral takes the placeholder's place."""
        interaction = self._acknowledged(token)
        waiting = self.messages.find(interaction.original.id if interaction.original else None)
        if waiting is not None and waiting.loading:
            return self._shown(self.messages.edit(waiting, form, files))
        return self._make(interaction, form, files)

    def message(self, token: str, message_id: str) -> Message:
        """What ``@original`` or an id names, of the messages that are within the token's reach."""
        interaction = self._acknowledged(token)
        original = interaction.original.id if interaction.original else None
        named = original if message_id == "@original" else message_id
        message = self.messages.find(named) if named in {original, *interaction.made} else None
        if message is None:
            raise unknown("Message", 10008)
        return message

    def edit(self, token: str, message_id: str, form: Json, files: Files) -> Message:
        return self._shown(self.messages.edit(self.message(token, message_id), form, files))

    def delete(self, token: str, message_id: str) -> Message:
        message = self.message(token, message_id)
        self.messages.delete(message)
        return message

    def _acknowledged(self, token: str) -> Interaction:
        interaction = self._by_token.get(token)
        if interaction is None or interaction.callback is None:
            raise RefusedError(UNKNOWN_WEBHOOK)
        if self._age(interaction) > SECONDS_TO_LIVE:
            raise RefusedError(INVALID_WEBHOOK_TOKEN)
        return interaction

    def _age(self, interaction: Interaction) -> float:
        return self.messages.world.clock() - interaction.since

    def _make(self, interaction: Interaction, form: Json, files: Files) -> Message:
        made = self.messages.create(interaction.channel, BOT, form, files)
        made.payload |= _origin(interaction)
        interaction.made.add(made.id)
        return self._shown(made)

    def _take(self, interaction: Interaction, callback: Callback, data: Json, files: Files) -> None:
        match callback:
            case Callback.MESSAGE:
                interaction.original = self._make(interaction, data, files)
            case Callback.DEFERRED_MESSAGE:
                flags = (data.get("flags") or 0) & EPHEMERAL
                interaction.original = self.messages.thinking(interaction.channel, BOT, flags)
                interaction.original.payload |= _origin(interaction)
            case Callback.DEFERRED_UPDATE:
                interaction.original = interaction.source
            case Callback.UPDATE:
                if interaction.source is not None:
                    changed = self.messages.edit(interaction.source, data, files)
                    interaction.original = self._shown(changed)
            case Callback.CHOICES:
                check_choices(data["choices"])
                interaction.choices.put_nowait(data["choices"])
            case Callback.MODAL:
                if faults := [*modal_faults(data)]:
                    raise bad_form(faults)
                self.modals.put_nowait(data)

    def _shown(self, message: Message) -> Message:
        self.messages.show(message)
        return message


def _origin(interaction: Interaction) -> Json:
    """What a message tells of the interaction that it answers."""
    user = interaction.user.payload()
    what: Json = {"id": interaction.id, "type": int(interaction.kind), "user": user}
    origin: Json = {"interaction_metadata": what}
    if interaction.command:
        origin["interaction"] = what | {"name": interaction.command}
    return origin


def _callback(interaction: Interaction, form: Json) -> Callback:
    allowed = ALLOWED[interaction.kind]
    if interaction.source is None:
        allowed = allowed - {Callback.DEFERRED_UPDATE, Callback.UPDATE}
    if form.get("type") not in allowed:
        words = f"Value must be one of {tuple(int(one) for one in sorted(allowed))}."
        raise bad_form([Fault("type", "BASE_TYPE_CHOICES", words)])
    return Callback(form["type"])
