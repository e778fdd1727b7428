"""What falls due for a conference's agenda: it is posted, who is missing is asked, a quorum looked for."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

from handlers.agenda import live as agenda_live
from handlers.agenda import readiness
from handlers.agenda.draft import draft
from handlers.agenda.post import post
from handlers.agenda.times import due_times, last_look_at
from handlers.conferences import quorum
from handlers.fallen_due import FallenDue, of_kind
from pathway.conference import Conference, Deadline, State
from storage.clinic import Clinic

TIME_TO_ANSWER = timedelta(hours=4)
"""So long after a conference was made or moved nobody is missed yet, or half of the time that is left."""


def schedule(conference: Conference, clinic: Clinic, now: datetime) -> None:
    """Sets when each of it falls due for a conference that was made, moved, cancelled or restored.

    What should have been by now is due at once, but that people have time to answer before it is looked
    whether they have. For a conference that is not to come, nothing is.
    """
    due: dict[Deadline, datetime | None] = dict.fromkeys(_DO)
    if _is_to_come(conference, now):
        found = due_times(conference, clinic.people.roster(conference.team), clinic)
        due |= {kind: max(at, now) for kind, at in found.items()}
        answered = now + min(TIME_TO_ANSWER, (conference.starts - now) / 2)
        due[Deadline.QUORUM] = max(found[Deadline.QUORUM], answered)
        if conference.agenda_posted_at is not None:
            due[Deadline.AGENDA] = None
    clinic.conferences.set_deadlines(conference.number, due)
    agenda_live.refresh(conference.team, clinic, now)


def schedule_all(team: str, clinic: Clinic, now: datetime) -> None:
    """The same for all conferences of a team that are to come: its hours or its habits have changed."""
    for conference in clinic.conferences.upcoming(team, now, MOST_TO_COME):
        schedule(conference, clinic, now)


MOST_TO_COME = 200


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """What has been due longest for the agenda of a conference and is not `left`, locked, and what to do."""
    found = (_next_of(kind, clinic, now, left) for kind in _DO)
    return min((each for each in found if each is not None), key=lambda each: each.at, default=None)


def _next_of(kind: Deadline, clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    prefix = f"{kind}:"
    due = clinic.conferences.due(kind, now, [int(each) for each in of_kind(left, prefix)])
    if due is None:
        return None
    conference, at = due
    return FallenDue(f"{prefix}{conference.number}", at, lambda: _fall_due(kind, conference, at, clinic, now))


def _fall_due(kind: Deadline, conference: Conference, at: datetime, clinic: Clinic, now: datetime) -> None:
    """Does it, and sets when it is due next. What is overtaken by the conference itself is not done."""
    again = _DO[kind](conference, at, clinic, now) if _is_to_come(conference, now) else None
    clinic.conferences.set_deadlines(conference.number, {kind: again})


def _is_to_come(conference: Conference, now: datetime) -> bool:
    return conference.state is State.PLANNED and now < conference.starts


def _post(conference: Conference, at: datetime, clinic: Clinic, now: datetime) -> datetime | None:
    """Posts the agenda, after quiet hours if there is time; later if the team posts later by now."""
    if conference.agenda_posted_at is not None:
        return None
    roster = clinic.people.roster(conference.team)
    due = roster.team.hours.quiet_until(max(due_times(conference, roster, clinic)[Deadline.AGENDA], now))
    if now < due < conference.starts:
        return due
    post(conference, clinic, now)
    return None


def _ask(conference: Conference, at: datetime, clinic: Clinic, now: datetime) -> datetime | None:
    roster = clinic.people.roster(conference.team)
    readiness.ask(draft(conference, clinic, now), conference, roster, clinic, now)
    return None


def _count(conference: Conference, at: datetime, clinic: Clinic, now: datetime) -> datetime | None:
    """Looks who has accepted; once more on the last working day before."""
    last = last_look_at(conference, clinic.people.roster(conference.team), clinic)
    quorum.warn(conference, clinic, now, "ahead" if now < last else "last")
    return last if now < last else None


_DO: Mapping[Deadline, Callable[[Conference, datetime, Clinic, datetime], datetime | None]] = {
    Deadline.AGENDA: _post,
    Deadline.READY: _ask,
    Deadline.QUORUM: _count,
}
"""What is done about each; it gives when to do it again."""
