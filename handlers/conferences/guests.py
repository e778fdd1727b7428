"""Whom of the team a series or conference invites: everybody, or single disciplines; kept as people come."""

from collections.abc import Iterable
from datetime import datetime

from handlers.conferences import post as conference_post
from handlers.conferences.expected import discipline
from handlers.conferences.post import SHOWN_AHEAD, reminder
from handlers.invitations import invitations
from handlers.request import Caller
from pathway.conference import Conference, State
from pathway.invitee import Answer, Invitee, Kind, member_key
from pathway.people import Member, Roster
from pathway.series import EVERYBODY, Series
from storage.clinic import Clinic

MOST_LOOKED_AT = 500


def invite_team(to: Series | Conference, by: Caller, clinic: Clinic, now: datetime) -> None:
    """Invites those of the team whom it is for."""
    for each in of_team(by.roster, to.whom, clinic):
        clinic.invitees.invite(to, each, now, by=by.id)
    tell_guests(to, clinic, now)


def copy_guests(before: Series, after: Series, clinic: Clinic, now: datetime, *, answers: bool) -> None:
    """Invites to a series whom another invited; with `answers` they have answered as they had."""
    for each in clinic.invitees.of_series(before.number):
        clinic.invitees.invite(after, each, now)
        given = clinic.invitees.answer_of_series(before.number, each.key)
        if answers and given.answer is not Answer.NEEDS_ACTION:
            clinic.invitees.put_answer(
                after, each.key, given.answer, 0, given.stamped_at, given.via, now=now, said=given.said,
                delegate=given.delegate,
            )  # fmt: skip


def place_changed(member: str, before: str | None, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """A member has joined the team, or changed their discipline: what is for it invites them from now on.

    `before` is the discipline they had, None for nobody of the team. Whom the lead took off stays off.
    """
    after = discipline(member, roster, clinic.definition)
    place = roster.member(member)
    if place is None:
        return
    coming = clinic.conferences.upcoming(roster.team.id, now, limit=MOST_LOOKED_AT)
    alone = [each for each in coming if not each.series]
    asking: list[Series | Conference] = [*_going_on(roster.team.id, clinic, now), *alone]
    for to in asking:
        meant_before = before is not None and _means(to.whom, before)
        if _means(to.whom, after) and not meant_before:
            invite(to, as_invitee(place, roster, clinic), clinic, now)
        elif meant_before and not _means(to.whom, after):
            _take_off(to, member, clinic, now)
    for to in (*asking, *coming):
        clinic.invitees.note_discipline(to, member_key(member), after)


def left(member: str, team: str, clinic: Clinic, now: datetime) -> None:
    """A member has left the team: they are invited to nothing of it that is still to come."""
    for series in _going_on(team, clinic, now):
        _take_off(series, member, clinic, now)
    for conference in clinic.conferences.upcoming(team, now, limit=MOST_LOOKED_AT):
        _take_off(conference, member, clinic, now)


def _take_off(to: Series | Conference, member: str, clinic: Clinic, now: datetime) -> None:
    invited = (
        clinic.invitees.of_series(to.number) if isinstance(to, Series) else clinic.invitees.of_conference(to)
    )
    for each in invited:
        if each.member == member:
            uninvite(to, each, clinic, now)


def invite(to: Series | Conference, guest: Invitee, clinic: Clinic, now: datetime, *, by: str = "") -> None:
    """Invites somebody, who will be told."""
    clinic.invitees.invite(to, guest, now, by=by)
    tell_guests(to, clinic, now)
    _show(to, clinic, now)


def uninvite(to: Series | Conference, guest: Invitee, clinic: Clinic, now: datetime, *, by: str = "") -> None:
    """Takes an invitation back; whom it was sent to is told at once."""
    clinic.invitees.uninvite(to, guest, now, by=by)
    tell_guests(to, clinic, now, at_once=True)
    for each in _near(to, clinic, now):
        clinic.outbox.hush(reminder(each, guest))
    _show(to, clinic, now)


def _show(to: Series | Conference, clinic: Clinic, now: datetime) -> None:
    """Lets the cards that stand say who is expected now."""
    clinic.rows.session.flush()
    for each in _near(to, clinic, now):
        conference_post.show(each, clinic.people.roster(each.team), clinic, now)


def _near(to: Series | Conference, clinic: Clinic, now: datetime) -> list[Conference]:
    """The conferences whose cards stand by now: this one, or those of a series."""
    days = [to] if isinstance(to, Conference) else clinic.conferences.of_series(to.number, now)
    return [e for e in days if e.state is State.PLANNED and now < e.starts <= now + SHOWN_AHEAD]


def tell_guests(to: Series | Conference, clinic: Clinic, now: datetime, *, at_once: bool = False) -> None:
    """Who is invited by mail is told what is otherwise with a series or a conference."""
    if isinstance(to, Conference):
        invitations.changed(clinic, now, conference=to, at_once=at_once)
    else:
        invitations.changed(clinic, now, series=to.number, at_once=at_once)


def _going_on(team: str, clinic: Clinic, now: datetime) -> list[Series]:
    return [each for each in clinic.series.of_team(team) if each.goes_on(now)]


def _means(whom: Iterable[str], discipline: str) -> bool:
    return EVERYBODY in whom or (discipline != "" and discipline in whom)


def of_team(roster: Roster, whom: Iterable[str], clinic: Clinic) -> list[Invitee]:
    """Those of the team whom `whom` means: EVERYBODY, or disciplines."""
    wanted = tuple(whom)
    invited = (as_invitee(each.member, roster, clinic) for each in roster.places)
    return [each for each in invited if _means(wanted, each.discipline)]


def as_invitee(member: Member, roster: Roster, clinic: Clinic) -> Invitee:
    """A member of the team as somebody who is invited."""
    return Invitee(
        member_key(member.id), Kind.MEMBER, member.name, member.email, member.id,
        discipline(member.id, roster, clinic.definition), zone=member.zone,
    )  # fmt: skip
