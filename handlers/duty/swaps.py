"""Duty is passed on for a while to somebody who agrees; who asked hears in time if they do not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from cards.card import Card, Choice, Text
from cards.form import Kind, ask
from handlers.duty.setting import changed, check_able, stretch_of, tell_other
from handlers.duty.shown import role_label
from handlers.request import Caller
from pathway.duty import Change, Rota
from pathway.duty_words import say_stretch
from pathway.handoff import Refused
from pathway.hours import Hours
from storage.clinic import Clinic
from storage.duty import Swap
from storage.outbox import Kind as Post


@dataclass(frozen=True)
class Exchange:
    """Who takes over one's own duty for a while."""

    role: str = ask("Role", Kind.ROLE, example="psychologist")
    member: str = ask("Who takes over", Kind.MEMBER, example="@cy")
    when: str = ask("When", example="friday")


@dataclass(frozen=True)
class Named:
    """A swap that somebody asked for."""

    swap: str = ask("Swap", example="D-4")


def swap(asked: Exchange, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Asks somebody to take over the caller's duty for a while; until they agree, it stays as it is."""
    if asked.member == by.id:
        raise Refused("That is you: name who takes over, as in `duty swap psychologist @cy friday`.")
    check_able(asked.member, by)
    team = by.roster.team
    starts, ends = stretch_of(asked.when, by, now)
    label = role_label(asked.role, by).lower()
    rota = clinic.duty.rotas(team, now).get(asked.role)
    begins = _begins(by.id, rota, starts, ends) if rota else None
    if begins is None:
        raise Refused(f"You are not on duty as {label} in that time: `duty` shows who is.")
    change = Change(by.id, asked.member, starts, ends, agreed=False)
    made = clinic.duty.change(team.id, asked.role, change, now, by.id)
    at = team.hours.quiet_until(now)
    stretch = partial(say_stretch, starts, ends, team.hours.zone)
    says = f"{by.member.name} asks you to be on duty as {label}: {stretch(at)}"
    choices = (Choice("Take it", f"duty take {made.ref}"), Choice("I can't", f"duty refuse {made.ref}"))
    card = Card(says, (Text("Until you agree, it stays theirs."),), choices)
    clinic.outbox.tell([asked.member], card, now, subject=made.ref, send_after=at, kind=Post.ASK)
    _remind(made, label, begins, by, clinic, now)
    stays = Text(f"Until they agree it stays yours: {stretch(now)}.")
    return Card(f"{made.ref}: {by.roster.name(asked.member)} is asked.", (stays,))


def _begins(member: str, rota: Rota, starts: datetime, ends: datetime) -> datetime | None:
    """The first moment in this time at which a member is on duty; None if they are not."""
    moments = sorted([starts, *rota.edges(starts, ends)])
    return next((each for each in moments if member in rota.named(each)), None)


def _remind(made: Swap, label: str, begins: datetime, by: Caller, clinic: Clinic, now: datetime) -> None:
    """Tells both, while there is still time, that nobody has agreed; taken back by any answer."""
    hours = by.roster.team.hours
    at = _in_time(begins, hours, now)
    change = made.change
    when = say_stretch(change.starts, change.ends, hours.zone, at)
    name = by.roster.name(change.member)
    told = Card(
        f"{made.ref}: {name} has not agreed, so you stay on duty as {label}: {when}",
        (), (Choice("Ask somebody else", f"duty swap {made.role}"), Choice("Who is on duty?", "duty")),
    )  # fmt: skip
    clinic.outbox.tell([change.of], told, now, subject=made.ref, send_after=at, kind=Post.ASK)


def _in_time(begins: datetime, hours: Hours, now: datetime) -> datetime:
    """As work begins on the day before; if that is over, half way from now, and not in quiet hours."""
    before = hours.opening_before(begins, 0)
    return before if before > now else hours.quiet_until(now + max((begins - now) / 2, timedelta()))


def take(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Agrees to take over somebody's duty for a while."""
    found, by = _asked(asked.swap, by, clinic, now)
    change, zone = found.change, by.roster.team.hours.zone
    clinic.duty.agree(found, now, by.id)
    clinic.outbox.hush(found.ref)
    stretch = partial(say_stretch, change.starts, change.ends, zone)
    says = f"on duty as {role_label(found.role, by).lower()}"
    tell_other(change.of, lambda at: f"is {says} instead of you: {stretch(at)}", by, clinic, now)
    return changed(f"You are {says}: {stretch(now)}.", (), by, clinic, now)


def refuse(asked: Named, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Says that one can't take over somebody's duty; who asked hears that it stays theirs."""
    found, by = _asked(asked.swap, by, clinic, now)
    change, zone = found.change, by.roster.team.hours.zone
    clinic.duty.refuse(found, now, by.id)
    clinic.outbox.hush(found.ref)
    stretch = partial(say_stretch, change.starts, change.ends, zone)
    says = f"can't take over your duty as {role_label(found.role, by).lower()}, it stays yours"
    tell_other(change.of, lambda at: f"{says}: {stretch(at)}", by, clinic, now)
    return Card(f"{found.ref} stays with {by.roster.name(change.of)}, who has been told.")


def _asked(ref: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Swap, Caller]:
    """The swap that waits for the caller, and the caller in its team. Raises Refused."""
    found = clinic.duty.swap(ref)
    if found is None or found.team not in (each.team.id for each in by.rosters):
        raise Refused("There is no such swap: it is named in the message that asked you, like D-4.")
    by = by.within(next(each for each in by.rosters if each.team.id == found.team))
    change = found.change
    if by.id != change.member:
        raise Refused(f"{found.ref} was asked of {by.roster.name(change.member)}.")
    if change.agreed or change.ends <= now:
        raise Refused(f"{found.ref} is {'agreed already' if change.agreed else 'over'}.")
    return found, by
