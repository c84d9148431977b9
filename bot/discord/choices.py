"""Select menus for a reply's choices. They carry all they need, so they outlive a restart."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.commands import answer
from bot.discord.markdown import cut
from bot.discord.troubles import report, tell
from bot.replies import Option

if TYPE_CHECKING:
    from bot.discord.client import ReeltwinBot

MENUS_PER_MESSAGE = 5
MENU_OPTIONS = 25
OPTION_TEXT = 100
PLACEHOLDER = 150


@dataclass(frozen=True)
class Menu:
    """A question to one person: ``number`` tells the menus of a message apart."""

    asker: str
    number: int
    prompt: str
    options: tuple[Option, ...]


def fits_menu(option: Option) -> bool:
    """Whether a menu can carry the option: its message must come back whole."""
    return len(option.message) <= OPTION_TEXT


def menu_view(menus: tuple[Menu, ...]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for menu in menus:
        view.add_item(ChoiceSelect(_select(menu), menu.asker))
    return view


def _select(menu: Menu) -> discord.ui.Select[discord.ui.View]:
    once = {option.message: option for option in menu.options}  # Discord takes each value once
    return discord.ui.Select(
        custom_id=f"choice:{menu.asker}:{menu.number}",
        placeholder=cut(menu.prompt, PLACEHOLDER) or None,
        options=[
            discord.SelectOption(
                label=cut(option.label, OPTION_TEXT),
                value=option.message,
                description=cut(option.detail, OPTION_TEXT) or None,
            )
            for option in once.values()
        ],
    )


class ChoiceSelect(
    discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]],
    template=r"choice:(?P<asker>\d+):\d+",
):
    """A menu whose chosen value is run as if the asker had typed it."""

    def __init__(self, select: discord.ui.Select[discord.ui.View], asker: str) -> None:
        super().__init__(select)
        self.asker = asker

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        assert isinstance(item, discord.ui.Select)  # noqa: S101 - the template is ours
        return cls(item, match["asker"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        try:
            await self._choose(interaction)
        except Exception as error:  # noqa: BLE001 - a menu's errors reach no handler of discord.py
            await report(error, "a menu", lambda words: tell(interaction, words))

    async def _choose(self, interaction: discord.Interaction["ReeltwinBot"]) -> None:
        if str(interaction.user.id) != self.asker:
            words = "This question was put to somebody else. Ask me yourself to get your own."
            await interaction.response.send_message(words, ephemeral=True)
            return
        # Taking the menu away acknowledges the choice and keeps it from being made twice.
        await interaction.response.edit_message(view=self._others())
        bot, message = interaction.client, self.item.values[0]
        await bot.answer_interaction(
            interaction, lambda caller: answer(bot.services, caller, message)
        )

    def _others(self) -> discord.ui.View | None:
        """The other menus of the message, None where there is none left."""
        left = discord.ui.View(timeout=None)
        for item in self.view.children if self.view else ():
            if isinstance(item, discord.ui.Select):
                left.add_item(ChoiceSelect(item, self.asker))
        return left if left.children else None
