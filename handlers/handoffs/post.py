"""Whom a change of a handoff is told to, and when they may be disturbed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from cards.card import Card, Choice, Text
from handlers.handoffs.card import answers, duties, handoff_card
from handlers.patients import access
from handlers.people.tell import in_private, may_disturb_at, whole_room
from pathway.asking import answering, may_answer, still_asked
from pathway.definition import UrgencyDef
from pathway.handoff import HELD, WAITING, Handoff, Rung, State
from pathway.people import Roster
from storage.clinic import Clinic
from storage.outbox import Kind


def urgency_of(handoff: Handoff, clinic: Clinic) -> UrgencyDef:
    """What the pathway definition says of the handoff's urgency."""
    return clinic.definition.urgency(handoff.urgency)


def save(
    handoff: Handoff,
    action: str,
    roster: Roster,
    clinic: Clinic,
    now: datetime,
    *,
    by: str = "",
    note: str = "",
) -> None:
    """Writes a changed handoff and lets its card show it everywhere; what is settled is asked no more."""
    clinic.handoffs.put(handoff, action, now, by=by, note=note)
    if handoff.state not in WAITING:
        clinic.outbox.hush(handoff.ref)
    if handoff.state not in WAITING and handoff.state is not State.EXPIRED:
        others = {*handoff.asked, *handoff.declined} - {handoff.receiver, handoff.sender}
        end_asked_access(handoff, others, clinic)
    show(handoff, roster, clinic, now)


def show(handoff: Handoff, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Lets the living card show the handoff everywhere; in private only to those who may see the patient."""
    card = handoff_card(handoff, roster, clinic.definition, now)
    concerned = dict.fromkeys((handoff.sender, handoff.receiver, *handoff.asked, *handoff.declined))
    seen_by = [each for each in concerned if each and clinic.patients.may_see(handoff.patient, each, now)]
    clinic.outbox.show(handoff.ref, roster.team.id, card, now, bare=access.bare(card), seen_by=seen_by)


def inform(
    handoff: Handoff, members: Sequence[str], card: Card, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    """Tells these members in private, after quiet hours unless it is urgent."""
    at = may_disturb_at(urgency_of(handoff, clinic), roster, now)
    in_private(handoff.patient, members, card, roster, clinic, now, at, subject=handoff.ref)


def ask_in_private(
    handoff: Handoff, members: Iterable[str], card: Card, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    """Tells these members, or who speaks for them, what asks for an answer; taken back if all is settled
    before it goes out.
    """
    at = may_disturb_at(urgency_of(handoff, clinic), roster, now)
    in_private(
        handoff.patient, members, card, roster, clinic, now, at, subject=handoff.ref, kind=Kind.ASK
    )  # fmt: skip


def tell_asked(
    handoff: Handoff, fresh: Sequence[str], roster: Roster, clinic: Clinic, now: datetime, late: str = ""
) -> None:
    """Asks these members in private, who may see the patient until the handoff is settled."""
    let_asked_see(handoff, fresh, clinic, now)
    card = handoff_card(handoff, roster, clinic.definition, now)
    asking = replace(card, parts=(*([Text(late)] if late else []), *card.parts))
    at = may_disturb_at(urgency_of(handoff, clinic), roster, now)
    clinic.outbox.tell(fresh, asking, now, subject=handoff.ref, send_after=at, kind=Kind.SHOW)


def let_asked_see(handoff: Handoff, members: Iterable[str], clinic: Clinic, now: datetime) -> None:
    """Lets those who are asked see the patient; `save` ends that when the handoff is settled."""
    for each in members:
        clinic.patients.let_see(handoff.patient, each, now, until=now + access.ASKED_SEE_FOR)


def end_asked_access(handoff: Handoff, members: Iterable[str], clinic: Clinic) -> None:
    """Ends what members may see because they were asked, unless something else of the patient asks them."""
    _, asked = clinic.handoffs.others_of_patient(handoff)
    asked |= clinic.flags.asked_about(handoff.patient) | clinic.actions.owners_of_patient(handoff.patient)
    clinic.patients.end_passing_access(handoff.patient, set(members) - asked)


def end_holders_access(handoff: Handoff, member: str, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Ends what a member may see who gives a handoff back, but for what others of the patient need.

    Of who has left the team nothing more is needed: it is about to be asked of others, too.
    """
    clinic.patients.end_access_since(handoff.patient, member, handoff.offered_at)
    if roster.member(member) is None:
        return
    holders, asked = clinic.handoffs.others_of_patient(handoff)
    asked |= clinic.flags.asked_about(handoff.patient) | clinic.actions.owners_of_patient(handoff.patient)
    if member in holders:
        clinic.patients.let_see(handoff.patient, member, now)
    elif member in asked:
        let_asked_see(handoff, [member], clinic, now)


def ask_further(
    before: Handoff, after: Handoff, roster: Roster, clinic: Clinic, now: datetime, late: str = ""
) -> None:
    """Asks those who were not asked before; the whole channel is rung when it comes to that, with the phone
    number, and once more when everybody has said no.
    """
    tell_asked(after, after.asked[len(before.asked) :], roster, clinic, now, late)
    fresh = after.rung is not before.rung or not still_asked(after, roster, now)
    if after.rung is Rung.CHANNEL and fresh:
        says = f"{late}Nobody has taken {after.ref} ({after.patient}) yet"
        ring_channel(after, says, roster, clinic, now)


def remind(
    handoff: Handoff, members: Iterable[str], says: str, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    """A fresh message in private, or to the cover; taken back if all is settled before it goes out.

    Its buttons are those that who hears it may press.
    """
    at = may_disturb_at(urgency_of(handoff, clinic), roster, now)
    able = answering(roster, clinic.definition)
    here = roster.standing_in(members, now)
    if handoff.state in WAITING:  # a cover may be somebody who can't be asked, or has said no
        here = tuple(each for each in here if _owes_answer(handoff, each, able))
    for each in here:
        buttons = _buttons(handoff, each) if able.member(each) else ()
        notice = Card(says, (Text(about(handoff, roster, clinic)),), buttons, notice=says)
        clinic.outbox.tell([each], notice, now, subject=handoff.ref, send_after=at, kind=Kind.ASK)


def _owes_answer(handoff: Handoff, member: str, able: Roster) -> bool:
    may = able.member(member) is not None and may_answer(handoff, member, able)
    return may and member not in handoff.declined


def _buttons(handoff: Handoff, member: str) -> tuple[Choice, ...]:
    return duties(handoff, member) if handoff.state in HELD else answers(handoff)


def about(handoff: Handoff, roster: Roster, clinic: Clinic) -> str:
    """Which handoff it is, in one line for a reminder."""
    urgency = urgency_of(handoff, clinic).label.lower()
    return f"{handoff.patient}, {urgency}, from {roster.name(handoff.sender)}."


def ring_channel(handoff: Handoff, says: str, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """A fresh message in the team's rooms that mentions everybody."""
    at = may_disturb_at(urgency_of(handoff, clinic), roster, now)
    whole_room(handoff.ref, says, answers(handoff), roster, clinic, now, at)
