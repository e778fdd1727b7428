"""Whom a change of a flag is told to, and when they may be disturbed.

A private flag is in no room, and a digest's flag disturbs nobody until all its time has run out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from cards.card import Card, Text
from handlers.flags import board as flag_board
from handlers.flags.card import choices, flag_card
from handlers.patients import access
from handlers.people.tell import in_private, may_disturb_at, ring, whole_room
from pathway.definition_flags import FlagSeverityDef
from pathway.flag import OPEN, UNANSWERED, Flag, State
from pathway.flag_asking import Duty
from pathway.ladder import Rung, able, still_asked
from pathway.people import Roster
from storage.clinic import Clinic
from storage.outbox import Kind


def severity_of(flag: Flag, clinic: Clinic) -> FlagSeverityDef:
    """What the pathway definition says of the flag's severity."""
    return clinic.definition.flag_severity(flag.severity)


def answerers(roster: Roster, clinic: Clinic) -> Roster:
    """The team without those who may not answer flags."""
    return able(roster, clinic.definition, "flags")


def duty_of(flag: Flag, roster: Roster, clinic: Clinic, now: datetime) -> Duty:
    """Who is on duty in the roles that must answer; a role without a rota is not named."""
    rotas = clinic.duty.rotas(roster.team, now)
    named = {role: rota.named(now) for role, rota in rotas.items() if role in flag.roles}
    return {role: members for role, members in named.items() if members or rotas[role].shifts}


def save(
    flag: Flag, action: str, roster: Roster, clinic: Clinic, now: datetime, *, by: str = "", note: str = ""
) -> None:
    """Writes a changed flag and lets its card show it everywhere; what is taken is asked no more."""
    clinic.flags.put(flag, action, now, by=by, note=note)
    if flag.state not in UNANSWERED and flag.state is not State.EXPIRED:
        clinic.outbox.hush(flag.ref)
    if flag.state not in OPEN:
        _end_access(flag, clinic)
    show(flag, roster, clinic, now)


def show(flag: Flag, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Lets the living card show the flag everywhere; in private only to those who may see the patient."""
    card = flag_card(flag, roster, clinic.definition, now)
    concerned = dict.fromkeys((flag.raised_by, flag.holder, *flag.asked, *flag.earlier))
    seen_by = [each for each in concerned if each and clinic.patients.may_see(flag.patient, each, now)]
    clinic.outbox.show(
        flag.ref, roster.team.id, card, now, bare=access.bare(card), seen_by=seen_by,
        in_rooms=in_rooms(flag, clinic),
    )  # fmt: skip
    if not flag.private:
        flag_board.refresh(roster, clinic, now)


def in_rooms(flag: Flag, clinic: Clinic) -> bool:
    """Whether the flag's card comes to the team's rooms by itself."""
    return not flag.private and not severity_of(flag, clinic).digest


def inform(
    flag: Flag, members: Iterable[str], card: Card, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    """Tells these members in private, after quiet hours unless it is severe enough."""
    at = may_disturb_at(severity_of(flag, clinic), roster, now)
    in_private(flag.patient, members, card, roster, clinic, now, at, subject=flag.ref)


def let_asked_see(flag: Flag, members: Iterable[str], clinic: Clinic, now: datetime) -> None:
    """Lets those who are asked see the patient, until the flag is closed."""
    for each in members:
        clinic.patients.let_see(flag.patient, each, now, until=now + access.ASKED_SEE_FOR)


def _end_access(flag: Flag, clinic: Clinic) -> None:
    """Ends what people may see because they were asked, unless something else of the patient asks them.

    Who closed it may go on seeing the patient for a while: what they did is theirs to follow up.
    """
    _, asked = clinic.handoffs.asked_of_patient(flag.patient)
    needed = asked | clinic.flags.asked_about(flag.patient, without=flag.number) | {flag.closed_by}
    needed |= clinic.actions.owners_of_patient(flag.patient)
    clinic.patients.end_passing_access(flag.patient, {*flag.asked, *flag.earlier} - needed)


def tell_asked(
    flag: Flag, fresh: Sequence[str], roster: Roster, clinic: Clinic, now: datetime, late: str = ""
) -> None:
    """Asks these members in private, who may see the patient until the flag is closed."""
    let_asked_see(flag, fresh, clinic, now)
    severity = severity_of(flag, clinic)
    if severity.digest:
        return
    card = flag_card(flag, roster, clinic.definition, now)
    asking = replace(card, parts=(*([Text(late)] if late else []), *card.parts))
    at = may_disturb_at(severity, roster, now)
    clinic.outbox.tell(fresh, asking, now, subject=flag.ref, send_after=at, kind=Kind.SHOW)


def ask_further(
    before: Flag, after: Flag, roster: Roster, clinic: Clinic, now: datetime, late: str = ""
) -> None:
    """Asks those who were not asked before; everybody is called when it comes to that."""
    tell_asked(after, after.asked[len(before.asked) :], roster, clinic, now, late)
    if after.rung is Rung.CHANNEL and after.rung is not before.rung:
        call_all(after, f"{late}Nobody has taken {after.ref} ({after.patient}) yet", roster, clinic, now)


def remind(
    flag: Flag, members: Iterable[str], says: str, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    """A fresh message in private, or to the cover; taken back if all is settled before it goes out.

    Who was asked and can't answer any more, because their role changed, is not reminded of it.
    """
    severity = severity_of(flag, clinic)
    if severity.digest:
        return
    able = answerers(roster, clinic)
    members = [each for each in members if each not in flag.asked or able.member(each)]
    notice = Card(
        says, (Text(f"{flag.patient}, {severity.label.lower()}."),), choices(flag, severity), notice=says
    )
    at = may_disturb_at(severity, roster, now)
    here = roster.standing_in(members, now)
    clinic.outbox.tell(here, notice, now, subject=flag.ref, send_after=at, kind=Kind.ASK)


def call_all(flag: Flag, says: str, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Calls the whole channel, with the phone number; for a private flag those asked, and the lead."""
    severity = severity_of(flag, clinic)
    at = may_disturb_at(severity, roster, now)
    if severity.digest:
        return
    if not flag.private:
        whole_room(flag.ref, says, choices(flag, severity), roster, clinic, now, at)
        return
    told = Card(says, ring(roster), choices(flag, severity), notice=says)
    asked = still_asked(flag, answerers(roster, clinic), now)
    here = (*asked, *roster.standing_in(roster.leads(), now))
    clinic.outbox.tell(here, told, now, subject=flag.ref, send_after=at, kind=Kind.ASK)
