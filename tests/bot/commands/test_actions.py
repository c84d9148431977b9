"""Ways to go on are built from names of commands and parameters, and say what they always said."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.commands.actions import action, message
from bot.commands.dispatch import split_message
from bot.commands.parameters import parse_values
from bot.commands.rating_lines import RatingLine
from bot.commands.registry import find_command
from bot.services.vote import NewVote

BOT = Path(__file__).parents[3] / "bot"

# Messages as they stand in custom ids that were sent before, with what they mean.
SENT_BEFORE: list[tuple[str, str, dict[str, Any]]] = [
    ("dimension 0", "dimension", {"number": 0}),
    ("forget yes, everything", "forget", {"confirmed": True}),
    ("help", "help", {}),
    ("help Find films", "help", {"topic": "Find films"}),
    ("import cancel", "import", {"cancel": True}),
    ("import confirm", "import", {"confirm": True}),
    ("import undo", "import", {"undo": True}),
    ("map id:1214", "map", {"film": 1214}),
    ("movienight <@401> just round:1", "movienight",
     {"members": ("<@401>",), "just": True, "number": 1}),
    ("movienight <@401> <@402> Comedy,Horror since 2000 misery just round:2", "movienight",
     {"members": ("<@401>", "<@402>"), "genre": ("Comedy", "Horror"), "years": (2000, None),
      "way": "misery", "just": True, "number": 2}),
    ("movienight <@401> <@402> Drama 1990-1999 misery just round:2", "movienight",
     {"members": ("<@401>", "<@402>"), "genre": ("Drama",), "years": (1990, 1999),
      "way": "misery", "just": True, "number": 2}),
    ("movienight round:2", "movienight", {"number": 2}),
    ("movienight until 1980 round:2", "movienight", {"years": (None, 1980), "number": 2}),
    ("opposite id:1214", "opposite", {"film": 1214}),
    ("predict id:1214", "predict", {"film": 1214}),
    ("privacy", "privacy", {}),
    ("private off", "private", {"state": "off"}),
    ("quiz", "quiz", {}),
    ("quiz id:1214 5", "quiz", {"movie_id": 1214, "stars": 5}),
    ("quiz id:1214 unseen", "quiz", {"movie_id": 1214, "unseen": True}),
    ("quiz stop", "quiz", {"stop": True}),
    ("rate id:1214 4.5", "rate", {"ratings": [RatingLine.of_movie(1214, 4.5)]}),
    ("rate id:1214 3", "rate", {"ratings": [RatingLine.of_movie(1214, 3)]}),
    ("rate id:1214", "rate", {"ratings": [RatingLine.of_movie(1214)]}),
    ("recommend", "recommend", {}),
    ("seen id:1214", "seen", {"film": 1214}),
    ("similar id:1214", "similar", {"film": 1214}),
    ("skip id:1214", "skip", {"film": 1214}),
    ("undo", "undo", {}),
    ("vote 7 id:1214", "vote", {"ballot": (7, 1214)}),
    ("vote close 7", "vote", {"closing": (7,)}),
    ("vote start 60 1214,318", "vote", {"start": NewVote(60, (1214, 318))}),
    ("watchlist", "watchlist", {}),
    ("watchlist add id:1214", "watchlist", {"do": "add", "what": 1214}),
    ("watchlist random", "watchlist", {"do": "random"}),
    ("watchlist tonight", "watchlist", {"do": "tonight"}),
    ("watchlist watched id:1214", "watchlist", {"do": "watched", "what": 1214}),
    ("why id:1214", "why", {"film": 1214}),
]  # fmt: skip


@pytest.mark.parametrize(("said", "command", "values"), SENT_BEFORE)
def test_an_action_says_what_was_always_said_for_it(
    said: str, command: str, values: dict[str, Any]
) -> None:
    assert message(command, **values) == said
    assert action(command, "A label", **values).message == said


@pytest.mark.parametrize(("said", "command", "values"), SENT_BEFORE)
def test_what_was_sent_before_is_read_as_the_values_it_means(
    said: str, command: str, values: dict[str, Any]
) -> None:
    found, _, text = split_message(said)
    assert found is not None
    assert found.name == command
    if "ratings" in values:  # each line has other readings as well, and the service's own lookup
        assert parse_values(found.parameters, text, "", "")["ratings"][0].text == text
        return
    by_id = {
        name: f"id:{value}" if name in ("film", "what") else value for name, value in values.items()
    }
    required = {parameter.name: "" for parameter in found.parameters if parameter.required}
    assert parse_values(found.parameters, text, "", "") == required | by_id


@pytest.mark.parametrize(
    ("name", "values", "wrong"),
    [
        ("votes", {}, "no command 'votes'"),
        ("vote", {"movie": 1214}, "'vote' has no parameter 'movie'"),
    ],
)
def test_a_wrong_name_is_refused(name: str, values: dict[str, Any], wrong: str) -> None:
    with pytest.raises(LookupError, match=wrong):
        action(name, "A label", **values)


def built() -> Iterator[tuple[str, str, set[str]]]:
    """Where an action or message is built in the code, its command, and the names of its values."""
    own = {"detail", "in_place", "main", "key"}
    for path in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in ("action", "message") and isinstance(node.args[0], ast.Constant):
                names = {keyword.arg for keyword in node.keywords if keyword.arg}
                yield f"{path.name}:{node.lineno}", str(node.args[0].value), names - own


def test_every_action_in_the_code_names_a_command_and_parameters_that_there_are() -> None:
    wrong = []
    places = list(built())
    for place, name, values in places:
        command = find_command(name)
        known = {parameter.name for parameter in command.parameters} if command else set()
        if command is None or not values <= known:
            wrong.append((place, name, values - known))
    assert len(places) > 40
    assert wrong == []


def test_no_service_builds_an_action_from_text() -> None:
    """Where one is made by hand, its message comes from `message`."""
    found = []
    for path in (BOT / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Action":
                said = node.args[1] if len(node.args) > 1 else None
                if isinstance(said, ast.Constant | ast.JoinedStr):
                    found.append(f"{path.name}:{node.lineno}")
    assert found == []
