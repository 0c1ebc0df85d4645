import struct
import zlib

import pytest

from billing.pix.qr import qr_png
from tests.billing.pix import vectors

PNG = b"\x89PNG\r\n\x1a\n"


def size(image: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", image[16:24])
    return width, height


@pytest.mark.parametrize(
    ("code", "pixels"), [(vectors.STATIC_MANUAL, 456), ("x" * 250, 552), ("x" * 512, 776)]
)
def test_qr_png_is_a_square_image_of_the_expected_size(code: str, pixels: int) -> None:
    image = qr_png(code)

    assert image[:8] == PNG
    assert size(image) == (pixels, pixels)


def test_qr_png_of_two_codes_differs() -> None:
    assert zlib.crc32(qr_png(vectors.STATIC_MANUAL)) != zlib.crc32(qr_png(vectors.DYNAMIC))
