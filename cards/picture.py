"""The file of a picture or a document, for the platforms that take it."""

import struct
from mimetypes import guess_type

from cards.card import File, Image
from cards.chart import Chart
from cards.paper import page

_HEADER = b"\x89PNG\r\n\x1a\n"


def file_of(part: Image | File) -> bytes:
    """The one that was given, or the chart or paper, drawn now. Not for an event loop's own thread."""
    return _document(part) if isinstance(part, File) else _picture(part)


def media_type(part: Image | File) -> str:
    """What the file is, as it is called on the web."""
    if isinstance(part, Image):
        return "image/png"
    return guess_type(part.name)[0] or "application/octet-stream"


def _document(part: File) -> bytes:
    if part.paper is None:
        return part.data
    if not part.name.endswith(".pdf"):
        return page(part.paper).encode()
    from cards.paper_draw import pdf  # noqa: PLC0415 (like charts: loaded by those who print)

    return pdf(part.paper)


def _picture(image: Image) -> bytes:
    return image.png if image.chart is None else drawn(image.chart)


def drawn(chart: Chart) -> bytes:
    """The chart as a PNG file."""
    from cards.chart_draw import draw  # noqa: PLC0415 (a second and 40 MB, for those who look at charts)

    return draw(chart)


def size_of(png: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG file in points; None if it is none."""
    if not png.startswith(_HEADER) or len(png) < 24:
        return None
    wide, high = struct.unpack(">II", png[16:24])
    return wide, high
