"""Whatever is typed is read as values of a command, or refused in one line."""

from hypothesis import given
from hypothesis import strategies as st

from bot.commands.command import Command
from bot.commands.parameters import format_values, parse_values
from bot.commands.rating_lines import LONGEST_LINE, MOST_LINES, parse_ratings
from bot.commands.registry import commands
from bot.errors import UserError
from tests.fuzz.inputs import check_refusal, fuzzed, soon, texts

HALF_STARS = {half / 2 for half in range(1, 11)}


@fuzzed()
@given(texts)
def test_ratings(text: str) -> None:
    """Each line has readings with a title and stars on the scale, the whole of it last."""
    with soon():
        try:
            lines = parse_ratings(text)
        except UserError as error:
            check_refusal(error)
            return
    assert 0 < len(lines) <= MOST_LINES
    for line in lines:
        assert 0 < len(line.text) <= LONGEST_LINE
        assert line.interpretations[-1].stars is None
        assert all(reading.title.strip() for reading in line.interpretations)
        assert {reading.stars for reading in line.interpretations} <= {None, *HALF_STARS}


@fuzzed()
@given(st.sampled_from(commands()), texts)
def test_values_of_commands(command: Command, text: str) -> None:
    """What a list says to turn its page is read as what was typed."""
    with soon():
        try:
            values = parse_values(command.parameters, text, command.usage, command.examples[-1])
        except UserError as error:
            check_refusal(error)
            return
    assert values.keys() <= {parameter.name for parameter in command.parameters}
    if command.paged:  # and the member found, whatever they were called
        values = {name: value for name, value in values.items() if name not in ("page", "member")}
        written = format_values(command.parameters, values)
        assert parse_values(command.parameters, written, "", "") == values
