"""Pictures with few colours, so that the repository stays small."""

import io

from PIL import Image


def fewer_colours(png: bytes, colours: int = 128) -> bytes:
    """The picture as a PNG with a palette of so many colours."""
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(colours)
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()
