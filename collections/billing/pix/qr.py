"""The image of a code, for screens; on a phone the text is what can be used."""

import io

import segno

_PIXELS_PER_MODULE = 8
_QUIET_ZONE = 4  # modules; readers need all four


def qr_png(code: str) -> bytes:
    """A square black and white PNG of `code`, 456 pixels wide for a short one, 776 for the longest."""
    image = io.BytesIO()
    segno.make_qr(code, error="m").save(image, kind="png", scale=_PIXELS_PER_MODULE, border=_QUIET_ZONE)
    return image.getvalue()
