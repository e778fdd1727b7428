"""An action written and shown, its owner asked, and others told: always in private, never in quiet hours."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from cards.card import Card, Detail, Text
from handlers.actions.card import action_card, choices, standing
from handlers.live import follow as session_follow
from handlers.patients import access
from pathway.action import OPEN, Action, Next, State
from pathway.action_due import schedule
from pathway.people import Roster
from storage.clinic import Clinic
from storage.outbox import Kind

SEE_AFTER_DUE = timedelta(days=30)
"""So long after it was due may the owner of an action see the patient; what ends that sooner is its end."""


def save(
    action: Action,
    done: str,
    roster: Roster,
    clinic: Clinic,
    now: datetime,
    *,
    by: str = "",
    note: str = "",
    source: str = "",
    undoes: int = 0,
) -> Action:
    """Writes a changed action with what falls due for it, and lets its card show it.

    What was still to be said of it as it was is taken back; who has not been asked in the end, is.
    """
    before = clinic.actions.find(action.ref)
    scheduled = schedule(action, clinic.definition.plan, roster.team.hours, now)
    written = clinic.actions.put(scheduled, done, now, by=by, note=note, source=source, undoes=undoes)
    clinic.outbox.hush(written.ref)
    if written.state in OPEN:
        _let_owner_see(written, clinic, now)
    if before is not None and (written.state not in OPEN or before.owner != written.owner):
        end_access(before, set() if written.state in OPEN else {by}, clinic)
    show(written, roster, clinic, now)
    session_follow.follow(written.patient, written.team, clinic, now)
    if written.state is State.PROPOSED and written.asked_at is not None and written.asked_at <= now:
        ask_owner(written, roster, clinic, now)
    return written


def show(action: Action, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Lets the living card show the action where it stands: in private, and nowhere else."""
    card = action_card(action, roster, now)
    concerned = dict.fromkeys((action.owner, action.made_by, *roster.leads()))
    seen_by = [each for each in concerned if each and clinic.patients.may_see(action.patient, each, now)]
    clinic.outbox.show(
        action.ref, roster.team.id, card, now, bare=access.bare(card), seen_by=seen_by, in_rooms=False
    )


def ask_owner(action: Action, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Asks the owner in private to confirm, once quiet hours are over."""
    if not action.owner:
        return
    card = access.shown_to(action.owner, action.patient, action_card(action, roster, now), clinic, now)
    at = roster.team.hours.quiet_until(now)
    clinic.outbox.tell([action.owner], card, now, subject=action.ref, send_after=at, kind=Kind.SHOW)


def ask_later(action: Action, roster: Roster, clinic: Clinic, now: datetime) -> Action:
    """The action whose owner is away, to be asked of them when they are back; asked now if they are here."""
    absence = roster.away(action.owner, now) if action.owner else None
    asked = replace(action, asked_at=absence.ends if absence else now)
    written = schedule(asked, clinic.definition.plan, roster.team.hours, now)
    clinic.actions.put_told(written, Next.ASK, now)
    if absence is None:
        show(written, roster, clinic, now)
        ask_owner(written, roster, clinic, now)
    return written


def remind(
    action: Action, members: Iterable[str], says: str, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    """A fresh message in private after quiet hours; taken back if all is settled before it goes out.

    For who is away their cover hears it, and where nobody covers, or they left the team, the lead.
    """
    zone = roster.team.hours.zone
    parts = (
        Text(f"{action.patient}: {standing(action, roster, zone, now)}"),
        Text(action.text, detail=Detail.CLINICAL),
    )
    card = Card(says, parts, choices(action), notice=says)
    at = roster.team.hours.quiet_until(now)
    for each in whom(members, roster, now):
        told = access.shown_to(each, action.patient, card, clinic, now)
        clinic.outbox.tell([each], told, now, subject=action.ref, send_after=at, kind=Kind.ASK)


def whom(members: Iterable[str], roster: Roster, now: datetime) -> tuple[str, ...]:
    """These members or who covers for them; for those whom nobody stands in for, the lead or their cover."""
    heard: list[str] = []
    for each in members:
        heard += roster.standing_in([each], now) or roster.leading(now)
    return tuple(dict.fromkeys(heard))


def _let_owner_see(action: Action, clinic: Clinic, now: datetime) -> None:
    """Whoever is to do something for a patient sees the patient until it is done."""
    if action.owner:
        until = max(action.due_at, now) + SEE_AFTER_DUE
        clinic.patients.let_see(action.patient, action.owner, now, until=until)


def end_access(action: Action, keep: set[str], clinic: Clinic) -> None:
    """Ends what the owner may see because of this action alone."""
    holding, asked = clinic.handoffs.asked_of_patient(action.patient)
    needed = holding | asked | clinic.flags.asked_about(action.patient) | keep
    needed |= clinic.actions.owners_of_patient(action.patient)
    clinic.patients.end_passing_access(action.patient, {action.owner} - needed - {""})
