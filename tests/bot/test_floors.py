"""The floors of the bot: what may import what, and that the framework knows no service."""

import shutil
from pathlib import Path

import pytest

from tests.import_floors import circles, faults, imports_of

ROOT = Path(__file__).parents[2]
FLOORS = (
    ("bot.__main__",),
    ("bot.console", "bot.discord"),
    ("bot.services",),
    ("bot.commands",),
    ("bot.app",),
    ("bot.imports",),
    ("bot.settings", "bot.errors", "bot.text", "bot.uploads"),
    ("bot.replies",),
    ("bot",),  # its version
)


def test_every_file_of_the_bot_imports_from_floors_below_alone() -> None:
    imports = imports_of(ROOT / "bot")
    assert len(imports) > 80
    assert faults(imports, FLOORS) == []
    assert circles(imports) == []


def test_the_bot_imports_engine_and_storage_and_nothing_else_of_the_repository() -> None:
    everything = imports_of(*(path.parent for path in ROOT.glob("*/__init__.py")))
    tops = {
        other.partition(".")[0]
        for module, others in everything.items()
        if module.partition(".")[0] == "bot"
        for other in others
    }
    assert tops == {"bot", "engine", "storage"}


def test_the_package_of_services_gives_no_other_meaning_to_the_name_of_a_module() -> None:
    assert imports_of(ROOT / "bot")["bot.services"] == set()


@pytest.mark.parametrize(
    ("file", "line", "fault"),
    [
        (
            "commands/registry.py",
            "from bot.services.rate import rate",
            "bot.commands.registry imports bot.services.rate",
        ),
        (
            "services/rate.py",
            "from bot.discord import render",
            "bot.services.rate imports bot.discord.render",
        ),
        (
            "console/chat.py",
            "def late() -> None:\n    import bot.discord.run",
            "bot.console.chat imports bot.discord.run",
        ),
    ],
)
def test_an_import_that_is_turned_round_is_noticed(
    tmp_path: Path, file: str, line: str, fault: str
) -> None:
    copied = Path(shutil.copytree(ROOT / "bot", tmp_path / "bot"))
    path = copied / file
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    assert faults(imports_of(copied), FLOORS) == [fault]
