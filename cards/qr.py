"""A QR code as a picture, for a phone's camera to read off a screen."""

from io import BytesIO

import segno

PIXELS = 8
QUIET_ZONE = 4
"""Modules of white around the code: the least that ISO/IEC 18004 asks for."""


def qr(text: str) -> bytes:
    """The QR code of this text as a PNG, black on white."""
    picture = BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="png", scale=PIXELS, border=QUIET_ZONE)
    return picture.getvalue()
