"""The pool of titles finds what a comparison with every title finds, by looking at few of them."""

import random

import numpy as np
import pytest
from rapidfuzz.distance import OSA, Levenshtein

from engine import TasteModel
from engine.titles.fuzzy import TitlePool
from engine.titles.parse import fold


@pytest.fixture(scope="module")
def titles(model: TasteModel) -> list[str]:
    """2,000 titles, among them short and long ones."""
    names = [*dict.fromkeys(map(fold, model.catalogue.names))]
    names.sort(key=len)
    return [*names[:300], *random.Random(5).sample(names, 1_500), *names[-200:]]


def mistyped(titles: list[str]) -> list[str]:
    """Every seventh title with one to three slips, or a beginning of it."""
    chance, queries = random.Random(6), []
    for title in titles[::7]:
        letters = list(title[: chance.randrange(3, 60)])
        for _ in range(chance.randrange(4)):
            letters.insert(chance.randrange(len(letters) + 1), chance.choice("etaoins 3é"))
            del letters[chance.randrange(len(letters))]
        queries.append("".join(letters))
    return queries


def is_near(query: str, text: str, most: int) -> bool:
    return OSA.distance(query, text) <= most and Levenshtein.distance(query, text) <= max(most, 2)


@pytest.mark.parametrize("thinned", [False, True])
def test_titles_are_near_that_are_few_edits_away(titles: list[str], thinned: bool) -> None:
    pool = TitlePool(titles)
    among = np.arange(len(titles)) % 3 == 0 if thinned else np.ones(len(titles), dtype=bool)
    found_any = 0
    for query in mistyped(titles):
        most = min(1 + len(query) // 5, 5)
        found, edits = pool.near(query, most, among if thinned else None)
        assert dict(zip(found.tolist(), edits.tolist(), strict=True)) == {
            position: OSA.distance(query, title)
            for position, title in enumerate(titles)
            if among[position] and is_near(query, title, most)
        }
        found_any += len(found) > 0
    assert found_any > 50


@pytest.mark.parametrize("thinned", [False, True])
def test_beginnings_are_near_that_are_few_edits_away(titles: list[str], thinned: bool) -> None:
    pool = TitlePool(titles)
    among = np.arange(len(titles)) % 3 == 0 if thinned else np.ones(len(titles), dtype=bool)
    found_any = 0
    for query in mistyped(titles):
        most = 1 + len(query) // 6
        found, edits = pool.near_beginnings(query, most, among if thinned else None)
        assert dict(zip(found.tolist(), edits.tolist(), strict=True)) == {
            position: OSA.distance(query, title[: len(query)])
            for position, title in enumerate(titles)
            if among[position]
            and len(title) > len(query)
            and title[:1] == query[:1]
            and is_near(query, title[: len(query)], most)
        }
        found_any += len(found) > 0
    assert found_any > 20
