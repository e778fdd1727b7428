"""Minutes put together from what a conference left: as things stand, or, once signed, as they were then."""

from dataclasses import replace
from datetime import datetime

from agendas.minutes import Agreed, Minutes, Recorded, Written, loads, minutes_of
from agendas.minutes_card import minutes_card
from cards.card import Card
from pathway.action import State as Acted
from pathway.conference import Conference, State
from pathway.people import Roster
from storage.clinic import Clinic


def draft_minutes(conference: Conference, roster: Roster, clinic: Clinic, now: datetime) -> Minutes:
    """The minutes of a conference: of a running one so far, of a signed one as they were signed."""
    kept = clinic.minutes.signed(conference.number)
    if kept and conference.state is State.SIGNED:
        amended = clinic.minutes.amendments(conference.number)
        named = (replace(each, by=_name(each.by, roster, clinic)) for each in amended)
        return replace(loads(kept), amendments=tuple(named))
    session = clinic.sessions.items(conference.number)
    stays = clinic.sessions.attendance(conference.number)
    members = {conference.chair, conference.scribe, *(each.member for each in stays)}
    names = {each: _name(each, roster, clinic) for each in members if each}
    return minutes_of(
        conference, roster.team.name, session, stays, _recorded(conference, roster, clinic), names, now,
        clinic.minutes.remark(conference.number),
    )  # fmt: skip


def _name(member: str, roster: Roster, clinic: Clinic) -> str:
    """A member's name, also of one who has left the team."""
    found = roster.member(member) or clinic.people.member(member)
    return found.name if found else "someone who has left the team"


def _recorded(conference: Conference, roster: Roster, clinic: Clinic) -> Recorded:
    """What came from this conference, by patient."""
    were = {each.member for each in clinic.sessions.attendance(conference.number)}
    written: dict[str, list[Written]] = {}
    for entry in clinic.plans.of_source(conference.ref):
        line = Written(
            entry.ref, entry.sort.value, entry.text, _name(entry.by, roster, clinic), entry.rationale,
            entry.discipline,
        )  # fmt: skip
        written.setdefault(entry.patient, []).append(line)
    actions: dict[str, list[Agreed]] = {}
    for action in clinic.actions.of_source(conference.ref):
        owner = _name(action.owner, roster, clinic) if action.owner else "nobody yet"
        agreed = Agreed(
            action.ref, action.text, owner, action.due_at, action.state is not Acted.PROPOSED,
            bool(action.owner) and action.owner not in were,
        )  # fmt: skip
        actions.setdefault(action.patient, []).append(agreed)
    codes = [each.patient for each in clinic.sessions.items(conference.number).items]
    goals = {code: found.goal for code in codes if (found := clinic.patients.find(code)) is not None}
    return Recorded(written, actions, goals)


def minutes_card_for(
    member: str, conference: Conference, roster: Roster, clinic: Clinic, now: datetime
) -> Card:
    """The minutes as this member may read them: of patients they may not see, by codes only."""
    minutes = draft_minutes(conference, roster, clinic, now)
    zone = roster.team.hours.zone

    def sees(code: str) -> bool:
        return clinic.patients.may_see(code, member, now)

    return minutes_card(minutes, zone, now, sees=sees)
