"""Actions as they begin: who does what until when, asked of the owner in private, who may be away."""

from datetime import datetime

from handlers.actions.post import ask_later, remind, save, whom
from handlers.actions.proposed import proposed
from handlers.patients import access
from handlers.request import Caller
from pathway.action import Action, State
from pathway.handoff import Refused
from pathway.issue import Kind
from pathway.people import Roster
from pathway.when import say_when
from storage.clinic import Clinic


def act(
    patient: str,
    owner: str,
    text: str,
    due_at: datetime | None,
    source: str,
    by: Caller,
    clinic: Clinic,
    now: datetime,
    entry: int = 0,
    link: str = "",
    about: Kind | None = None,
) -> Action:
    """A new action of a patient, for a member to do until a moment (None: as the definition proposes for what
    it is `about`).

    Its owner confirms it; who takes on something themselves has confirmed it. `source` is the conference or
    the link to the message that it comes from, `entry` the number of the decision that it belongs to,
    `link` leads to the message that it is made of.
    """
    found, by = access.plan_writer(patient, source, by, clinic, now)
    due = due_at or proposed(found.code, about, by.roster, clinic, now).due_at
    _check(found.code, owner, text, due, entry, by, clinic, now)
    absence = by.roster.away(owner, now)
    own = owner == by.id
    fresh = Action(
        clinic.actions.next_number(), by.roster.team.id, found.code, owner, text.strip(), due, by.id, now,
        state=State.OPEN if own else State.PROPOSED, source=source, entry=entry,
        asked_at=absence.ends if absence and not own else now, confirmed_at=now if own else None,
        link=link,
    )  # fmt: skip
    action = save(
        fresh, "taken on" if own else "proposed", by.roster, clinic, now, by=by.id, note=text, source=source
    )
    tell_of_absence(action, by.id, by.roster, clinic, now)
    return action


def _check(
    code: str, owner: str, text: str, due: datetime, entry: int, by: Caller, clinic: Clinic, now: datetime
) -> None:
    if by.roster.member(owner) is None:
        raise Refused(f"Whom you named is not in {by.roster.team.name}, the team of {code}.")
    if not text.strip():
        raise Refused("Say in a line what is to be done.")
    if due <= now:
        raise Refused("That is over already: name a day to come.")
    decision = clinic.plans.of_number(entry) if entry else None
    if entry and (decision is None or decision.patient != code):
        raise Refused(f"There is no E-{entry} in the care plan of {code}.")


def absence_of_owner(action: Action, roster: Roster, zone: str, now: datetime) -> str:
    """A sentence on an owner who is away, "" if they are here."""
    absence = roster.away(action.owner, now) if action.owner else None
    if absence is None:
        return ""
    name, back = roster.name(action.owner), say_when(absence.ends, zone, now)
    late = ", after it is due: who does it until then?" if action.due_at <= absence.ends else ""
    return f"{name} is away until {back}{late or ' and is asked then.'}"


def tell_of_absence(action: Action, by: str, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Tells the cover, or the lead, of an action that is due before its owner is back."""
    absence = roster.away(action.owner, now) if action.owner else None
    if absence is None or action.due_at > absence.ends:
        return
    says = f"{action.ref} is due before {roster.name(action.owner)} is back: who does it?"
    others = [each for each in whom([action.owner], roster, now) if each != by]
    remind(action, others, says, roster, clinic, now)


def ask_who_is_back(member: str, clinic: Clinic, now: datetime) -> None:
    """Asks somebody who is back to confirm what was given to them while they were away."""
    for each in clinic.actions.of_owner(member):
        if each.state is State.PROPOSED and each.asked_at is not None and each.asked_at > now:
            ask_later(each, clinic.people.roster(each.team), clinic, now)


def tell_cover_of_all(member: str, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    """Tells the cover of somebody who goes away what is due before they are back; a line for each."""
    theirs = clinic.actions.of_owner(member)
    lines = []
    for each in theirs:
        roster = clinic.people.roster(each.team)
        absence = roster.away(member, now)
        if absence is not None and each.due_at <= absence.ends:
            tell_of_absence(each, member, roster, clinic, now)
            due = say_when(each.due_at, roster.team.hours.zone, now)
            lines.append(f"{each.ref} ({each.patient}), due {due}: your cover or the lead is told")
    return tuple(lines)
