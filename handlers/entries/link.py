"""Links by which patients answer for themselves: made for one person, shown to them, ended."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from cards.card import Card, Choice, Detail, Facts, Image, Part, Text, Tone
from cards.form import Kind, ask
from cards.language import can_be_asked, languages, nearest
from cards.qr import qr
from handlers.address import outside_address
from handlers.entries import by_mail
from handlers.patients import access
from handlers.request import Caller
from pathway.definition import Definition
from pathway.handoff import Refused
from pathway.instruments import instrument
from pathway.measure import History
from pathway.schedule import dues
from pathway.when import say_when
from storage.clinic import Clinic
from storage.entries import Entry
from storage.patients import Patient

MOST_DAYS = 30
BY_HAND = "Let the patient point their camera at it, or hand it over yourself."
MAILED = (
    "The mail says neither who it is for nor what is asked. Whoever reads it can answer for the patient, "
    "once. You hear if it does not arrive."
)


@dataclass(frozen=True)
class Named:
    """A patient by code."""

    patient: str = ask("Patient", Kind.PATIENT, example="P-7K3K")


@dataclass(frozen=True)
class Link(Named):
    """What a patient is asked; if nothing is named, what is due."""

    instruments: str = ask(
        "Instruments", Kind.LONG, default="", example="PEG PHQ-9",
        hint="Leave it empty for what is due by the pathway.",
    )  # fmt: skip
    days: str = ask("Days for which it works", default="7", word=True)
    language: str = ask("Language of the page", Kind.CHOICE, default="", options_from="languages", word=True)
    mail: bool = ask(
        "Send it to their mail address?", Kind.YES_NO, default="no", word=True,
        hint="Else you show it to them.",
    )  # fmt: skip


def link(asked: Link, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Makes a link, and shows it in private, as an address and as a code; or sends it by mail."""
    found = access.patient(asked.patient, by, clinic, now)
    _may(found, by, clinic)
    to = by_mail.address_of(found, clinic) if asked.mail else None
    address = outside_address(clinic, "Patients", "answers")
    days = _days(asked.days)
    history = clinic.measures.history(found.code)
    left_out: tuple[str, ...] = ()
    if asked.instruments:
        codes = _named(asked.instruments)
    else:
        codes, left_out = _due(found.code, history, clinic.definition, now)
    language = nearest(asked.language or found.language)
    until = now + timedelta(days=days)
    token = clinic.entries.make(
        Entry("", found.code, by.id, codes, language.tag, now, until), now
    )  # fmt: skip
    url = f"{address}/e/{token.lower()}"
    facts = Facts((("Asks", ", ".join(codes)), ("Language", language.own)))
    parts: list[Part] = [facts, Text(MAILED)]
    if to is None:
        parts = [
            Text(url),
            Image(qr(url), "The link as a code for a phone's camera", "link.png", detail=Detail.CODE),
            facts,
            Text(BY_HAND + (" `mail yes` behind the line sends it by mail." if clinic.mail_from else "")),
            Text("Whoever has it can answer for the patient, once. It is not shown again.", Tone.QUIET),
        ]
    elif (made := clinic.entries.find(token)) is not None:
        roster = clinic.people.roster(found.team)
        by_mail.send(made, url, to, roster, clinic, now)
    wanted = asked.language or found.language
    if wanted and language.tag != wanted:
        label = next((each.label for each in by.definition.languages if each.tag == wanted), wanted)
        parts.append(Text(f"There is no page in {label} yet: it will be in English.", Tone.WARNING))
    if left_out:
        says = (
            f"Due too, but not for this page, as the questions can't be shown there: {', '.join(left_out)}."
        )
        parts.append(Text(says, Tone.QUIET))
    sent = " goes out by mail" if to else ""
    title = f"A link for {found.code}{sent}, until {say_when(until, by.zone, now)}"
    return Card(title, tuple(parts), (Choice("End this link", f"entry revoke {found.code}"),))


def revoke(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Ends a patient's links that still work; what was answered and not sent is dropped."""
    found = access.patient(asked.patient, by, clinic, now)
    _may(found, by, clinic)
    ended = clinic.entries.open_of(found.code, now)
    for each in ended:
        clinic.entries.revoke(each, by.id, now)
    if not ended:
        raise Refused(f"{found.code} has no link that still works: `entry link {found.code}` makes one.")
    return Card(f"{'The link' if len(ended) == 1 else f'{len(ended)} links'} of {found.code} ended.")


def _may(found: Patient, by: Caller, clinic: Clinic) -> None:
    """Raises Refused for whoever may not enter measures in the patient's team."""
    there = access.in_team(found.team, by, clinic)
    if not there.may("measures"):
        name = there.roster.team.name
        raise Refused(f"Your role in {name} does not enter measures: ask a clinician there.")


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:4]) <= MOST_DAYS:
        raise Refused(f"A link works for 1 to {MOST_DAYS} days: `entry link P-7K3K days 7`.")
    return int(text)


def _named(text: str) -> tuple[str, ...]:
    """The instruments that were named. Raises Refused for one that can't be asked."""
    codes = dict.fromkeys(each.upper() for each in re.split(r"[\s,]+", text.strip()) if each)
    wrong = [each for each in codes if not can_be_asked(each)]
    if wrong:
        known = ", ".join(languages()["en"].instruments)
        raise Refused(f"{', '.join(wrong)} can't be asked on the page. What can: {known}.")
    return tuple(sorted(codes, key=lambda each: each != "RED-FLAGS"))  # what can't wait is asked first


def _due(
    code: str, history: History, definition: Definition, now: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is due, or would count if it came now; and of that, what the page can't ask. Raises Refused."""
    due = dues(definition.schedules, history)
    open_now = [each.instrument for each in due if each.at - (each.overdue_at - each.at) <= now]
    order = [each for schedule in definition.schedules for each in schedule.instruments]
    open_now.sort(key=order.index)
    askable = tuple(each for each in open_now if can_be_asked(each))
    if not askable:
        raise Refused(f"Nothing is due that the page can ask: name it, as in `entry link {code} PEG PHQ-9`.")
    hidden = tuple(each for each in open_now if not can_be_asked(each) and not instrument(each).private)
    return askable, hidden
