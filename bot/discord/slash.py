"""The slash commands: those of the prefix, with typed options and film titles that complete."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot import services as service
from bot.commands import COMMANDS, answer, respond
from bot.discord.markdown import cut
from bot.parsing import RatingLine, Reading
from bot.services.films import DEFAULT_COUNT, MOST

if TYPE_CHECKING:
    from bot.discord.client import ReeltwinBot, Work

Interaction = discord.Interaction["ReeltwinBot"]
Count = app_commands.Range[int, 1, MOST]
Page = app_commands.Range[int, 1, 1000]

TEXT = 100  # characters that Discord takes in a description, a choice's name and its value
CHOICES = 25
HALF_STARS = [
    app_commands.Choice(name=f"{halves / 2:g} ★", value=halves / 2) for halves in range(10, 0, -1)
]
SUMMARIES = {command.name: cut(command.summary, TEXT) for command in COMMANDS}

FILM = "A film's title; the year tells films of one name apart: Alien (1979)"


async def propose_films(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Titles that what stands in the option so far may become; other text can be sent as well."""
    titles = await service.complete(interaction.client.services, typed)
    return [
        app_commands.Choice(name=cut(title, TEXT), value=title[:TEXT]) for title in titles[:CHOICES]
    ]


class SlashCommands(commands.Cog):
    """Each one acknowledges at once, for Discord waits three seconds, and answers when it can."""

    def __init__(self, bot: "ReeltwinBot") -> None:
        self.bot = bot

    @app_commands.command(description=SUMMARIES["rate"])
    @app_commands.describe(film=FILM, stars="Half a star to five")
    @app_commands.choices(stars=HALF_STARS)
    @app_commands.autocomplete(film=propose_films)
    async def rate(self, interaction: Interaction, film: str, stars: float) -> None:
        # Title and stars come apart already: no other reading of the line is possible.
        line = RatingLine(f"{film} {stars:g}", (Reading(film, stars),))
        await self._answer(
            interaction,
            lambda caller: respond(
                self.bot.services,
                caller,
                "rate",
                lambda services, caller: service.rate(services, caller, [line]),
            ),
        )

    @app_commands.command(description=SUMMARIES["unrate"])
    @app_commands.describe(film=FILM)
    @app_commands.autocomplete(film=propose_films)
    async def unrate(self, interaction: Interaction, film: str) -> None:
        await self._run(interaction, f"unrate {film}")

    @app_commands.command(description=SUMMARIES["ratings"])
    @app_commands.describe(page="Which page of the list")
    async def ratings(self, interaction: Interaction, page: Page = 1) -> None:
        await self._run(interaction, f"ratings {page}")

    @app_commands.command(description=SUMMARIES["recommend"])
    @app_commands.describe(count="How many films")
    async def recommend(self, interaction: Interaction, count: Count = DEFAULT_COUNT) -> None:
        await self._run(interaction, f"recommend {count}")

    @app_commands.command(description=SUMMARIES["similar"])
    @app_commands.describe(film=FILM)
    @app_commands.autocomplete(film=propose_films)
    async def similar(self, interaction: Interaction, film: str) -> None:
        await self._run(interaction, f"similar {film}")

    @app_commands.command(description=SUMMARIES["twin"])
    async def twin(self, interaction: Interaction) -> None:
        await self._run(interaction, "twin")

    @app_commands.command(name="map", description=SUMMARIES["map"])
    @app_commands.describe(film=FILM)
    @app_commands.autocomplete(film=propose_films)
    async def draw(self, interaction: Interaction, film: str = "") -> None:
        await self._run(interaction, f"map {film}")

    @app_commands.command(name="help", description=SUMMARIES["help"])
    async def show_help(self, interaction: Interaction) -> None:
        await self._run(interaction, "help")

    async def _run(self, interaction: Interaction, message: str) -> None:
        await self._answer(interaction, lambda caller: answer(self.bot.services, caller, message))

    async def _answer(self, interaction: Interaction, work: "Work") -> None:
        await interaction.response.defer(thinking=True)
        await self.bot.answer_interaction(interaction, work)
