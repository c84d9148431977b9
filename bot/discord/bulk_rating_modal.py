"""A form to paste many ratings into: a slash command takes but one line."""

from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot.commands.command import Command
from bot.commands.dispatch import invoke, read_values
from bot.discord.errors import report_to_interaction
from bot.discord.interaction_targets import InteractionTarget
from bot.discord.responder import Responder

LABEL = "a form"  # in the log
_MOST = 4_000  # characters that Discord lets a field take


class RatingsForm(discord.ui.Modal, title="Rate many films"):
    """One box; what stands in it is answered like ``rate`` with as many lines.

    Parameters
    ----------
    responder
        Answers.
    rate
        The command.
    """

    lines = discord.ui.Label(
        text="Films with their stars, one a line",
        component=discord.ui.TextInput["RatingsForm"](
            style=discord.TextStyle.paragraph,
            placeholder="Alien 5\nToy Story (1995) 4.5\nThe Notebook 2",
            max_length=_MOST,
        ),
    )

    def __init__(self, responder: Responder, rate: Command) -> None:
        super().__init__()
        self._responder = responder
        self._rate = rate

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        assert isinstance(self.lines.component, discord.ui.TextInput)  # noqa: S101 - as made above
        context, typed = self._responder.context, self.lines.component.value
        target = InteractionTarget(interaction, LABEL)
        values = partial(read_values, context, self._rate, typed)
        work = partial(invoke, context, target.request, self._rate, values)
        await self._responder.respond(target, work)

    async def on_error(self, interaction: discord.Interaction, error: Exception, /) -> None:  # type: ignore[override]
        await report_to_interaction(error, LABEL, interaction)


def bulk_rating_command(responder: Responder, rate: Command) -> app_commands.Command[Any, Any, Any]:
    """Return the slash command that opens the form.

    Parameters
    ----------
    responder
        Answers.
    rate
        The command that takes the lines.
    """

    async def run(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(RatingsForm(responder, rate))

    description = "Paste many films with their stars at once"
    return app_commands.Command(name="ratemany", description=description, callback=run)
