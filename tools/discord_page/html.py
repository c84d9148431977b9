"""Elements of the page, and what every part of a message is drawn with: names and uploads."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

Json = dict[str, Any]

SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}


class MissingUploadError(LookupError):
    """A message shows a picture that did not come with it."""


@dataclass(frozen=True)
class Known:
    """What a message refers to without holding it: people's names by id, uploads by file name."""

    names: Mapping[str, str]
    files: Mapping[str, bytes]

    def picture(self, media: Json, css: str = "") -> str:
        """An image of the message's own uploads.

        Raises
        ------
        MissingUploadError
            Where the upload is missing or no picture; the page does not load from elsewhere.
        """
        name = file_name(media["url"])
        data = self.files.get(name, b"")
        mime = picture_type(data)
        if mime is None:
            raise MissingUploadError(f"{media['url']} is no picture of {sorted(self.files)}")
        source = f"data:{mime};base64,{base64.b64encode(data).decode()}"
        return f'<img class="{css}" src="{source}" alt="{escape(name)}">'


def element(css: str, *inside: str, tag: str = "div", style: str = "") -> str:
    """An element of class `css` around HTML; without anything inside it is left out."""
    if not any(inside):
        return ""
    look = f' style="{escape(style)}"' if style else ""
    return f'<{tag} class="{css}"{look}>{"".join(inside)}</{tag}>'


def file_name(url: str) -> str:
    """``scale.png`` of ``attachment://scale.png`` or of where Discord put it."""
    return url.partition("?")[0].rsplit("/", 1)[-1]


def picture_type(data: bytes) -> str | None:
    return next((mime for start, mime in SIGNATURES.items() if data.startswith(start)), None)


def colour(number: int) -> str:
    return f"#{number:06x}"
