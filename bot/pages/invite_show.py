"""What pages show that links in mail open: their templates, and a notice where there is nothing to show."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from cards.language import Language

PAGES = Environment(
    loader=PackageLoader("bot", "pages/invite/templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def notice(language: Language, key: str, status: int) -> Response:
    """A page that says one thing."""
    words = language.page
    body = PAGES.get_template("notice.html.j2").render(
        language=language, title=words[f"{key}_title"], says=words[key]
    )
    return HTMLResponse(body, status)
