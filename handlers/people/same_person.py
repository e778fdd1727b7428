"""Two members who turn out to be one person: everything that was the one's becomes the other's."""

from dataclasses import replace
from datetime import datetime

from handlers.actions.give import take_over
from handlers.flags import post as flag_post
from handlers.handoffs.post import let_asked_see, show
from handlers.live import roll as session_roll
from pathway.flag import Flag
from pathway.handoff import Handoff
from pathway.people import Roster
from storage.clinic import Clinic


def merge(other: str, member: str, clinic: Clinic, now: datetime) -> None:
    """Gives `member` the places, patients, open handoffs and flags of `other`, who then works in no team.

    Where both have a place in a team, the member keeps the role that they have there. What is over stays
    in the other's name, as the journal does.
    """
    clinic.people.rename_absent(other, member)
    clinic.duty.rename(other, member)
    clinic.invitees.rename(other, member)
    clinic.polls.rename(other, member)
    for shelf in (clinic.invites, clinic.reminders, clinic.feeds, clinic.busy, clinic.steering):
        shelf.rename(other, member)
    _keep_mailbox(other, member, clinic)
    for team in clinic.people.teams_of(other):
        _take_place(other, member, team, clinic, now)
        for patient in clinic.patients.seen_by(other, team, limit=100_000):
            clinic.patients.let_see(patient.code, member, now)
        theirs = clinic.handoffs.open_with(other, team)
        actions = [each for each in clinic.actions.of_owner(other, limit=1000) if each.team == team]
        flags = [each for each in clinic.flags.open_of_member(other, [team]) if each.team == team]
        clinic.people.leave(team, other, now)
        clinic.patients.end_all_access(other, team)
        clinic.journal.write("team leave", f"team:{team}", now, by=member, was=f"member:{other}")
        session_roll.rename(other, member, team, clinic, now)
        clinic.rows.session.flush()
        roster = clinic.people.roster(team)
        for handoff in theirs:
            renamed = _renamed(handoff, other, member)
            clinic.handoffs.put(renamed, "taken over by linking", now, by=member)
            if member in renamed.asked and not renamed.receiver:
                let_asked_see(renamed, [member], clinic, now)
            show(renamed, roster, clinic, now)
        for action in actions:
            take_over(action, member, roster, clinic, now)
        for flag in flags:
            _take_flag(flag, other, member, roster, clinic, now)


def _keep_mailbox(other: str, member: str, clinic: Clinic) -> None:
    """Invitations go where they went, if the member has said nothing else."""
    was, now_is = clinic.people.member(other), clinic.people.member(member)
    if was is not None and now_is is not None and not now_is.email:
        clinic.people.save(replace(now_is, email=was.email))


def _take_flag(flag: Flag, other: str, member: str, roster: Roster, clinic: Clinic, now: datetime) -> None:
    def now_are(whom: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(member if each == other else each for each in whom))

    renamed = replace(
        flag,
        holder=member if flag.holder == other else flag.holder,
        raised_by=member if flag.raised_by == other else flag.raised_by,
        asked=now_are(flag.asked),
        declined=now_are(flag.declined),
        earlier=now_are(flag.earlier),
    )
    clinic.flags.put(renamed, "taken over by linking", now, by=member)
    flag_post.let_asked_see(renamed, [member], clinic, now)
    flag_post.show(renamed, roster, clinic, now)


def _take_place(other: str, member: str, team_id: str, clinic: Clinic, now: datetime) -> None:
    roster = clinic.people.roster(team_id)
    if roster.member(member) is None:
        clinic.people.join(team_id, member, roster.role(other), now)
        clinic.journal.write("team join", f"team:{team_id}", now, by=member, became=roster.role(other))
    if roster.team.lead == other:
        clinic.people.save_team(replace(roster.team, lead=member))


def _renamed(handoff: Handoff, other: str, member: str) -> Handoff:
    def now_is(who: str) -> str:
        return member if who == other else who

    sender = now_is(handoff.sender)
    kept_out = tuple(dict.fromkeys(now_is(each) for each in handoff.kept_out))
    asked = dict.fromkeys(now_is(each) for each in handoff.asked)
    return replace(
        handoff,
        sender=sender,
        to_member=now_is(handoff.to_member),
        asked=tuple(each for each in asked if each not in (sender, *kept_out)),
        declined=tuple(dict.fromkeys(now_is(each) for each in handoff.declined)),
        kept_out=kept_out,
        asker=now_is(handoff.asker),
        receiver=now_is(handoff.receiver),
    )
