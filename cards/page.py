"""A card and a form as HTML, for the practice page and the conference screen.

Jinja2 escapes everything; `_written` sees to line breaks and to characters that HTML does not know.
There is no script and no style in it. Pictures and files are `data:` addresses, so the page's content policy
needs `img-src data:`.
"""

import base64
import re
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from cards.card import Card, File, Image
from cards.form import Field, Form, Kind, Option, meant
from cards.letters import is_blank, on_one_line, shown
from cards.picture import file_of, media_type
from cards.plain import WARNING_SIGN
from cards.wire import KINDS

NO_FIELDS: Mapping[str, str] = {}
YES_OR_NO = (Option("yes", "Yes"), Option("no", "No"))
ANSWER = "answer."
"""Before a field's name in the submitted form, so that none can be mistaken for one of the page's own."""
_LINK = re.compile(r"https?://[!-~]+")


def card_html(card: Card, action: str, hidden: Mapping[str, str] = NO_FIELDS) -> str:
    """The card as an `article`.

    Its choices are one form, posted to `action` with the `hidden` fields and the command as `line`.
    """
    return _PAGES.get_template("card.html.j2").render(card=card, action=action, hidden=hidden)


def form_html(form: Form, action: str, hidden: Mapping[str, str] = NO_FIELDS, form_id: str = "form") -> str:
    """The form with what was typed and what was wrong, posted to `action` with the `hidden` fields.

    `command` is posted too, and `cancel` if that button was pressed; `values_of` reads the answers.
    `form_id` begins every id in it: give each form on a page its own.
    """
    return _PAGES.get_template("form.html.j2").render(
        form=form, action=action, hidden=hidden, form_id=form_id
    )


def values_of(posted: Mapping[str, Any]) -> dict[str, str]:
    """What was typed in a posted form, by field name; a question left unticked is not in it."""
    return {
        name.removeprefix(ANSWER): value.replace("\r\n", "\n")
        for name, value in posted.items()
        if name.startswith(ANSWER) and isinstance(value, str)
    }


def _shown(value: object) -> object:
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _written(text: str) -> Markup:
    """Text with its line breaks."""
    return Markup("<br>").join(escape(line) for line in shown(text).split("\n"))


def _is_link(text: str) -> bool:
    """Whether a paragraph is an address and nothing else: that can be followed."""
    return _LINK.fullmatch(text) is not None


def _address(part: Image | File) -> str:
    return f"data:{media_type(part)};base64,{base64.b64encode(file_of(part)).decode('ascii')}"


def _control(field: Field, value: str) -> str:
    """The kind of control: what was typed over several lines never goes into a single one."""
    if field.kind is Kind.YES_NO:
        return "radio"
    if field.options:
        return "select"
    return "textarea" if field.kind is Kind.LONG or "\n" in shown(value) else "text"


def _options(field: Field, value: str) -> list[tuple[str, str, bool]]:
    """The options as value, label, and whether it is the one that was typed."""
    options = YES_OR_NO if field.kind is Kind.YES_NO else field.options
    chosen = meant(options, value)
    return [
        (each.value, each.value if is_blank(each.label) else each.label, each is chosen) for each in options
    ]


_PAGES = Environment(
    loader=PackageLoader("cards"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_shown,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters |= {
    "address": _address,
    "blank": is_blank,
    "is_link": _is_link,
    "on_one_line": on_one_line,
    "written": _written,
}
_PAGES.globals |= {
    "control": _control,
    "options": _options,
    "KINDS": KINDS,
    "ANSWER": ANSWER,
    "SIGN": WARNING_SIGN,
}
