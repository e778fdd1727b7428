"""What is decided, written into the care plan while people talk: `decide …`, `act @bo …`, `barrier …`.

It is for the patient who is being talked about, and says that it came from this conference. Who names
somebody else, or says it when no conference runs, writes into that patient's plan as at any other time.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Choice, Detail, Text
from cards.form import Kind, ask
from handlers.actions import write as action_write
from handlers.actions.proposed import proposed
from handlers.command import Nothing
from handlers.live import follow as session_follow
from handlers.live.step import Running, outside, steered
from handlers.message_link import made_of, read_link
from handlers.patients import access
from handlers.plans import write as plan_write
from handlers.request import Caller
from pathway.action import Action
from pathway.code import BadCode, read_code
from pathway.handoff import Refused
from pathway.issue import Kind as IssueKind
from pathway.plan import Entry, Sort
from pathway.when import BadWhen, PastWhen, read_due, say_when
from storage.clinic import Clinic

_UNTIL = re.compile(r"\s+(by|until|before)\s+", re.IGNORECASE)
_CODE = re.compile(r"\s*(P[-‑–—][0-9A-Z]{4,8})[\s:,]+(\S.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Decide:
    """A decision, why, and whose it is if not the one being talked about."""

    text: str = ask("What is decided?", Kind.LONG, example="Start graded activity with the physio")
    because: str = ask(
        "Because", Kind.LONG, example="Fear of movement stands in the way", word=True,
        hint="Or say that there is no reason: none.",
    )  # fmt: skip
    patient: str = ask("Patient", Kind.PATIENT, default="", hint="The one being talked about if left out.")
    message: str = made_of()


@dataclass(frozen=True)
class Act:
    """Who does what until when."""

    owner: str = ask("Who does it", Kind.MEMBER, example="@bo", options_from="everybody")
    text: str = ask("What is to be done?", Kind.LONG, example="Call the GP by friday")
    due: datetime | None = ask(
        "Until when", Kind.DUE, default="", hint="As the pathway proposes if left out."
    )
    patient: str = ask("Patient", Kind.PATIENT, default="", hint="The one being talked about if left out.")
    message: str = made_of()


@dataclass(frozen=True)
class Say:
    """A line of the care plan, and whose."""

    text: str = ask("What is it?", Kind.LONG, example="No transport on Tuesdays")
    patient: str = ask("Patient", Kind.PATIENT, default="", hint="The one being talked about if left out.")


@dataclass(frozen=True)
class Refer:
    """A referral: what for and to whom."""

    text: str = ask("What for?", Kind.LONG, example="Hand therapy")
    to: str = ask("To whom", default="", example="occupational therapy", word=True)
    patient: str = ask("Patient", Kind.PATIENT, default="", hint="The one being talked about if left out.")


@dataclass(frozen=True)
class _Meant:
    """Whose care plan is meant and what is to be written; `found` is the conference that it comes from."""

    code: str
    text: str
    by: Caller
    found: Running | None = None

    @property
    def about(self) -> IssueKind | None:
        """The kind of issue that the conference talks about them for."""
        item = self.found.session.of(self.code) if self.found else None
        return item.kind if item else None

    @property
    def source(self) -> str:
        """Where it comes from: `C-3`, or "" for no conference."""
        return self.found.conference.ref if self.found else ""


def decide(asked: Decide, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Writes a decision down, with why."""
    meant = _meant(asked.patient, asked.text, by, clinic)
    entry = plan_write.decide(
        meant.code, meant.text, asked.because, meant.source, meant.by, clinic, now, read_link(asked.message)
    )  # fmt: skip
    return _written(entry, meant, clinic, now)


def act(asked: Act, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Writes down who does what until when; the owner is asked in private whether they do."""
    meant = _meant(asked.patient, asked.text, by, clinic)
    text, due = (meant.text, asked.due) if asked.due else split_due(meant.text, meant.by, now)
    decided = _decision_before(meant, clinic)
    action = action_write.act(
        meant.code, asked.owner, text, due, meant.source, meant.by, clinic, now, decided,
        read_link(asked.message), meant.about,
    )  # fmt: skip
    by = access.in_team(action.team, meant.by, clinic)
    why = "" if due else proposed(action.patient, meant.about, by.roster, clinic, now).says
    return _agreed(action, why, meant, by, now)


def split_due(text: str, by: Caller, now: datetime) -> tuple[str, datetime | None]:
    """What is to be done, and until when if the line ends with that: "call the GP by friday".

    Raises Refused if that is past. What was before something is left alone: it is no time to do it by.
    """
    roster = by.roster_here or next(iter(by.rosters), None)
    for split in reversed(list(_UNTIL.finditer(text))) if roster else ():
        try:
            due = read_due(text[split.end() :], by.zone, roster.team.hours, now) if roster else None
        except PastWhen as error:
            if split[1].casefold() == "before":
                continue
            said = text[split.end() :].strip()
            raise Refused(
                f"“{said}” is past already, and nothing is written down: say a later time."
            ) from error
        except BadWhen:
            continue
        return text[: split.start()], due
    return text, None


def _decision_before(meant: _Meant, clinic: Clinic) -> int:
    """The number of this conference's last decision for a patient, which an action belongs to; 0 for none."""
    if meant.found is None:
        return 0
    made = [each for each in clinic.plans.of_source(meant.source) if each.patient == meant.code]
    decided = [each.number for each in made if each.sort is Sort.DECISION]
    return decided[-1] if decided else 0


def barrier(asked: Say, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Writes down what stands in the way."""
    meant = _meant(asked.patient, asked.text, by, clinic)
    entry = plan_write.barrier(meant.code, meant.text, meant.source, meant.by, clinic, now)
    return _written(entry, meant, clinic, now)


def goal(asked: Say, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Writes a goal down, in the person's own words."""
    meant = _meant(asked.patient, asked.text, by, clinic)
    entry = plan_write.goal(meant.code, meant.text, meant.source, meant.by, clinic, now)
    return _written(entry, meant, clinic, now)


def refer(asked: Refer, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Writes a referral down."""
    meant = _meant(asked.patient, asked.text, by, clinic)
    entry = plan_write.refer(meant.code, meant.text, asked.to, meant.source, meant.by, clinic, now)
    return _written(entry, meant, clinic, now)


def note(asked: Say, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Writes a note into the care plan."""
    meant = _meant(asked.patient, asked.text, by, clinic)
    entry = plan_write.note(meant.code, meant.text, meant.source, meant.by, clinic, now)
    return _written(entry, meant, clinic, now)


def undo(asked: Nothing, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes back what the running conference wrote last, within ten minutes."""
    found = steered(by, clinic)
    change = plan_write.undo(found.by, clinic, now, source=found.conference.ref)
    session_follow.follow(change.patient, found.conference.team, clinic, now)
    return Card(f"Undone: {change.ref} of {change.patient}.")


def _meant(patient: str, text: str, by: Caller, clinic: Clinic) -> _Meant:
    """Whose plan is meant: that of who is named, also as the first word, or of who is being talked about."""
    named, rest = (patient, text) if patient else _named_first(text)
    if outside(by, clinic):
        if not named:
            raise Refused("No conference is running: name the patient, as in `note P-7K3K prefers calls`.")
        return _Meant(named, rest, by)
    found = steered(by, clinic)
    code = named or found.current.patient
    item = found.session.of(code)
    if item is None or not item.turns:
        return _Meant(code, rest, by)
    return _Meant(code, rest, found.by, found)


def _named_first(text: str) -> tuple[str, str]:
    """The code with which a text begins and the rest of it; "" and all of it if it begins with none."""
    begins = _CODE.fullmatch(text)
    if begins is None:
        return "", text
    try:
        return read_code(begins[1]), begins[2]
    except BadCode:
        return "", text


def _written(entry: Entry, meant: _Meant, clinic: Clinic, now: datetime) -> Card:
    session_follow.follow(entry.patient, entry.team, clinic, now)
    text = Text(entry.text, detail=Detail.CLINICAL)
    return Card(
        f"{entry.ref}: {entry.sort} for {entry.patient} is written down.", (text,), (_undoing(meant),)
    )


def _undoing(meant: _Meant) -> Choice:
    return Choice("Undo", "conference undo" if meant.found else "undo")


def _agreed(action: Action, why: str, meant: _Meant, by: Caller, now: datetime) -> Card:
    name, when = by.roster.name(action.owner), say_when(action.due_at, by.zone, now)
    away = action_write.absence_of_owner(action, by.roster, by.zone, now)
    parts = [Text(action.text, detail=Detail.CLINICAL), *(Text(each) for each in (why, away) if each)]
    return Card(f"{action.ref}: {name} for {action.patient}, due {when}.", tuple(parts), (_undoing(meant),))
