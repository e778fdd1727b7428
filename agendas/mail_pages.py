"""The templates of mail: every sentence in them is a language's own, nothing that a person wrote."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html.j2"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def both(name: str, **said: Any) -> tuple[str, str]:
    """A mail as plain text and as HTML."""
    text, html = (_PAGES.get_template(f"{name}.{each}.j2").render(said) for each in ("txt", "html"))
    return text, html
