"""Pixels written as a PNG come back as they were, from another program's reader."""

import io

import numpy as np
import pytest
from PIL import Image

from engine.plots.canvas import canvas_of
from engine.plots.charts_group import agreement_matrix_figure
from engine.plots.png import encode_png
from engine.plots.theme import to_png


@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 5, 3), (300, 400, 3)])
def test_a_png_holds_the_very_pixels(shape: tuple[int, int, int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    with Image.open(io.BytesIO(encode_png(pixels))) as image:
        image.verify()  # the checksums
    with Image.open(io.BytesIO(encode_png(pixels))) as image:
        assert image.mode == "RGB"
        assert np.array_equal(np.asarray(image), pixels)


def test_a_chart_is_as_it_is_drawn_and_about_as_small_as_others_make_it() -> None:
    shares = np.linspace(0.5, 0.9, 64).reshape(8, 8)
    figure = agreement_matrix_figure([f"member {i}" for i in range(8)], (shares + shares.T) / 2)
    png = to_png(figure)
    drawn = np.asarray(canvas_of(figure).buffer_rgba())[..., :3]
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png))), drawn)
    other = io.BytesIO()
    Image.fromarray(drawn).save(other, format="png")
    assert len(png) < 1.2 * len(other.getvalue())
