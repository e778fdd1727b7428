"""The templates of documents: ours, and before them a team's own, which is sandboxed: it reaches nothing.

Templates of HTML (`*.html.j2`) escape everything that they are given; those of plain text have nothing to
escape. What people wrote is never read as a template.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from cards.letters import is_blank, shown

TEMPLATES = Path(__file__).parent / "templates"
FAULTS = (TemplateError, OSError, UnicodeDecodeError, TypeError, ValueError, ArithmeticError)


class BadTemplate(ValueError):
    """A team's template can't be used. Its str names the template and what is wrong, and no patient."""


def fill(name: str, told: Mapping[str, object], folder: Path | None = None) -> str:
    """The template, filled in. One of this name in `folder` stands for ours; it is given `told`, no more.

    Raises BadTemplate if it can't be used.
    """
    try:
        return _templates(folder).get_template(name).render(told).strip() + "\n"
    except FAULTS as error:
        raise BadTemplate(_fault(name, error)) from None


def faults(folder: Path) -> Iterator[str]:
    """A sentence for each template in a folder, or in a team's folder in it, that can't be read."""
    for each in (folder, *sorted(path for path in folder.iterdir() if path.is_dir())):
        for path in sorted(each.glob("*.j2")):
            try:
                _templates(each).get_template(path.name)
            except FAULTS as error:
                yield _fault(str(path.relative_to(folder)), error)


def _fault(name: str, error: Exception) -> str:
    line = f", line {error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
    return f"The template {name}{line} can't be used: {type(error).__name__}."


def _is_html(name: str | None) -> bool:
    return name is not None and name.endswith(".html.j2")


def _written(text: str) -> Markup:
    """Text with its line breaks, in HTML."""
    return Markup("<br>").join(escape(line) for line in shown(text).split("\n"))


def _shown(value: object) -> object:
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _templates(folder: Path | None) -> Environment:
    folders = [FileSystemLoader(each) for each in (folder, TEMPLATES) if each]
    made = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader(folders), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        autoescape=_is_html, finalize=_shown,
    )  # fmt: skip
    made.filters |= {"written": _written}
    made.tests |= {"blank": is_blank}
    return made
