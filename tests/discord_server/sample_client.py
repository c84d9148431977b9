"""A client that uses one of everything the loopback Discord offers, to test that by."""

import io
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from tests.discord_server.world import FILMS, Json

PNG = b"\x89PNG" + b"0" * 5_000

Context = commands.Context[Any]


class Ask(discord.ui.Modal, title="Rate"):
    stars: discord.ui.TextInput["Ask"] = discord.ui.TextInput(label="stars", custom_id="stars")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"modal {self.stars.value}")


class Menu(discord.ui.View):
    @discord.ui.button(label="more", custom_id="more")
    async def more(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.edit_message(content="more of it", view=None)

    @discord.ui.select(
        custom_id="pick",
        options=[discord.SelectOption(label="Alien"), discord.SelectOption(label="Aliens")],
    )
    async def pick(self, interaction: discord.Interaction, menu: Any) -> None:
        await interaction.response.send_message(f"picked {menu.values[0]}", ephemeral=True)


class Poster(discord.ui.LayoutView):
    """A picture beside words, a button and a menu, all in one container."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        gallery = discord.ui.MediaGallery["Poster"]()
        gallery.add_item(media="attachment://map.png", description="Two stars")
        more = More(label="more", custom_id="more")
        box = discord.ui.Container["Poster"](
            discord.ui.Section("**Alien**", "of 1979", accessory=more),
            gallery,
            discord.ui.Separator(),
            discord.ui.ActionRow(Pick()),
            discord.ui.ActionRow(discord.ui.Button(label="site", url="https://example.org")),
            discord.ui.TextDisplay("-# the end"),
        )
        self.add_item(box)


class More(discord.ui.Button[Poster]):
    async def callback(self, interaction: discord.Interaction) -> None:
        view = discord.ui.LayoutView()
        view.add_item(discord.ui.TextDisplay("more of it"))
        await interaction.response.edit_message(view=view, attachments=[])


class Pick(discord.ui.Select[Poster]):
    def __init__(self) -> None:
        options = [discord.SelectOption(label="Alien"), discord.SelectOption(label="Aliens")]
        super().__init__(custom_id="pick", options=options)

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"picked {self.values[0]}", ephemeral=True)


Bot = commands.Bot | commands.AutoShardedBot


def make_bot(intents: discord.Intents | None = None) -> commands.Bot:
    bot = commands.Bot("!", intents=intents or _with_content(), guild_ready_timeout=0.05)
    _add_commands(bot)
    return bot


def make_sharded_bot(
    shard_ids: Sequence[int] | None = None, shard_count: int | None = None
) -> commands.AutoShardedBot:
    """With all shards that Discord advises, or with some of a number of one's own."""
    bot = commands.AutoShardedBot(
        "!",
        intents=_with_content(),
        guild_ready_timeout=0.05,
        shard_ids=shard_ids and [*shard_ids],
        shard_count=shard_count,
    )
    _add_commands(bot)
    return bot


def _with_content() -> discord.Intents:
    intents = discord.Intents.default()
    intents.message_content = True
    return intents


def _add_commands(bot: Bot) -> None:
    @bot.command()
    async def echo(ctx: Context, *, text: str = "") -> None:
        await ctx.reply(f"{ctx.author.name}: {text}")

    @bot.command()
    async def picture(ctx: Context) -> None:
        embed = discord.Embed(title="map").set_image(url="attachment://map.png")
        async with ctx.typing():
            await ctx.send(embed=embed, file=discord.File(io.BytesIO(PNG), "map.png"))

    @bot.command()
    async def menu(ctx: Context) -> None:
        await ctx.send("which?", view=Menu(timeout=None))

    @bot.command()
    async def layout(ctx: Context) -> None:
        await ctx.send(view=Poster(), file=discord.File(io.BytesIO(PNG), "map.png"))

    @bot.hybrid_command(description="Rate a film")  # type: ignore[arg-type,untyped-decorator]
    async def rate(ctx: Context, film: str, stars: float) -> None:
        await ctx.send(f"{film}={stars}")

    @rate.autocomplete("film")
    async def propose(_: discord.Interaction, text: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{text}en (1979)", value="Alien (1979)")]

    @bot.tree.command(description="Ask by a form")
    async def ask(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Ask(custom_id="ask"))

    @bot.tree.command(description="Who is it")
    async def who(
        interaction: discord.Interaction, member: discord.User | discord.Member, loud: bool = False
    ) -> None:
        name = member.name.upper() if loud else member.name
        await interaction.response.send_message(f"{type(member).__name__} {name}")

    @bot.command()
    async def weigh(ctx: Context) -> None:
        await ctx.send(await _weights(ctx.message.attachments))

    @bot.tree.command(name="weigh", description="Weigh a file")
    async def weigh_one(interaction: discord.Interaction, file: discord.Attachment) -> None:
        await interaction.response.send_message(await _weights([file]))

    @bot.command()
    async def document(ctx: Context) -> None:
        view = discord.ui.LayoutView()
        view.add_item(discord.ui.File[Any]("attachment://my films.csv"))
        await ctx.send(view=view, file=discord.File(io.BytesIO(b"Alien"), "my films.csv"))

    @bot.tree.command(description="Take your time")
    async def slow(interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.followup.send("done", file=discord.File(io.BytesIO(PNG), "s.png"))
        await interaction.followup.send("and more")

    bot.setup_hook = bot.tree.sync  # type: ignore[method-assign,assignment]
    bot.before_identify_hook = _identify_at_once  # type: ignore[method-assign]


async def _weights(files: list[discord.Attachment]) -> str:
    """What is said of each file, and how much there is when it is read."""
    weights = [f"{f.filename} {f.content_type} {f.size} {len(await f.read())}" for f in files]
    return "\n".join(weights) or "nothing"


async def _identify_at_once(shard_id: int | None, *, initial: bool = False) -> None:
    """Without the five seconds that discord.py leaves between two shards, or two sessions."""


async def post(bot: Bot, message: Json, channel_id: str = FILMS.id) -> Json:
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=channel_id)
    posted: Json = await bot.http.request(route, json=message)
    return posted
