"""`conference papers`: the agenda or the minutes as a file, in private: as much as its reader may see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agendas.document import Heading, People, Person, agenda_paper, agenda_text
from agendas.minutes_document import minutes_paper, minutes_text
from agendas.render import Words
from agendas.template import BadTemplate
from cards.card import Card, Detail, File, Part, Text, Tone
from cards.form import Kind, ask
from cards.paper import Paper
from handlers.agenda.draft import draft
from handlers.issues import outstanding
from handlers.live.brief import brief
from handlers.live.item_card import action_line, entry_line
from handlers.live.minutes_draft import draft_minutes
from handlers.live.screen_open import in_private, meant
from handlers.measures.chart import small_chart
from handlers.patients import access
from handlers.request import Caller
from pathway.conference import Conference, State
from pathway.handoff import Refused
from pathway.issue import Kind as IssueKind
from pathway.session import Item
from storage.clinic import Clinic

WHAT = (("agenda", "Agenda"), ("minutes", "Minutes"))
FORMS = (("pdf", "PDF"), ("html", "A page to print"), ("txt", "Plain text"))


@dataclass(frozen=True)
class Wanted:
    """Which papers, and in which form."""

    conference: str = ask("Conference", Kind.CONFERENCE, default="", example="C-12")
    what: str = ask(
        "What", Kind.CHOICE, default="", options=WHAT,
        hint="The agenda until it begins, then the minutes, unless you choose.",
    )  # fmt: skip
    form: str = ask("Form", Kind.CHOICE, default="pdf", options=FORMS, word=True)
    pages: bool = ask("Each item on a page of its own?", Kind.YES_NO, default="no", word=True)
    codes: bool = ask(
        "Codes only?", Kind.YES_NO, default="no", word=True,
        hint="De-identified, for people who do not look after the patients.",
    )  # fmt: skip


@dataclass(frozen=True)
class Printer:
    """One document in both its makes; each takes the team's folder of templates."""

    codes: frozenset[str]
    people: People
    paper: Callable[[Path | None], Paper]
    text: Callable[[Path | None], str]


def papers(asked: Wanted, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Sends the file to whoever asked, with what it lacks and why."""
    conference, by = meant(asked.conference, by, clinic, now)
    what = asked.what or ("agenda" if conference.state in (State.PLANNED, State.CANCELLED) else "minutes")
    printer = (_agenda if what == "agenda" else _minutes)(asked, conference, by, clinic, now)
    name, label = f"{conference.ref}-{what}.{asked.form}", dict(WHAT)[what]
    file, fault = _file(name, f"{label} of {conference.ref}", asked, printer, _folder(by, clinic))
    for code in sorted(printer.people):
        clinic.journal.write(f"conference {what} printed", conference.ref, now, by=by.id, patient=code)
    parts: list[Part] = [file]
    hidden = sorted(printer.codes - printer.people.keys())
    if hidden and not asked.codes:
        parts.append(Text(f"By code alone, as you don't look after them: {', '.join(hidden)}.", Tone.QUIET))
    if fault:
        parts.append(Text(f"{fault} Ours was used instead.", Tone.WARNING))
    return in_private(Card(f"{label} of {conference.ref}", tuple(parts)), by, clinic, now)


def _file(name: str, alt: str, asked: Wanted, printer: Printer, folder: Path | None) -> tuple[File, str]:
    """The file, and what is wrong with the team's template, which then is not used."""
    try:
        return _printed(name, alt, asked, printer, folder), ""
    except BadTemplate as fault:
        return _printed(name, alt, asked, printer, None), str(fault)


def _printed(name: str, alt: str, asked: Wanted, printer: Printer, folder: Path | None) -> File:
    detail = max((each.detail for each in printer.people.values()), default=Detail.CODE)
    if asked.form == "txt":
        return File(name, alt, printer.text(folder).encode(), detail)
    return File(name, alt, detail=detail, paper=printer.paper(folder))


def _folder(by: Caller, clinic: Clinic) -> Path | None:
    """Where the team's templates are: a folder of its own among those that are set, or that for all."""
    if clinic.templates is None:
        return None
    own = clinic.templates / by.roster.team.id
    return own if own.is_dir() else clinic.templates


def _agenda(asked: Wanted, conference: Conference, by: Caller, clinic: Clinic, now: datetime) -> Printer:
    if conference.state is not State.PLANNED:
        raise Refused(f"{conference.ref} is {conference.state}: its agenda became its minutes.")
    outstanding.up_to_date(conference.team, clinic, now)
    made = draft(conference, clinic, now)
    codes = [*(each.patient for each in made.items), *(each.patient for each in made.waiting)]
    people = {} if asked.codes else _people(codes, conference, by, clinic, now)
    words = Words(clinic.definition, by.roster.name, by.zone, now)
    heading = Heading(conference.ref, by.roster.team.name)
    return Printer(
        frozenset(codes), people,
        lambda folder: agenda_paper(made, heading, words, people, own_pages=asked.pages, folder=folder),
        lambda folder: agenda_text(made, heading, words, people, folder),
    )  # fmt: skip


def _minutes(asked: Wanted, conference: Conference, by: Caller, clinic: Clinic, now: datetime) -> Printer:
    if conference.state in (State.PLANNED, State.CANCELLED):
        raise Refused(f"{conference.ref} is {conference.state}, so it has no minutes.")
    made = draft_minutes(conference, by.roster, clinic, now)
    codes = [each.patient for each in made.items]
    people = {} if asked.codes else _people(codes, conference, by, clinic, now, minutes=True)
    return Printer(
        frozenset(codes), people,
        lambda folder: minutes_paper(made, now, people, own_pages=asked.pages, folder=folder),
        lambda folder: minutes_text(made, now, people, folder),
    )  # fmt: skip


def _people(
    codes: Iterable[str],
    conference: Conference,
    by: Caller,
    clinic: Clinic,
    now: datetime,
    *,
    minutes: bool = False,
) -> dict[str, Person]:
    """Those of whom the caller may be told more than codes. Minutes stand as they were: without a chart."""
    found: dict[str, Person] = {}
    for code in codes:
        detail = access.sight(code, by.id, by.roster, clinic, now)
        patient = clinic.patients.find(code)
        if detail is Detail.CODE or patient is None:
            continue
        if minutes:
            found[code] = Person(detail, patient.name)
            continue
        told = brief(Item(1, code, "", 1, IssueKind.ASKED), conference, clinic)
        before = [entry_line(each) for each in told.last.entries] if told.last else []
        before += [action_line(e, by.roster, by.zone, now) for e in told.last.actions] if told.last else []
        chart = small_chart(code, by.roster, by.zone, clinic)
        found[code] = Person(detail, patient.name, told.goal, told.language, tuple(before), chart)
    return found
