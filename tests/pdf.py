"""A PDF as its reader has it: the text of each page, and the pictures."""

from io import BytesIO

from pypdf import PdfReader


def pages_of(file: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(file)).pages]


def pictures_of(file: bytes) -> int:
    """How many pictures there are."""
    return sum(len(page.images) for page in PdfReader(BytesIO(file)).pages)
