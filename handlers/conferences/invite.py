"""Who else comes: members, disciplines, people outside by mail, and the patient or a carer for their item."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Choice, Items, Text, Tone
from cards.form import Kind, ask, fields_of
from cards.mail import BadAddress, read_address
from handlers.conferences import guests as conference_guests
from handlers.conferences import plain_words
from handlers.conferences.card import called
from handlers.conferences.guests import as_invitee
from handlers.conferences.step import may_plan
from handlers.kinds import read_value
from handlers.patients import access
from handlers.patients.guests import carer, patient_themselves
from handlers.reading import Reading, Wrong
from handlers.request import Caller
from pathway.conference import Conference, State
from pathway.handoff import Refused
from pathway.invitee import FOR_ONE_ITEM, Invitee
from pathway.invitee import Kind as Who
from pathway.series import Series
from storage.clinic import Clinic

ADDRESS = re.compile(r"<?([^\s<>@,;]+@[^\s<>@,;]+\.[A-Za-z0-9-]{2,})>?")
_PATIENT = re.compile(r"P-?[2-9A-Z]{4,8}", re.IGNORECASE)
WHOM = "Name a member, a discipline, a patient's code, or somebody outside with their mail address."


@dataclass(frozen=True)
class Invite:
    """A conference or a series, and who comes to it."""

    which: str = ask("Conference or series", Kind.CONFERENCE_OR_SERIES, example="C-12")
    who: str = ask(
        "Who", example="Dr Gray gray@practice.example",
        hint="A member, a discipline, a patient's code, or a name with a mail address.",
    )  # fmt: skip
    stands_for: str = ask("Stands for which discipline", default="", word=True, hint="Like GP.")
    carer: str = ask("For a patient: the carer's name", default="", word=True)
    mail: str = ask("Mail address", Kind.MAIL, default="", word=True)
    language: str = ask("Language", Kind.CHOICE, default="", options_from="languages", word=True)
    needed: bool = ask("Must they be there?", Kind.YES_NO, default="yes", word=True)


@dataclass(frozen=True)
class _OfTeam:
    """How somebody of the team is named."""

    member: str = ask("Member", Kind.MEMBER)
    disciplines: tuple[str, ...] = ask("Discipline", Kind.DISCIPLINES)


_MEMBER, _DISCIPLINES = fields_of(_OfTeam)


@dataclass(frozen=True)
class Uninvite:
    """A conference or a series, and who need not come to it."""

    which: str = ask("Conference or series", Kind.CONFERENCE_OR_SERIES, example="C-12")
    who: str = ask("Who", example="I-4", hint="A member, a discipline, or I-4 as on the card.")


def invite(asked: Invite, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Invites somebody; the patient or a carer with consent, and for the patient's own item only."""
    to, by = _meant(asked.which, by, clinic, now)
    code = _PATIENT.fullmatch(asked.who.strip())
    guests = _patients(asked, code[0], to, by, clinic, now) if code else _others(asked, by, clinic, now)
    known = {each.key for each in _invited(to, clinic)}
    emails = {each.email.casefold() for each in _invited(to, clinic) if each.email}
    fresh = [e for e in guests if e.key not in known and not (e.email and e.email.casefold() in emails)]
    if not fresh:
        raise Refused(f"They are invited to {to.ref} already.")
    for each in fresh:
        conference_guests.invite(to, replace(each, required=asked.needed), clinic, now, by=by.id)
    take_back = Choice("Take it back", f"conference uninvite {to.ref} {fresh[0].key}")
    return Card(f"Invited to {to.ref}", (Items(tuple(map(called, fresh))), *_notes(fresh)), (take_back,))


def _notes(guests: Sequence[Invitee]) -> tuple[Text, ...]:
    notes = []
    if any(each.kind in FOR_ONE_ITEM for each in guests):
        notes.append(Text("They are told the time of that item, once the agenda is posted.", Tone.QUIET))
    if any(each.interpreter for each in guests):
        notes.append(Text("An interpreter is needed.", Tone.WARNING))
    if any(not each.email and not each.member for each in guests):
        notes.append(Text("Without a mail address nobody tells them: do it yourselves.", Tone.WARNING))
    return tuple(notes)


def _patients(
    asked: Invite, code: str, to: Conference | Series, by: Caller, clinic: Clinic, now: datetime
) -> list[Invitee]:
    if isinstance(to, Series):
        raise Refused("A patient comes to one conference, for their own item: name it, like C-12.")
    patient = access.patient(_code(code), by, clinic, now)
    if patient.team != to.team:
        raise Refused(f"{patient.code} is not a patient of the team that {to.ref} belongs to.")
    key = clinic.invitees.next_key()
    if not asked.carer:
        themselves = patient_themselves(patient, key)
        there = any(each.key != key and each.kind is Who.PATIENT and each.patient == patient.code
                    for each in clinic.invitees.of_conference(to))  # fmt: skip
        if there:
            raise Refused(f"{patient.code} is invited to {to.ref} already.")
        return [themselves]
    return [carer(patient, key, asked.carer, asked.mail, asked.language)]


def _code(text: str) -> str:
    plain = text.upper().replace("-", "")
    return f"P-{plain[1:]}"


def _others(asked: Invite, by: Caller, clinic: Clinic, now: datetime) -> list[Invitee]:
    """A member or disciplines of the team; else somebody outside, who has a name and a mail address."""
    address = ADDRESS.search(asked.who)
    if address is None and not asked.mail:
        return _of_team(asked.who, by, clinic, now)
    name = ADDRESS.sub("", asked.who).strip(" ,;<>\"'")
    plain_words.check(name, by, clinic, now)
    email = asked.mail or address_in(address)
    member = next((e.member for e in by.roster.places if e.member.email.casefold() == email.casefold()), None)
    if member is not None:
        return [as_invitee(member, by.roster, clinic)]
    key = clinic.invitees.next_key()
    stands_for = _discipline(asked.stands_for, by, clinic, now)
    return [Invitee(key, Who.OUTSIDE, name or email, email, discipline=stands_for, language=asked.language)]


def _of_team(text: str, by: Caller, clinic: Clinic, now: datetime) -> list[Invitee]:
    reading = Reading(by, clinic, now)
    try:
        member = by.roster.member(read_value(_MEMBER, text, reading))
    except Wrong as error:
        try:
            whom = read_value(_DISCIPLINES, text, reading)
        except Wrong:
            raise Refused(f"{error.sentence} {WHOM}") from error
        return conference_guests.of_team(by.roster, whom, clinic)
    return [as_invitee(member, by.roster, clinic)] if member else []


def _discipline(text: str, by: Caller, clinic: Clinic, now: datetime) -> str:
    """The discipline of the pathway that is meant, or what was typed: a GP need be none of the team's."""
    plain_words.check(text, by, clinic, now)
    try:
        meant: tuple[str, ...] = read_value(_DISCIPLINES, text, Reading(by, clinic, now)) if text else ("",)
    except Wrong:
        return text
    return meant[0]


def address_in(found: re.Match[str] | None) -> str:
    """The address that was found in a text, as mail is sent to it. Raises Refused for a wrong one."""
    try:
        return read_address(found[1] if found else "")
    except BadAddress as error:
        raise Refused(str(error)) from error


def uninvite(asked: Uninvite, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes an invitation back; of somebody whom the series invites, for this one conference."""
    to, by = _meant(asked.which, by, clinic, now)
    invited = _invited(to, clinic)
    wanted = asked.who.strip().upper()
    meant = [each for each in invited if each.key.upper() == wanted]
    if not meant:
        named = {each.key for each in _of_team(asked.who, by, clinic, now)}
        meant = [each for each in invited if each.key in named]
    if not meant:
        raise Refused(f"They are not invited to {to.ref}: `conference show` says who is.")
    for each in meant:
        conference_guests.uninvite(to, each, clinic, now, by=by.id)
    return Card(f"Not invited to {to.ref} any more", (Items(tuple(map(called, meant))),))


def _meant(ref: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Conference | Series, Caller]:
    """The conference or series, if it is still to come, for whoever plans conferences there."""
    to: Conference | Series
    if ref.startswith("S-"):
        to, by = access.series(ref, by, clinic)
        over = not to.goes_on(now)
    else:
        to, by = access.conference(ref, by, clinic)
        over = to.state is not State.PLANNED or to.ends <= now
    may_plan(by)
    if over:
        raise Refused(f"{ref} is not to come any more: nobody can be invited to it, or taken off.")
    return to, by


def _invited(to: Conference | Series, clinic: Clinic) -> tuple[Invitee, ...]:
    if isinstance(to, Series):
        return clinic.invitees.of_series(to.number)
    return clinic.invitees.of_conference(to)
