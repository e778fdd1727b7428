"""Flags as they begin, and what becomes of an open one when a cause is added to it or taken from it."""

from dataclasses import replace
from datetime import datetime

from cards.card import Card, Detail, Items, Text
from handlers.flags.card import choices
from handlers.flags.post import (
    answerers,
    ask_further,
    duty_of,
    inform,
    remind,
    save,
    severity_of,
    tell_asked,
)
from handlers.live import flags as session_flags
from pathway.flag import HELD, UNANSWERED, Flag, State, Step, move
from pathway.flag_asking import ask_first
from pathway.flag_causes import most_severe
from pathway.ladder import still_asked, wait
from pathway.people import Roster
from storage.clinic import Clinic


def begin(fresh: Flag, roster: Roster, clinic: Clinic, now: datetime) -> Flag:
    """A new flag: shown in the team's rooms, and asked of those who must answer first."""
    able = answerers(roster, clinic)
    raised = ask_first(fresh, able, duty_of(fresh, roster, clinic, now), severity_of(fresh, clinic), now)
    save(raised, "raised", roster, clinic, now, by=fresh.raised_by, note=fresh.label)
    ask_further(fresh, raised, roster, clinic, now)
    session_flags.offer(raised, roster, clinic, now)
    return raised


def settle(before: Flag, after: Flag, roster: Roster, clinic: Clinic, now: datetime, *, by: str = "") -> Flag:
    """An open flag whose causes have changed: closed, downgraded, asked anew, or shown with what is new.

    `after` has the causes as they are now, and is otherwise as `before`. With none left that counts it
    closes; a higher severity asks everybody anew, as does a new cause of one that nobody took. Whoever holds
    it is told of what was added.
    """
    if not after.live:
        return _withdrawn(before, after, roster, clinic, now, by)
    severity = most_severe(after.live, clinic.definition)
    rank = clinic.definition.flag_rank
    more = len(after.causes) > len(before.causes)
    if rank(severity) > rank(before.severity) or (more and before.state is State.EXPIRED):
        return _asked_anew(before, replace(after, severity=severity), roster, clinic, now, by)
    following = replace(after, severity=severity)
    action = "cause added" if more else "cause withdrawn"
    if severity != before.severity:
        action = "downgraded"
        if following.state in UNANSWERED:
            following = wait(following, roster, severity_of(following, clinic), now)
    save(following, action, roster, clinic, now, by=by)
    if following.holder != by and not severity_of(following, clinic).digest:
        _tell_holder(following, before, roster, clinic, now)
    return following


def _tell_holder(flag: Flag, before: Flag, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Who has it in their hands hears of what changes it; for all others their card is edited."""
    if flag.state not in HELD:
        return
    added = flag.causes[len(before.causes) :]
    if added:
        says, lines = f"Something was added to {flag.ref}, which is yours", tuple(each.says for each in added)
    elif flag.severity != before.severity:
        label = severity_of(flag, clinic).label.lower()
        says, lines = f"{flag.ref} is {label} now: a part of what it rested on was corrected", ()
    else:
        return
    parts = (Items(lines, detail=Detail.CLINICAL),) if lines else ()
    inform(
        flag, [flag.holder], Card(says, parts, choices(flag, severity_of(flag, clinic))), roster, clinic, now
    )


def _withdrawn(before: Flag, after: Flag, roster: Roster, clinic: Clinic, now: datetime, by: str) -> Flag:
    closed = move(after, Step.WITHDRAW, by, now)
    save(closed, "withdrawn", roster, clinic, now, by=by, note=closed.done)
    if before.holder:
        says = f"{closed.ref} closed by itself: what it rested on was corrected"
        inform(closed, [before.holder], Card(says), roster, clinic, now)
    return closed


def _asked_anew(before: Flag, after: Flag, roster: Roster, clinic: Clinic, now: datetime, by: str) -> Flag:
    """Asks the chain from its beginning; who had it in their hands, or was asked, hears of it too."""
    anew = move(after, Step.ASK_ANEW, by, now)
    severity = severity_of(anew, clinic)
    able = answerers(roster, clinic)
    raised = ask_first(anew, able, duty_of(anew, roster, clinic, now), severity, now)
    # Who raised it themselves asks others, also when they had claimed it meanwhile.
    theirs = anew.by_person and before.holder == anew.raised_by
    here = able.present([before.holder], now) if before.holder and not theirs else ()
    raised = replace(raised, asked=(*raised.asked, *(each for each in here if each not in raised.asked)))
    save(raised, "asked anew", roster, clinic, now, by=by)
    known = set(before.asked) | set(before.earlier)
    says = f"{raised.ref} is asked anew: {severity.label.lower()}"
    ask_further(anew, replace(raised, asked=()), roster, clinic, now)
    tell_asked(raised, [each for each in raised.asked if each not in known], roster, clinic, now)
    again = [each for each in still_asked(raised, able, now) if each in known]
    tell_asked(raised, again, roster, clinic, now)
    remind(raised, again, says, roster, clinic, now)
    session_flags.offer(raised, roster, clinic, now)
    if before.holder and before.holder not in raised.asked:
        inform(raised, [before.holder], Card(says, (Text("It is nobody's now."),)), roster, clinic, now)
    return raised
