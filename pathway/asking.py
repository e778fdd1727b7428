"""Whom a handoff is asked of, until when, and who is next when they stay silent or say no.

The order is: the receiver (one member, or all who hold a role), those who cover for the absent, the
others of the role, the lead, the whole channel; how that ladder is climbed is `pathway.ladder`. After the
channel a handoff expires, which is told and never silent.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from pathway.definition import Definition, UrgencyDef
from pathway.handoff import WAITING, Due, Handoff, Refused, Rung, State, Step, move
from pathway.ladder import able, after, climb, next_due, next_rung, reminded, rung_minutes, still_asked, wait
from pathway.people import Roster

__all__ = [
    "Happened",
    "answering",
    "ask_again",
    "ask_cover",
    "ask_first",
    "ask_next",
    "ask_on",
    "check_answerer",
    "fall_due",
    "hold",
    "keep_out",
    "may_answer",
    "on_rung",
    "still_asked",
    "target_role",
    "wait",
]


class Happened(StrEnum):
    """What a deadline led to, so that the right people can be told."""

    REMINDED = "reminded"
    WIDENED = "widened"
    EXPIRED = "expired"
    NAGGED = "nagged"
    LEAD_TOLD = "lead told"
    CHANNEL_TOLD = "channel told"


def answering(roster: Roster, definition: Definition) -> Roster:
    """The team without those who can't take a patient over: who neither lead nor have a role that may."""
    return able(roster, definition, "handoff")


def target_role(handoff: Handoff, roster: Roster) -> str:
    """The role that a handoff is for. Of one offered to a member it is the role they had then."""
    return handoff.to_role or roster.role(handoff.to_member)


def on_rung(handoff: Handoff, rung: Rung, roster: Roster, now: datetime) -> tuple[str, ...]:
    """Who is newly asked on a rung: present, not the sender, not asked before, has not said no."""
    first = (handoff.to_member,) if handoff.to_member else roster.holders(handoff.to_role)
    match rung:
        case Rung.RECEIVER:
            wanted = first
        case Rung.COVER:
            wanted = tuple(roster.cover(each, now) for each in first)
        case Rung.ROLE:
            wanted = roster.holders(target_role(handoff, roster))
        case Rung.LEAD:
            wanted = roster.standing_in(roster.leads(), now)
        case Rung.CHANNEL:
            wanted = tuple(each.member.id for each in roster.places)
    past = {handoff.sender, *handoff.asked, *handoff.declined, *handoff.kept_out}
    fresh = [each for each in roster.present(wanted, now) if each not in past]
    return tuple(dict.fromkeys(fresh))


def ask_first(handoff: Handoff, roster: Roster, urgency: UrgencyDef, now: datetime) -> Handoff:
    """A new handoff, asked of its first rung that has somebody in it."""
    meant = replace(handoff, to_role=target_role(handoff, roster))
    return _ask(meant, Rung.RECEIVER, roster, urgency, now)


def ask_next(handoff: Handoff, roster: Roster, urgency: UrgencyDef, now: datetime) -> Handoff:
    """The handoff asked of the next rung. On the last rung it keeps waiting there for whoever is left."""
    return _ask(handoff, next_rung(handoff), roster, urgency, now)


def _ask(handoff: Handoff, rung: Rung, roster: Roster, urgency: UrgencyDef, now: datetime) -> Handoff:
    return climb(handoff, rung, lambda each: on_rung(handoff, each, roster, now), roster, urgency, now)


def ask_on(handoff: Handoff, roster: Roster, urgency: UrgencyDef, now: datetime) -> Handoff:
    """The handoff after one of those asked said no or went away.

    While others of them are left their clock goes on; else the next rung is asked. On the last rung,
    where there is no next, the clock goes on to the end.
    """
    if handoff.rung is Rung.CHANNEL or still_asked(handoff, roster, now):
        return next_due(handoff, rung_minutes(handoff, urgency), Due.ESCALATE, roster, urgency, now)
    return ask_next(handoff, roster, urgency, now)


def ask_again(handoff: Handoff, roster: Roster, urgency: UrgencyDef, now: datetime) -> Handoff:
    """A handoff that was given back: asked anew of those who had been asked with the one who took it."""
    if still_asked(handoff, roster, now):
        return wait(handoff, roster, urgency, now)
    return ask_next(handoff, roster, urgency, now)


def ask_cover(handoff: Handoff, cover: str) -> Handoff:
    """The same handoff, asked of somebody's cover too; the clock of its rung goes on."""
    past = (handoff.sender, *handoff.asked, *handoff.declined, *handoff.kept_out)
    if handoff.state not in WAITING or cover in past:
        return handoff
    return replace(handoff, asked=(*handoff.asked, cover))


def keep_out(handoff: Handoff, member: str) -> Handoff:
    """The same handoff, of which this member is asked no more, nor may answer it."""
    asked = tuple(each for each in handoff.asked if each != member)
    return replace(handoff, asked=asked, kept_out=(*handoff.kept_out, member))


def hold(handoff: Handoff, roster: Roster, urgency: UrgencyDef, now: datetime) -> Handoff:
    """A handoff that somebody holds, with the moment of its next duty: to introduce, or to complete.

    Both count from the acceptance; a completion that is overdue by then is due one reminder later.
    """
    start = handoff.answered_at or now
    if handoff.state is State.ACCEPTED:
        at = after(start, urgency.introduce_minutes, roster, urgency)
        return replace(handoff, due=Due.INTRODUCE, due_at=at, answer_by=at, nagged=0)
    by = at = after(start, urgency.complete_minutes, roster, urgency)
    if at <= now:
        at = after(now, urgency.nag_minutes, roster, urgency)
    return replace(handoff, due=Due.COMPLETE, due_at=at, answer_by=by, nagged=0)


def fall_due(
    handoff: Handoff, roster: Roster, urgency: UrgencyDef, now: datetime
) -> tuple[Handoff, Happened | None]:
    """What becomes of a handoff whose `due_at` has come, however late that was noticed.

    One call does one thing and sets the next moment after `now`, so that an outage delays what was
    missed but does not fire all of it at once. Nothing happens before `due_at`.
    """
    if handoff.due_at is None or handoff.due_at > now:
        return handoff, None
    if handoff.state in WAITING:
        return _silence(handoff, roster, urgency, now)
    return _overdue(handoff, roster, urgency, now)


def _silence(
    handoff: Handoff, roster: Roster, urgency: UrgencyDef, now: datetime
) -> tuple[Handoff, Happened]:
    minutes = rung_minutes(handoff, urgency)
    again = reminded(handoff, minutes, Due.ESCALATE, roster, urgency, now)
    if again is not None:
        return again, Happened.REMINDED
    if handoff.rung is Rung.CHANNEL:
        return move(handoff, Step.EXPIRE, "", now), Happened.EXPIRED
    widened = move(handoff, Step.ESCALATE, "", now)
    return ask_next(widened, roster, urgency, now), Happened.WIDENED


def _overdue(
    handoff: Handoff, roster: Roster, urgency: UrgencyDef, now: datetime
) -> tuple[Handoff, Happened]:
    nagged = handoff.nagged + 1
    if nagged <= urgency.nag_times:
        happened = Happened.NAGGED
    else:
        happened = Happened.LEAD_TOLD if nagged == urgency.nag_times + 1 else Happened.CHANNEL_TOLD
    if happened is Happened.CHANNEL_TOLD:
        return replace(handoff, due=Due.NOTHING, due_at=None, nagged=nagged), happened
    at = after(now, urgency.nag_minutes, roster, urgency)
    return replace(handoff, due_at=at, nagged=nagged), happened


def may_answer(handoff: Handoff, member: str, roster: Roster) -> bool:
    """Whether this member may answer: was asked, has the role, leads, or all were asked."""
    if member == handoff.sender or member in handoff.kept_out:
        return False
    of_role = roster.role(member) != "" and roster.role(member) == target_role(handoff, roster)
    return member in handoff.asked or of_role or member in roster.leads() or handoff.rung is Rung.CHANNEL


def check_answerer(handoff: Handoff, member: str, roster: Roster) -> None:
    """Raises Refused unless this member `may_answer`."""
    if may_answer(handoff, member, roster):
        return
    if member == handoff.sender:
        raise Refused(f"You offered {handoff.ref} yourself, so somebody else has to answer it.")
    if member in handoff.kept_out:
        raise Refused(
            f"You were taken off the care team of {handoff.patient} while {handoff.ref} was open, "
            "so somebody else has to answer it."
        )
    raise Refused(
        f"{handoff.ref} was not offered to you: those asked, their role and the lead can answer it."
    )
