"""One change of a conference: is it allowed, has somebody else just changed it, and who is told."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cards.card import Card, Choice, Detail, Items, Part, Text, Tone
from cards.form import Kind, ask
from handlers.conferences import post as conference_post
from handlers.line import say
from handlers.patients import access
from handlers.request import Caller
from pathway.conference import MOVES, Conference, State, Step, move
from pathway.conference_words import say_conference, say_elsewhere
from pathway.handoff import Refused
from pathway.people import Roster
from pathway.when import say_span
from storage.clinic import Clinic

JUST_NOW = timedelta(minutes=10)
"""A change by somebody else that is not older than this is said before the same thing is changed again."""
PLANNING = frozenset(
    {f"conference {done}" for done in ("moved", "lengthened", "placed", "cancelled", "restored", "changed")}
    | {f"series {done}" for done in ("changed", "goes on", "ended", "keeps a holiday")}
)
"""What the journal calls such changes."""


@dataclass(frozen=True)
class Named:
    """A conference, and whether to do it in spite of what speaks against it."""

    conference: str = ask("Conference", Kind.CONFERENCE, example="C-12")


def found(ref: str, step: Step, by: Caller, clinic: Clinic) -> tuple[Conference, Caller]:
    """The conference, for whoever runs conferences in its team, if this can be done with it now."""
    conference, by = access.conference(ref, by, clinic)
    may_plan(by)
    if step not in MOVES[conference.state]:
        now_is = f"{conference.ref} is {conference.state}, so that can't be done now"
        hint = " `conference end` ends it." if conference.state == "running" else ""
        raise Refused(f"{now_is}.{hint}")
    return conference, by


def may_plan(by: Caller) -> None:
    """Raises Refused for somebody who does not run conferences in that team."""
    if not by.may("conference"):
        raise Refused(f"In {by.roster.team.name} your role can't plan conferences.")


def just_changed(ref: str, by: Caller, clinic: Clinic, now: datetime) -> str:
    """What somebody else did with it a moment ago, as a sentence; "" if nobody did."""
    for entry in reversed(clinic.journal.of(subject=ref, limit=20)):
        if now - entry.at > JUST_NOW:
            return ""
        if entry.action in PLANNING and entry.member not in ("", by.id):
            ago = say_span(now - entry.at)
            return f"{by.roster.name(entry.member)} changed {ref} {ago} ago ({entry.action})."
    return ""


def not_yet(
    title: str, why: Iterable[str], command: str, asked: dict[str, str], more: tuple[Choice, ...] = ()
) -> Card:
    """The answer to what is not done before it is asked for a second time."""
    anyway = Choice("Do it all the same", say(command, {**asked, "anyway": "yes"}), urgent=True)
    return Card(title, tuple(Text(each, Tone.WARNING) for each in why), (anyway, *more))


def change(
    conference: Conference, by: Caller, clinic: Clinic, now: datetime, action: str, *, note: str = "",
    **fields: object,
) -> Conference:  # fmt: skip
    """Writes a planned conference that is changed; who has answered for another time is asked again."""
    changed = replace(move(conference, Step.CHANGE, now), sequence=conference.sequence + 1, **fields)  # type: ignore[arg-type]
    if changed.starts != conference.starts:
        clinic.invitees.ask_again(changed)
    conference_post.save(changed, action, by.roster, clinic, now, by=by.id, note=note)
    return changed


def tell(
    conference: Conference, says: str, roster: Roster, clinic: Clinic, now: datetime, *parts: Part
) -> None:
    """A fresh message in the team's rooms that something about a conference is otherwise now."""
    zones = [each.member.zone for each in roster.places if each.member.zone]
    elsewhere = say_elsewhere(conference.starts, conference.zone, zones)
    coming = conference.state is State.PLANNED and elsewhere
    said = (Text(f"That is {elsewhere}."),) if coming else ()
    choices = (Choice("Show", f"conference show {conference.ref}"),)
    announce(says, roster, clinic, now, (*said, *parts), choices, conference.ref)


def reason(text: str) -> tuple[Text, ...]:
    """Why something is so, as it was typed: it may tell of a patient, and so a room may not show it."""
    return (Text(text, Tone.QUOTE, Detail.CLINICAL),) if text else ()


def announce(
    says: str, roster: Roster, clinic: Clinic, now: datetime, parts: Iterable[Part] = (),
    choices: tuple[Choice, ...] = (Choice("What is planned", "conference list"),), subject: str = "",
) -> None:  # fmt: skip
    """A fresh message in the team's rooms, after quiet hours."""
    at = roster.team.hours.quiet_until(now)
    card = Card(says, tuple(parts), choices)
    clinic.outbox.announce(roster.team.id, card, now, subject=subject, send_after=at)


def listed(conferences: Iterable[Conference], heading: str, by: Caller, now: datetime) -> tuple[Items, ...]:
    """A line for each of these conferences, in the caller's zone; nothing if there are none."""
    lines = tuple(f"{each.ref}: {say_conference(each, by.zone, now)}" for each in conferences)
    return (Items(lines, heading),) if lines else ()
