"""The floors of the Discord frontend: nobody imports the client, and nothing goes in a circle."""

from pathlib import Path

import pytest

from tests.import_floors import faults, imports_of

ROOT = Path(__file__).parents[3]
FLOORS = tuple(
    tuple(f"bot.discord.{name}" for name in floor.split())
    for floor in (
        "run",
        "client",
        "bulk_rating_modal component_handlers prefix_commands slash_commands welcome",
        "interaction_targets message_targets",
        "responder",
        "view_timeouts vote_timer",
        "sending",
        "render",
        "components",
        "command_sync errors gateway limits markdown member_presence sharding uploads",
        "callers",
    )
)


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """The imports of the Discord frontend's files, those for type checking too."""
    every = imports_of(ROOT / "bot")
    return {module: others for module, others in every.items() if _is_ours(module)}


def _is_ours(module: str) -> bool:
    return module.startswith("bot.discord.")


def test_every_file_imports_from_floors_below_alone(imports: dict[str, set[str]]) -> None:
    assert len(imports) > 20
    assert faults(imports, FLOORS) == []


def test_nobody_but_the_start_imports_the_client() -> None:
    everything = imports_of(*(ROOT / name for name in ("bot", "engine", "storage")))
    users = {module for module, used in everything.items() if "bot.discord.client" in used}
    assert users == {"bot.discord.run"}


def test_discord_is_known_to_its_own_files_and_the_start_alone() -> None:
    everything = imports_of(ROOT / "bot")
    users = {module for module, used in everything.items() if any(map(_is_ours, used))}
    assert {module for module in users if not _is_ours(module)} == {"bot.__main__"}
