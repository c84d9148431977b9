"""The index of words finds what a look through all titles finds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.titles.text_index import TitleText

WORDS = ("the", "then", "a", "an", "of", "oft", "x", "3", "the3", "é")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
TITLES = st.lists(TEXTS, max_size=30)


@given(titles=TITLES, text=TEXTS, letters=st.integers(1, 20))
def test_a_text_is_found_where_it_stands_in_a_title(
    titles: list[str], text: str, letters: int
) -> None:
    text = text[:letters].rstrip()
    hits = TitleText(titles).find(text)
    begins, opened, ends, contains = set(), set(), set(), set()
    for position, title in enumerate(titles):
        line = f" {title} "
        for at in (i for i in range(len(line)) if line.startswith(f" {text}", i)):
            behind = line[at + 1 + len(text) :]
            if at == 0:
                (begins if behind.startswith(" ") else opened).add(position)
            elif len(text) > 2:
                (ends if behind == " " else contains).add(position)
    assert set(hits.begins.tolist()) == begins
    assert set(hits.begins_open.tolist()) == opened
    assert set(hits.ends.tolist()) == ends
    assert set(hits.contains.tolist()) == contains


@given(titles=TITLES, text=TEXTS)
def test_words_are_found_in_any_order_the_last_unfinished(titles: list[str], text: str) -> None:
    *whole, last = text.split()
    held = [
        position
        for position, title in enumerate(titles)
        if set(whole) <= set(title.split()) and any(word.startswith(last) for word in title.split())
    ]
    assert np.array_equal(TitleText(titles).containing_words([*whole, last]), held)


@given(titles=TITLES, word=st.sampled_from(WORDS))
def test_a_word_is_counted_in_all_titles(titles: list[str], word: str) -> None:
    assert TitleText(titles).count_word(word) == " ".join(titles).split().count(word)
