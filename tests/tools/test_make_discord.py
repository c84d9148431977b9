"""Where the transcripts go in the document; what they say the loopback Discord and the bot tell."""

import pytest

from tools.make_discord import EVENING, between_markers

DOCUMENT = """# Words
<!-- evening -->

    old

<!-- end of evening -->
more words
<!-- movie night -->
<!-- end of movie night -->
"""


def test_a_transcript_takes_the_place_of_the_one_before_and_of_nothing_else():
    written = between_markers(DOCUMENT, "evening", ["Ann       !help", "", "Bob       !taste"])
    block = "    Ann       !help\n\n    Bob       !taste\n"
    assert written == DOCUMENT.replace("    old\n", block)


def test_written_again_it_stays_as_it_is():
    once = between_markers(DOCUMENT, "movie night", ["Ann       !vote"])
    assert between_markers(once, "movie night", ["Ann       !vote"]) == once


@pytest.mark.parametrize("text", ["", "<!-- evening -->\nno end"])
def test_a_document_without_the_markers_is_an_error_that_names_them(text: str):
    with pytest.raises(ValueError, match="<!-- evening -->"):
        between_markers(text, "evening", ["Ann       !help"])


@pytest.mark.parametrize("name", ["evening", "movie night"])
def test_the_document_of_the_evening_has_the_markers(name: str):
    assert "Reeltwin  " in between_markers(EVENING.read_text("utf-8"), name, ["Reeltwin  Hello"])
