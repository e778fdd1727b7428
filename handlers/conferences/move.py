"""One conference is moved, made longer or shorter, or held elsewhere; its series stays as it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cards.card import Card, Choice, Part, Text, Tone
from cards.form import Kind, ask
from handlers.conferences import plain_words
from handlers.conferences.step import Named, change, found, just_changed, not_yet, tell
from handlers.request import Caller
from pathway.conference import Conference, Step
from pathway.conference_words import say_conference, say_slot
from pathway.handoff import Refused
from pathway.series import MOST_MINUTES
from pathway.slot_words import read_moved
from pathway.when import PAST, BadWhen, read_span, say_span, say_when
from storage.clinic import Clinic


@dataclass(frozen=True)
class Move(Named):
    """A conference, and when it is to be."""

    to: str = ask("To when", example="thu 14:00-15:00", hint="A day, a time or both, in the team's zone.")
    anyway: bool = ask("In spite of what speaks against it?", Kind.YES_NO, default="no", word=True)


@dataclass(frozen=True)
class Lengthen(Named):
    """A conference, and how long it is to be."""

    long: str = ask("How long", example="90 min", hint="All of it, like 90 min; or by 15 min more or less.")
    anyway: bool = ask("In spite of what speaks against it?", Kind.YES_NO, default="no", word=True)


@dataclass(frozen=True)
class Place(Named):
    """A conference, and where it is to be."""

    where: str = ask("Where", example="Room 4", hint="A room or a link.")


def move_it(asked: Move, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Moves one conference; the series still has it where it had it."""
    before, by = found(asked.conference, Step.CHANGE, by, clinic)
    try:
        local, minutes = read_moved(asked.to, before, now)
    except BadWhen as error:
        raise Refused(str(error)) from error
    starts = local.astimezone(before.starts.tzinfo)
    if starts <= now:
        raise Refused(PAST)
    if (starts, minutes) == (before.starts, before.minutes):
        raise Refused(f"{before.ref} is {say_conference(before, by.zone, now)} already.")
    if not asked.anyway:
        against = _against(before, starts, minutes, by, clinic, now)
        if against:
            when = say_slot(starts, minutes, by.zone, now)
            return not_yet(
                f"{before.ref} is not moved yet: {when}", against, "conference move",
                {"conference": before.ref, "to": asked.to},
                (Choice(f"Cancel {before.ref} instead", f"conference cancel {before.ref}"),),
            )  # fmt: skip
    after = change(before, by, clinic, now, "moved", starts=starts, minutes=minutes)
    return _moved(before, after, local, by, clinic, now)


def _against(
    before: Conference, starts: datetime, minutes: int, by: Caller, clinic: Clinic, now: datetime
) -> list[str]:
    """What speaks against having it then: somebody else's change, another conference, people who are away."""
    ends = starts + timedelta(minutes=minutes)
    others = clinic.conferences.between(before.team, starts - timedelta(minutes=MOST_MINUTES), ends)
    met = [each for each in others if each.number != before.number and each.ends > starts]
    said = [f"It would be at the time of {e.ref} ({say_conference(e, by.zone, now)})." for e in met]
    return [each for each in (just_changed(before.ref, by, clinic, now), *said) if each]


def _moved(
    before: Conference, after: Conference, local: datetime, by: Caller, clinic: Clinic, now: datetime
) -> Card:
    roster, zone = by.roster, by.roster.team.hours.zone
    old, new = (say_conference(each, zone, now) for each in (before, after))
    tell(after, f"{after.ref} is moved from {old} to {new}", roster, clinic, now)
    was = say_conference(before, by.zone, now)
    parts: list[Part] = [Text(f"It was {was}. Who had answered is asked again.")]
    real = after.starts.astimezone(ZoneInfo(str(local.tzinfo)))
    if (real.hour, real.minute) != (local.hour, local.minute):
        skipped = f"The clocks leave out {local:%H:%M} on that day, so it is {real:%H:%M}."
        parts.append(Text(skipped, Tone.WARNING))
    away = [each.member.name for each in roster.places if roster.away(each.member.id, after.starts)]
    if away:
        parts.append(Text(f"Away then: {', '.join(away)}.", Tone.WARNING))
    if not roster.team.hours.open_at(after.starts):
        parts.append(Text("That is outside of the team's working hours.", Tone.WARNING))
    title = f"{after.ref} is moved: {say_conference(after, by.zone, now)}"
    return Card(title, tuple(parts), (Choice("Show", f"conference show {after.ref}"),))


def lengthen(asked: Lengthen, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Makes one conference longer or shorter; it starts when it did."""
    before, by = found(asked.conference, Step.CHANGE, by, clinic)
    minutes = _minutes(asked.long, before)
    if minutes == before.minutes:
        raise Refused(f"{before.ref} has {say_span(timedelta(minutes=minutes))} already.")
    against = [] if asked.anyway else _against(before, before.starts, minutes, by, clinic, now)
    if against:
        title = f"{before.ref} is not changed yet: {say_slot(before.starts, minutes, by.zone, now)}"
        typed = {"conference": before.ref, "long": asked.long}
        return not_yet(title, against, "conference lengthen", typed)
    after = change(before, by, clinic, now, "lengthened", minutes=minutes)
    says = f"{after.ref} is now {say_conference(after, by.roster.team.hours.zone, now)}"
    tell(after, says, by.roster, clinic, now)
    return Card(f"{after.ref} is {say_conference(after, by.zone, now)} now.")


def _minutes(text: str, conference: Conference) -> int:
    """All of its minutes, or how many more ("by 15 min", "15 min longer") or fewer ("15 min shorter")."""
    words = text.casefold().strip()
    shorter = any(each in words.split() for each in ("shorter", "less", "fewer"))
    more = words.startswith(("by ", "+")) or any(each in words.split() for each in ("longer", "more"))
    for each in ("by ", "to ", "+", " shorter", " less", " fewer", " longer", " more"):
        words = words.removeprefix(each).removesuffix(each)
    try:
        span = read_span(words) // timedelta(minutes=1)
    except BadWhen as error:
        raise Refused(str(error)) from error
    minutes = conference.minutes - span if shorter else conference.minutes + span if more else span
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused("A conference lasts from 1 minute to 8 hours.")
    return minutes


def place(asked: Place, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says where one conference is held."""
    before, by = found(asked.conference, Step.CHANGE, by, clinic)
    plain_words.check(asked.where, by, clinic, now)
    after = change(before, by, clinic, now, "placed", where=asked.where)
    says = f"{after.ref}, {say_when(after.starts, after.zone, now, zone_name=True)}, is held elsewhere now"
    tell(after, says, by.roster, clinic, now, Text(asked.where, Tone.QUOTE))
    return Card(f"{after.ref} is held there.", (Text(asked.where, Tone.QUOTE),))
