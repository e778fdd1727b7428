"""How a flag is shown: one card, for the channel, for those who are asked, and for who asks why."""

from dataclasses import replace
from datetime import datetime

from cards.card import Card, Choice, Detail, Facts, Items, Part, Table, Text, Tone
from pathway.definition import Definition
from pathway.definition_flags import FlagSeverityDef
from pathway.flag import HELD, UNANSWERED, Cause, Flag, State
from pathway.ladder import Rung, still_asked
from pathway.people import Roster
from pathway.when import say_standing

UNTAKEN = UNANSWERED | {State.EXPIRED}


def flag_card(flag: Flag, roster: Roster, definition: Definition, now: datetime) -> Card:
    """The living card: what to do first, where it stands, and, where that may be shown, what it is about."""
    severity = definition.flag_severity(flag.severity)
    parts: list[Part] = []
    if flag.state in UNTAKEN:
        parts.extend(first_words(severity, roster))
    parts.append(Text(standing(flag, roster, roster.team.hours.zone, now)))
    parts.append(Facts(_public_facts(flag, roster, definition, now)))
    label = "" if flag.by_person else flag.label  # what a person wrote stands below in their own words
    about = (("About", label), ("Asked for", flag.service), (_DONE.get(flag.state, ""), flag.done))
    parts.append(Facts(tuple(pair for pair in about if all(pair)), Detail.CLINICAL))
    if flag.live:
        parts.append(Items(tuple(each.says for each in flag.live), detail=Detail.CLINICAL))
    title = f"{flag.ref} · {flag.patient} · {severity.label} · {flag.state}"
    return Card(title, tuple(parts), choices(flag, severity), whole=f"flag show {flag.ref}")


def first_words(severity: FlagSeverityDef, roster: Roster) -> tuple[Text, ...]:
    """What to do before all else at this severity, if anything."""
    if not severity.first:
        return ()
    number = roster.team.emergency_number if severity.breaks_quiet else ""
    return (Text(f"{severity.first} ({number})" if number else severity.first, Tone.WARNING),)


_DONE = {State.RESOLVED: "Done", State.NOT_NEEDED: "Why not"}


def why_card(flag: Flag, roster: Roster, definition: Definition, now: datetime) -> Card:
    """The card with everything that it rests on: rule, version, value, threshold, date, and by whom."""
    card = flag_card(flag, roster, definition, now)
    zone = roster.team.hours.zone
    why = [part for each in flag.causes for part in _why(each, roster, definition, zone, now)]
    others = tuple(each for each in card.choices if each.label != "Why")
    return replace(card, parts=(*card.parts, *why), choices=others)


def _why(cause: Cause, roster: Roster, definition: Definition, zone: str, now: datetime) -> list[Part]:
    known = {each.id: each.label for each in definition.flag_severities}
    who = roster.name(cause.by) if cause.by else "the patient, or time"
    facts = [
        ("Rule", f"{cause.rule}, version {cause.version}" if cause.rule else "Raised by a person"),
        ("Severity", known.get(cause.severity, cause.severity)),
        ("By", f"{who}, {say_standing(cause.at, zone, now)}"),
    ]
    if cause.gone_at:
        facts.append(("Counts no more", f"its entry was corrected, {say_standing(cause.gone_at, zone, now)}"))
    rows = tuple((e.what, e.value, e.threshold, say_standing(e.at, zone, now)) for e in cause.evidence)
    parts: list[Part] = [Facts(tuple(facts), Detail.CLINICAL)]
    if rows:
        parts.append(Table(("What", "Value", "Threshold", "Date"), rows, Detail.CLINICAL))
    return parts


def choices(flag: Flag, severity: FlagSeverityDef) -> tuple[Choice, ...]:
    """What can be done now by anyone concerned, as buttons."""
    ref = flag.ref
    why = Choice("Why", f"flag show {ref}", reaction="❓")
    snooze = (Choice("Snooze", f"flag snooze {ref}"),) if severity.snooze_minutes else ()
    not_needed = Choice("Not needed", f"flag dismiss {ref}")
    discuss = () if flag.private else (Choice("To the agenda", f"flag agenda {ref}"),)
    resolve = Choice("Resolve", f"flag resolve {ref}", urgent=True, reaction="✅")
    match flag.state:
        case State.RAISED | State.ESCALATED:
            return (
                Choice("Claim", f"flag claim {ref}", urgent=True, reaction="👍"),
                *snooze,
                not_needed,
                why,
            )
        case State.CLAIMED:
            still = Choice("Still on it", f"flag claim {ref}", reaction="👍")
            hand_off = () if flag.private else (Choice("Hand off", f"flag handoff {ref}"),)
            release = Choice("Release", f"flag release {ref}")
            return (resolve, still, *snooze, *hand_off, *discuss, release, not_needed, why)
        case State.WAITING:
            return (
                Choice("Claim", f"flag claim {ref}", urgent=True, reaction="👍"),
                resolve,
                *discuss,
                not_needed,
                why,
            )
        case State.EXPIRED:
            after_all = Choice("Claim after all", f"flag claim {ref}", urgent=True, reaction="👍")
            return (after_all, *discuss, not_needed, why)
    return (*discuss, why)


def standing(flag: Flag, roster: Roster, zone: str, now: datetime) -> str:
    """Where the flag stands, in one sentence that names people and times but nothing of the patient."""
    at = say_standing(flag.changed_at or flag.raised_at, zone, now)
    holder = roster.name(flag.holder) if flag.holder else ""
    match flag.state:
        case State.CLAIMED:
            since = say_standing(flag.claimed_at or flag.raised_at, zone, now)
            until = (
                f"; what was done is due {say_standing(flag.answer_by, zone, now)}" if flag.answer_by else ""
            )
            return f"{flag.ref} was claimed by {holder}, {since}{until}."
        case State.WAITING:
            until = say_standing(flag.snoozed_until, zone, now) if flag.snoozed_until else "later"
            return f"{flag.ref} was put off until {until} by {holder}."
        case State.RESOLVED if not flag.closed_by:
            return f"{flag.ref} closed by itself, {at}: what it rested on was corrected."
        case State.RESOLVED:
            return f"{flag.ref} was resolved by {holder}, {at}."
        case State.NOT_NEEDED:
            return f"{flag.ref} was called not needed by {holder}, {at}."
        case State.EXPIRED:
            ring = f" Ring {roster.team.phone}." if roster.team.phone else ""
            return f"Nobody took {flag.ref}; its time ran out {at}. It can still be claimed.{ring}"
    until = f", until {say_standing(flag.answer_by, zone, now)}" if flag.answer_by else ""
    return f"{flag.ref} waits for an answer from {_asked_now(flag, roster, now)}{until}."


def _asked_now(flag: Flag, roster: Roster, now: datetime) -> str:
    if flag.rung is Rung.CHANNEL and not flag.private:
        return "everybody in the channel"
    return ", ".join(roster.name(each) for each in still_asked(flag, roster, now)) or "somebody who is away"


def _public_facts(
    flag: Flag, roster: Roster, definition: Definition, now: datetime
) -> tuple[tuple[str, str], ...]:
    roles = [definition.role(each) for each in flag.roles]
    by = roster.name(flag.raised_by) if flag.raised_by else "Baton"
    pairs = [
        ("Patient", flag.patient),
        ("Severity", definition.flag_severity(flag.severity).label),
        ("Must answer", ", ".join(each.label for each in roles if each)),
        ("Raised", f"{by if flag.by_person else 'by a rule'}, {_raised(flag, roster, now)}"),
    ]
    return tuple(pairs)


def _raised(flag: Flag, roster: Roster, now: datetime) -> str:
    return say_standing(flag.raised_at, roster.team.hours.zone, now)


def theirs(flag: Flag, member: str) -> bool:
    """Whether this member holds the flag now."""
    return flag.state in HELD and flag.holder == member
