"""A form to paste many ratings into: a slash command takes but one line."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.commands.dispatch import dispatch
from bot.discord.errors import report, tell

if TYPE_CHECKING:
    from bot.discord.client import ReeltwinBot

_MOST = 4_000  # characters that Discord lets a field take


class RatingsForm(discord.ui.Modal, title="Rate many films"):
    """One box; what stands in it is answered like ``rate`` with as many lines."""

    lines = discord.ui.Label(
        text="Films with their stars, one a line",
        component=discord.ui.TextInput["RatingsForm"](
            style=discord.TextStyle.paragraph,
            placeholder="Alien 5\nToy Story (1995) 4.5\nThe Notebook 2",
            max_length=_MOST,
        ),
    )

    async def on_submit(self, interaction: discord.Interaction["ReeltwinBot"], /) -> None:  # type: ignore[override]
        assert isinstance(self.lines.component, discord.ui.TextInput)  # noqa: S101 - as made above
        typed = self.lines.component.value
        await interaction.response.defer(thinking=True)
        bot = interaction.client
        await bot.answer_interaction(
            interaction, lambda request: dispatch(bot.context, request, f"rate\n{typed}")
        )

    async def on_error(self, interaction: discord.Interaction, error: Exception, /) -> None:  # type: ignore[override]
        await report(error, "a form", interaction, lambda words: tell(interaction, words))


@app_commands.command(name="ratemany", description="Paste many films with their stars at once")
async def rate_many(interaction: discord.Interaction["ReeltwinBot"]) -> None:
    await interaction.response.send_modal(RatingsForm())
