"""Pages of the atlas for tests: their parts, and films with names made to break them."""

import base64
import json
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import numpy.typing as npt

from engine import TasteModel

HOSTILE = (
    "</script><script>window.broken = 1</script>",
    "<img src=x onerror='window.broken = 2'>",
    "<!-- <script> ]]> $script ${data} $$",
    "\u2028\u2029\u0000\x1b\ud800 lone",
    "\"'`; window.broken = 3; //\\",
    "&lt;b&gt; &amp;",
    "\u202egnihtyna\u200f",
)


@dataclass
class Parts(HTMLParser):
    """What a browser makes of a page: its elements, and the texts in its scripts and style."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    inside: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    @classmethod
    def of(cls, page: str) -> "Parts":
        parts = cls()
        parts.feed(page)
        parts.close()
        return parts

    @property
    def data(self) -> dict[str, Any]:
        return json.loads(self.texts["data"])

    @property
    def policy(self) -> str:
        (policy,) = [
            attributes["content"] or ""
            for tag, attributes in self.tags
            if attributes.get("http-equiv") == "Content-Security-Policy"
        ]
        return policy

    def numbers(self, column: str, kind: str) -> npt.NDArray[Any]:
        return np.frombuffer(base64.b64decode(self.data["films"][column]), kind)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        named = tag in ("script", "style", "title")
        self.inside = dict(attributes).get("id") or tag if named else ""

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, text: str) -> None:
        if self.inside:
            self.texts[self.inside] = self.texts.get(self.inside, "") + text


def with_hostile_names(model: TasteModel) -> TasteModel:
    """The same model, its most rated films called by names that try to break out of the page."""
    catalogue = model.catalogue
    rows = model.rated_rows
    famous = rows[np.argsort(-catalogue.counts[rows], kind="stable")]
    names, aliases = list(catalogue.names), list(catalogue.aliases)
    for row, name in zip(famous, HOSTILE, strict=False):
        names[row], aliases[row] = name, (name,)
    changed = replace(catalogue, names=names, aliases=aliases)
    return TasteModel(replace(model.bundle, catalogue=changed))
