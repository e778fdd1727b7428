"""What the patients' page shows: its templates, filled in the patient's language. No name is ever in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from cards.language import ENGLISH, Language, languages, question
from handlers.entries.answers import THOUGHTS, questions
from pathway.people import Team
from storage.entries import Entry, Stage

_NUMBER = re.compile(r"\+?\d[\d \-()]{1,}\d")
"""A phone number within a text: three digits or more."""


@dataclass(frozen=True)
class Page:
    """What every page needs: the token for addresses, the link, the team for numbers, the language.

    `own` is whether this browser may be shown what was answered before.
    """

    token: str
    entry: Entry
    team: Team | None
    language: Language
    own: bool

    @property
    def hidden(self) -> bool:
        """Whether there are answers that are not shown here."""
        return bool(self.entry.draft.answers) and not self.own


def accepted(header: str) -> Language:
    """The first language of an `Accept-Language` header that there is a page in."""
    known = languages()
    for part in header.split(",")[:10]:
        tag = part.partition(";")[0].strip()
        for each in (tag, tag.partition("-")[0].lower()):
            if each in known:
                return known[each]
    return known[ENGLISH]


def start(page: Page, known: Iterable[Language]) -> str:
    """The first page: what comes, how long it stays, which languages there are. Nothing of what is asked."""
    asked = [name for name, _, _ in questions(page.entry)]
    left = [at for at, name in enumerate(asked, start=1) if name not in page.entry.draft.answers]
    return _render(
        "start.html.j2", page, title=_words(page)["title"], count=len(asked), begun=len(left) < len(asked),
        until=_day(page.entry.expires_at, page), first=str(left[0]) if left else "check", known=tuple(known),
    )  # fmt: skip


def question_page(page: Page, at: int, *, missing: bool = False) -> str:
    """One question, counted from 1, with what was answered before in this browser."""
    asked = questions(page.entry)
    name, known, item = asked[at - 1]
    given = page.entry.draft.answers.get(name) if page.own else None
    return _render(
        "question.html.j2", page, at=at, count=len(asked), missing=missing,
        title=_words(page)["progress"].format(at=at, count=len(asked)),
        question=question(page.language, known.code, item), given=given,
    )  # fmt: skip


def review_page(page: Page) -> str:
    """All questions with their answers; in another browser, which were answered."""
    rows = []
    for name, known, item in questions(page.entry):
        shown, value = question(page.language, known.code, item), page.entry.draft.answers.get(name)
        kept = page.hidden and name in page.entry.draft.answers
        rows.append((shown, "" if value is None else shown.word(value), kept))
    return _render("check.html.j2", page, title=_words(page)["check_title"], rows=rows)


def thanks(page: Page) -> str:
    """The answers are sent."""
    sent = _day(page.entry.used_at, page) if page.entry.used_at else ""
    return _render("thanks.html.j2", page, title=_words(page)["thanks_title"], sent=sent)


def urgent(page: Page, after: str, way_on: str) -> str:
    """Whom to call now. `after` is the question whose answer leads here, "" if the person asked for it."""
    reason = "" if not after else "help_thoughts" if after == THOUGHTS else "help_signs"
    title = _words(page)["help_title" if after else "help_page"]
    return _render("help.html.j2", page, title=title, reason=reason, way_on=way_on)


def closed(page: Page, stage: Stage) -> str:
    """The link works no more."""
    return _notice(page.language, "closed_title", stage.value, page.team)


def notice(language: Language, what: str, team: Team | None = None) -> str:
    """A page of one sentence, with whom to call in an emergency."""
    return _notice(language, f"{what}_title", what, team)


def _notice(language: Language, title: str, says: str, team: Team | None) -> str:
    words = language.page
    return _PAGES.get_template("notice.html.j2").render(
        language=language, words=words, title=words[title], says=words[says], team=team, token=""
    )


def _render(template: str, page: Page, **more: object) -> str:
    return _PAGES.get_template(template).render(
        page=page, token=page.token, language=page.language, words=page.language.page, team=page.team, **more
    )


def _words(page: Page) -> dict[str, str]:
    return page.language.page


def _day(moment: datetime, page: Page) -> str:
    """A moment in the team's zone, as every language reads it."""
    zone = ZoneInfo(page.team.hours.zone if page.team else "UTC")
    return moment.astimezone(zone).strftime("%Y-%m-%d, %H:%M")


def _with_numbers(text: str) -> Markup:
    """Text with its line breaks, its phone numbers as links that call them."""
    made = Markup()
    at = 0
    for found in _NUMBER.finditer(text):
        made += _lines(text[at : found.start()]) + _call(found[0])
        at = found.end()
    return made + _lines(text[at:])


def _call(number: str) -> Markup:
    dialled = re.sub(r"[^\d+]", "", number)
    return Markup('<a class="call" href="tel:{}">{}</a>').format(dialled, number)


def _lines(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.replace("\r\n", "\n").split("\n"))


def _number_in(text: str, number: str) -> Markup:
    """A sentence with a number in it that can be called."""
    before, _, after = text.partition("{number}")
    return escape(before) + _call(number) + escape(after)


def _date_in(text: str, date: str) -> Markup:
    """A sentence with a moment in it that is not broken over two lines."""
    before, _, after = text.partition("{date}")
    return escape(before) + Markup("<time>{}</time>").format(date) + escape(after)


_PAGES = Environment(
    loader=PackageLoader("bot", "pages/entry/templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters |= {"with_numbers": _with_numbers, "number_in": _number_in, "date_in": _date_in}
