"""Whom a flag is asked of, until when, and who is next when they stay silent.

The order is: who is on duty in the discipline that must answer, those who cover for them, everybody of the
roles that may answer, the lead, the whole channel. After the channel a flag expires, which is told and told
again, a few times. A private flag has no channel: there those who were asked are asked once more.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from pathway.definition_flags import FlagSeverityDef
from pathway.flag import UNANSWERED, Flag, State, Step, move
from pathway.ladder import (
    Due,
    Refused,
    Rung,
    after,
    climb,
    give_time,
    next_due,
    next_rung,
    reminded,
    rung_minutes,
    still_asked,
    wait,
)
from pathway.people import Roster

Duty = Mapping[str, tuple[str, ...]]
"""Who is on duty in each role; a role that is not named has no rota: all who hold it are."""


class Happened(StrEnum):
    """What a deadline led to, so that the right people can be told."""

    REMINDED = "reminded"
    WIDENED = "widened"
    EXPIRED = "expired"
    REPEATED = "told again"
    HOLDER_REMINDED = "holder reminded"
    LAPSED = "lapsed"
    WOKEN = "asked again"


def on_rung(flag: Flag, rung: Rung, roster: Roster, duty: Duty, now: datetime) -> tuple[str, ...]:
    """Who is newly asked on a rung: present, not asked before, and not the person who raised it."""
    role = flag.roles[0] if flag.roles else ""
    first = duty.get(role, roster.holders(role))
    match rung:
        case Rung.RECEIVER:
            wanted = first
        case Rung.COVER:
            wanted = tuple(roster.cover(each, now) for each in first)
        case Rung.ROLE:
            wanted = tuple(each for role in flag.roles for each in roster.holders(role))
        case Rung.LEAD:
            wanted = roster.standing_in(roster.leads(), now)
        case Rung.CHANNEL:
            wanted = () if flag.private else tuple(each.member.id for each in roster.places)
    raiser = {flag.raised_by} if flag.by_person else set()
    past = {*raiser, *flag.asked, *flag.declined}
    return tuple(dict.fromkeys(each for each in roster.present(wanted, now) if each not in past))


def ask_first(flag: Flag, roster: Roster, duty: Duty, spans: FlagSeverityDef, now: datetime) -> Flag:
    """A new flag, or one that is asked anew, asked of its first rung that has somebody in it."""
    return _ask(flag, Rung.RECEIVER, roster, duty, spans, now)


def ask_next(flag: Flag, roster: Roster, duty: Duty, spans: FlagSeverityDef, now: datetime) -> Flag:
    """The flag asked of the next rung. On the last rung it keeps waiting there for whoever is left."""
    return _ask(flag, next_rung(flag), roster, duty, spans, now)


def _ask(flag: Flag, rung: Rung, roster: Roster, duty: Duty, spans: FlagSeverityDef, now: datetime) -> Flag:
    return climb(flag, rung, lambda each: on_rung(flag, each, roster, duty, now), roster, spans, now)


def ask_again(flag: Flag, roster: Roster, duty: Duty, spans: FlagSeverityDef, now: datetime) -> Flag:
    """A flag that is nobody's again: asked of those who had been asked, or else of whoever is next."""
    if still_asked(flag, roster, now):
        return wait(flag, roster, spans, now)
    return ask_next(flag, roster, duty, spans, now)


def ask_on(flag: Flag, roster: Roster, duty: Duty, spans: FlagSeverityDef, now: datetime) -> Flag:
    """The flag after one of those asked went away: while others are left their clock goes on."""
    if flag.rung is Rung.CHANNEL or still_asked(flag, roster, now):
        return next_due(flag, rung_minutes(flag, spans), Due.ESCALATE, roster, spans, now)
    return ask_next(flag, roster, duty, spans, now)


def ask_cover(flag: Flag, cover: str) -> Flag:
    """The same flag, asked of somebody's cover too; the clock of its rung goes on."""
    raiser = flag.raised_by if flag.by_person else ""
    if flag.state not in UNANSWERED or cover in (raiser, *flag.asked, *flag.declined):
        return flag
    return replace(flag, asked=(*flag.asked, cover))


def hold(flag: Flag, roster: Roster, spans: FlagSeverityDef, now: datetime) -> Flag:
    """A claimed flag, with the time its holder has to say what was done, or that they are still on it."""
    return give_time(flag, spans.claim_minutes, Due.LAPSE, roster, spans, now)


def snooze(
    flag: Flag, until: datetime, by: str, roster: Roster, spans: FlagSeverityDef, now: datetime
) -> Flag:
    """The flag put off until a moment. Raises Refused past what its severity allows in all."""
    moved = move(flag, Step.SNOOZE, by, now)
    if not spans.snooze_minutes:
        raise Refused(
            f"{flag.ref} can't be put off: its severity is {spans.label.lower()}. Claim it, or say why not."
        )
    started = flag.snoozed_from or now
    if until > after(started, spans.snooze_minutes, roster, spans):
        raise Refused(f"{flag.ref} can be put off for {say_minutes(spans)} in all: name an earlier time.")
    return replace(moved, snoozed_from=started, snoozed_until=until, due=Due.WAKE, due_at=until)


def say_minutes(spans: FlagSeverityDef) -> str:
    """How long a flag of this severity can be put off, in words."""
    minutes = spans.snooze_minutes
    long = f"{minutes} minutes" if minutes < 120 else f"{minutes / 60:.3g} hours"
    return f"{long} of working time" if spans.clock == "working" else long


def fall_due(
    flag: Flag, roster: Roster, duty: Duty, spans: FlagSeverityDef, now: datetime
) -> tuple[Flag, Happened | None]:
    """What becomes of a flag whose `due_at` has come, however late that was noticed.

    One call does one thing and sets the next moment after `now`. Nothing happens before `due_at`.
    """
    if flag.due_at is None or flag.due_at > now:
        return flag, None
    if flag.state in UNANSWERED:
        return _silence(flag, roster, duty, spans, now)
    if flag.state is State.CLAIMED:
        again = reminded(flag, spans.claim_minutes, Due.LAPSE, roster, spans, now)
        if again is not None:
            return again, Happened.HOLDER_REMINDED
        lapsed = move(flag, Step.LAPSE, "", now)
        return ask_next(lapsed, roster, duty, spans, now), Happened.LAPSED
    if flag.state is State.WAITING:
        woken = move(flag, Step.WAKE, "", now)
        return ask_again(woken, roster, duty, spans, now), Happened.WOKEN
    return _repeat(replace(flag, nagged=flag.nagged + 1), roster, spans, now), Happened.REPEATED


def _silence(
    flag: Flag, roster: Roster, duty: Duty, spans: FlagSeverityDef, now: datetime
) -> tuple[Flag, Happened]:
    again = reminded(flag, rung_minutes(flag, spans), Due.ESCALATE, roster, spans, now)
    if again is not None:
        return again, Happened.REMINDED
    if flag.rung is Rung.CHANNEL:
        return _repeat(move(flag, Step.EXPIRE, "", now), roster, spans, now), Happened.EXPIRED
    widened = move(flag, Step.ESCALATE, "", now)
    return ask_next(widened, roster, duty, spans, now), Happened.WIDENED


def _repeat(flag: Flag, roster: Roster, spans: FlagSeverityDef, now: datetime) -> Flag:
    """An expired flag with the moment at which that is said once more, as long as it may be."""
    if flag.nagged >= spans.repeat_times:
        return replace(flag, due=Due.NOTHING, due_at=None)
    return replace(flag, due=Due.REPEAT, due_at=after(now, spans.repeat_minutes, roster, spans))


def may_answer(flag: Flag, member: str, roster: Roster) -> bool:
    """Whether this member may answer: was asked, has one of the roles, leads, or everybody was asked."""
    here = roster.member(member) is not None
    named = member in (*flag.asked, *flag.earlier, *roster.leads()) or roster.role(member) in flag.roles
    return here and (named or (flag.rung is Rung.CHANNEL and not flag.private))


def concerns(flag: Flag, member: str, roster: Roster) -> bool:
    """Whether a flag is this member's to see if it is private: they raised it, hold it or may answer it."""
    return member in (flag.raised_by, flag.holder) or may_answer(flag, member, roster)


def check_answerer(flag: Flag, member: str, roster: Roster) -> None:
    """Raises Refused unless this member may answer."""
    if not may_answer(flag, member, roster):
        raise Refused(f"{flag.ref} was not put to you: those asked, their role and the lead can answer it.")
