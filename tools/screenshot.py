"""A picture of an HTML page, taken by Chromium.

On Debian: ``apt-get install chromium fonts-noto-core fonts-noto-color-emoji``.
"""

import io
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Alone: no sandbox, as in a container; nothing fetched, and nothing said to anybody.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
PATIENCE = 60  # seconds
SMALL = 150_000  # bytes; pictures above are reduced to 256 colours


def screenshot(html: str, *, width: int = 400, scale: int = 2, tallest: int = 4_000) -> bytes:
    """A PNG of the page as high as what is on it.

    Parameters
    ----------
    width, tallest
        The page's width, and the height that it may reach, in CSS pixels.
    scale
        Pixels of the picture to one of the page.

    Raises
    ------
    FileNotFoundError
        Where there is no Chromium.
    ValueError
        Where the page is higher than `tallest`.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.png")
        source.write_text(html, "utf-8")
        where = [f"--user-data-dir={folder}/profile", f"--screenshot={target}"]
        size = [f"--window-size={width},{tallest}", f"--force-device-scale-factor={scale}"]
        command = [_browser(), *FLAGS, *where, *size, source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)  # noqa: S603
        picture = Image.open(target).convert("RGB")
    return _png(_trimmed(picture, margin=16 * scale))


def _browser() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise FileNotFoundError(f"none of {', '.join(BROWSERS)} is installed; {__doc__}")
    return found


def _trimmed(picture: Image.Image, margin: int) -> Image.Image:
    """Without what is below the last thing shown, but for `margin` pixels."""
    ground = Image.new("RGB", picture.size, picture.getpixel((0, picture.height - 1)))
    box = ImageChops.difference(picture, ground).getbbox()
    if box is None:
        raise ValueError("the page shows nothing")
    if box[3] + margin > picture.height:
        raise ValueError("the page is higher than the window: give a larger `tallest`")
    return picture.crop((0, 0, picture.width, box[3] + margin))


def _png(picture: Image.Image) -> bytes:
    whole = _saved(picture)
    if len(whole) <= SMALL:
        return whole
    return _saved(picture.quantize(256, dither=Image.Dither.NONE))


def _saved(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()
