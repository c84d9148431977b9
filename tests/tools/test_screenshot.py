"""What becomes of Chromium's picture; the tests need no Chromium."""

import io

import numpy as np
import pytest
from PIL import Image

from tools import screenshot

GROUND = (49, 51, 56)


def window() -> Image.Image:
    picture = Image.new("RGB", (20, 100), GROUND)
    picture.paste((255, 255, 255), (3, 10, 6, 31))
    return picture


def test_a_picture_ends_a_margin_below_the_last_thing_shown():
    assert screenshot._trimmed(window(), margin=9).size == (20, 40)


def test_a_page_higher_than_the_window_is_an_error():
    with pytest.raises(ValueError, match="tallest"):
        screenshot._trimmed(window(), margin=70)


def test_an_empty_page_is_an_error():
    with pytest.raises(ValueError, match="nothing"):
        screenshot._trimmed(Image.new("RGB", (20, 100), GROUND), margin=9)


@pytest.mark.parametrize(("side", "mode"), [(40, "RGB"), (400, "P")])
def test_only_large_pictures_are_reduced_to_a_palette(side: int, mode: str):
    noise = np.random.default_rng(0).integers(0, 255, (side, side, 3), dtype=np.uint8)
    assert Image.open(io.BytesIO(screenshot._png(Image.fromarray(noise)))).mode == mode


def test_without_a_browser_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(screenshot.shutil, "which", lambda _: None)
    with pytest.raises(FileNotFoundError, match="apt-get install chromium"):
        screenshot.screenshot("<p>")
