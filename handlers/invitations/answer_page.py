"""The page on which somebody who is invited answers without an account: what it says, and their answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agendas.event import Event, Time
from agendas.invite_mail import MOST_DATES
from handlers.invitations import answers
from handlers.invitations.invited import series_event, time_for
from pathway.conference import Conference, State
from pathway.invitee import FOR_ONE_ITEM, Answer, Answered, Invitee
from pathway.reminder import Span
from pathway.series import Series
from storage.clinic import Clinic

LINK = "link"
ANSWERS = {
    "accepted": Answer.ACCEPTED, "tentative": Answer.TENTATIVE, "declined": Answer.DECLINED,
}  # fmt: skip
"""By their names in the address."""


@dataclass(frozen=True)
class Day:
    """One day of a series, what was answered for it, and the token of its own page."""

    time: Time
    answer: Answer
    token: str


@dataclass(frozen=True)
class Asked:
    """Who is asked by a link, and to what. `event` is None if it is over or does not take place.

    `title` is what the team calls it, "" for who comes for one item only. `reminded` is how long before
    they are reminded; `days` are the next ones of a series.
    """

    ref: str
    person: Invitee
    answer: Answer
    zone: str
    event: Event | None
    title: str = ""
    where: str = ""
    reminded: tuple[Span, ...] = ()
    days: tuple[Day, ...] = ()


def opened(token: str, clinic: Clinic, now: datetime) -> Asked | None:
    """What a link asks; None if it is none of ours, or whom it was for is not invited any more."""
    named = clinic.links.opened(token)
    if named is None:
        return None
    ref, key = named
    if conference := clinic.conferences.find(ref):
        return _to_conference(conference, key, clinic, now)
    series = clinic.series.find(ref)
    return _to_series(series, key, clinic, now) if series else None


def _to_conference(conference: Conference, key: str, clinic: Clinic, now: datetime) -> Asked | None:
    person = _among(clinic.invitees.of_conference(conference), key)
    if person is None:
        return None
    time = time_for(conference, person, clinic)
    event = Event(time, conference.zone) if time else None
    off = event is None or event.is_over(now) or conference.state is State.CANCELLED
    return Asked(
        conference.ref, person, clinic.invitees.answer(conference, key).answer,
        person.zone or conference.zone, None if off else event,
        "" if person.kind in FOR_ONE_ITEM else conference.title, conference.where, _reminded(person, clinic),
    )  # fmt: skip


def _to_series(series: Series, key: str, clinic: Clinic, now: datetime) -> Asked | None:
    person = _among(clinic.invitees.of_series(series.number), key)
    if person is None:
        return None
    conferences = clinic.conferences.of_series(series.number, now - timedelta(days=1))
    event = series_event(series, conferences)
    off = event.is_never or event.is_over(now)
    coming = [each for each in conferences if each.state is State.PLANNED and each.ends > now]
    return Asked(
        series.ref, person, clinic.invitees.answer_of_series(series.number, key).answer,
        person.zone or series.zone, None if off else event, series.title, series.where,
        _reminded(person, clinic), _days(coming, key, clinic),
    )  # fmt: skip


def _days(conferences: Sequence[Conference], key: str, clinic: Clinic) -> tuple[Day, ...]:
    """The next ones of these to which somebody is invited, in order."""
    found: list[Day] = []
    for each in sorted(conferences, key=lambda each: each.starts):
        given = clinic.invitees.answers(each).get(key)
        if len(found) == MOST_DATES:
            break
        if given is not None:
            token = clinic.links.token(each.ref, key)
            found.append(Day(Time(each.starts, each.minutes), given.answer, token))
    return tuple(found)


def _reminded(person: Invitee, clinic: Clinic) -> tuple[Span, ...]:
    return clinic.reminders.of(person.member or person.key)


def _among(people: tuple[Invitee, ...], key: str) -> Invitee | None:
    return next((each for each in people if each.key == key), None)


def answer(token: str, given: Answer, clinic: Clinic, now: datetime) -> None:
    """Notes what somebody answers by their link; nothing if there is nothing to answer any more."""
    asked = opened(token, clinic, now)
    if asked is None or asked.event is None:
        return
    to = clinic.conferences.find(asked.ref) or clinic.series.find(asked.ref)
    if to is None:
        return
    answered = Answered(given, clinic.invites.of(asked.ref).sequence, now, LINK)
    answers.note(to, asked.person, answered, clinic.people.roster(to.team), clinic, now)


def remind(token: str, spans: tuple[Span, ...], clinic: Clinic, now: datetime) -> None:
    """Notes how long before conferences somebody wants to be reminded."""
    asked = opened(token, clinic, now)
    if asked is not None:
        clinic.reminders.put(asked.person.member or asked.person.key, spans, now)
