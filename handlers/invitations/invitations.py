"""Invitations by mail: who is invited hears of changes after some minutes, of cancellations at once.

Each is told what has changed for them since they were told last, in one mail with its calendar.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agendas.event import Manner, News, Told, news
from agendas.invite_mail import Reader, Sending, invitation
from cards.language import nearest
from cards.mail import BadAddress
from handlers.fallen_due import FallenDue, of_kind
from handlers.invitations.invited import Invited, Seat, invited
from handlers.invitations.links import page_of
from pathway.conference import Conference
from pathway.invitee import FOR_ONE_ITEM, Invitee
from storage.addresses import Address
from storage.clinic import Clinic
from storage.invites import Invite, ToldTo
from storage.reminders import called

MERGED = timedelta(minutes=5)
"""So long a change waits for others, to be told in one mail with them."""
SUBJECT = "invite:"


def changed(
    clinic: Clinic,
    now: datetime,
    *,
    conference: Conference | None = None,
    series: int = 0,
    at_once: bool = False,
) -> None:
    """Something changed in a conference, or in a series by its number: who is invited will be told.

    Nothing is told where no mail can be sent.
    """
    if not clinic.mail_from:
        return
    refs = [conference.ref] if conference else []
    for number in {series, conference.series if conference else 0} - {0}:
        refs.append(f"S-{number}")
    for ref in refs:
        clinic.invites.change_by(ref, now if at_once else now + MERGED)


def again(ref: str, invitee: str, clinic: Clinic, now: datetime) -> None:
    """Somebody is told all of it again, at once: they have lost it, or their address works by now."""
    clinic.invites.forget_told(ref, invitee)
    clinic.invites.change_by(ref, now)


def look_again(ref: str, clinic: Clinic, now: datetime) -> None:
    """Something changed for one of those who are invited: their address, say."""
    if clinic.mail_from:
        clinic.invites.change_by(ref, now + MERGED)


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next invite of which something waits to be told and that is not `left`, locked, and what to do."""
    due = clinic.invites.due(now, of_kind(left, SUBJECT))
    if due is None or due.due_at is None:
        return None
    return FallenDue(f"{SUBJECT}{due.ref}", due.due_at, lambda: tell(due, clinic, now))


@dataclass(frozen=True)
class _Telling:
    """One person, and what they are told; `seat` is None for who is asked no more."""

    key: str
    address: Address
    told: News
    seat: Seat | None


def tell(invite: Invite, clinic: Clinic, now: datetime) -> None:
    """Tells everybody what has changed for them since they were told last."""
    found = invited(invite.ref, clinic, now)
    if found is None:
        clinic.invites.put(replace(invite, due_at=None))
        return
    for conference in found.each_day:
        clinic.invites.change_by(conference.ref, now)
    before = clinic.invites.told(invite.ref)
    telling = [*_moved_away(found, before, clinic, now), *_tellings(found, before, clinic, now)]
    # Whoever was told before must be told under a higher SEQUENCE, or their calendar takes it for old.
    rises = any(each.key in before for each in telling)
    invite = replace(invite, sequence=invite.sequence + rises, due_at=None)
    clinic.invites.put(invite)
    for each in telling:
        _send(each, found, invite, clinic, now)


def _tellings(found: Invited, before: Mapping[str, ToldTo], clinic: Clinic, now: datetime) -> list[_Telling]:
    """What is told to those who are invited, and to those who were."""
    telling = []
    for key in sorted({*before, *found.seats}):
        seat, last = found.seats.get(key), before.get(key)
        address = address_of(seat.person, clinic) if seat else _known(last, clinic)
        if address is None or address.refused:
            continue
        told = last.told if last and last.address == address.id else None
        what = news(
            told, seat.event if seat else None, now, cancelled=found.cancelled,
            without=seat.without if seat else (),
        )  # fmt: skip
        if what is not None:
            telling.append(_Telling(key, address, what, seat))
    return telling


def _moved_away(
    found: Invited, before: Mapping[str, ToldTo], clinic: Clinic, now: datetime
) -> list[_Telling]:
    """What is told at addresses where somebody was invited who has another one now."""
    telling = []
    for key, last in before.items():
        seat, address = found.seats.get(key), _known(last, clinic)
        moved = seat and address and (new := address_of(seat.person, clinic)) and new.id != address.id
        what = news(last.told, None, now, cancelled=False)
        if moved and address and what is not None and not address.refused:
            telling.append(_Telling(key, address, what, None))
    return telling


def _known(last: ToldTo | None, clinic: Clinic) -> Address | None:
    return clinic.addresses.by_id(last.address) if last else None


def address_of(person: Invitee, clinic: Clinic) -> Address | None:
    """Where somebody is written to; None for what is no address, which must hold up nobody else."""
    try:
        return clinic.addresses.of(person.email) if person.email else None
    except BadAddress:
        return None


def _send(each: _Telling, found: Invited, invite: Invite, clinic: Clinic, now: datetime) -> None:
    """Puts one mail in line, and notes what it says."""
    told, seat = each.told, each.seat
    person = seat.person if seat else None
    before = clinic.invites.told_to(invite.ref, each.key) or Told(told.event, invite.sequence)
    manner = _manner(person) if person else before.manner
    sending = Sending(
        ref=invite.ref, uid=invite.uid, sequence=invite.sequence, organizer=clinic.mail_from,
        attendee=each.address.address, at=now, required=person.required if person else True,
        answer=_answer(invite.ref, each, clinic),
    )  # fmt: skip
    about = _day_ref(invite.ref, told, clinic)
    reader = Reader(
        language=nearest(manner.language),
        zone=manner.zone or found.zone,
        own_item=manner.own_item,
        page=page_of(about, each.key, clinic) if person else "",
    )
    clinic.outbox.mail(each.address.lane, invitation(told, sending, reader), now, subject=about)
    # What waits for the morning would remind of what was before this.
    clinic.outbox.hush(called(about, each.key))
    now_told = before.further(told, invite.sequence)
    event = seat.event if seat else told.event
    to = ToldTo(each.key, each.address.id, replace(now_told, event=event, manner=manner))
    clinic.invites.put_told(invite.ref, to, now)


def _manner(person: Invitee) -> Manner:
    """How somebody who is invited is written to."""
    return Manner(person.language, person.zone, person.kind in FOR_ONE_ITEM)


def _day_ref(ref: str, told: News, clinic: Clinic) -> str:
    """What a mail is about: of one day of a series, that day's conference."""
    if told.day is None or not ref.startswith("S-"):
        return ref
    series = clinic.series.find(ref)
    days = clinic.conferences.of_series(series.number, told.day) if series else []
    return next((each.ref for each in days if each.recurs_at == told.day), ref)


def _answer(ref: str, each: _Telling, clinic: Clinic) -> str:
    """What somebody has answered so far, in iCalendar's words."""
    conference = clinic.conferences.find(ref)
    if conference is not None:
        return clinic.invitees.answer(conference, each.key).answer.value
    series = clinic.series.find(ref)
    return clinic.invitees.answer_of_series(series.number if series else 0, each.key).answer.value
