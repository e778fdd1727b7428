"""Duty is set, and ended for a while or for good."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from cards.card import Card, Choice, Items, Part, Text, Tone
from cards.form import Kind, ask
from handlers.duty.gaps import ahead, key, say_gap
from handlers.duty.shown import role_label
from handlers.request import Caller
from pathway.duty import EVERYBODY, Change
from pathway.duty_words import is_stretch, read_shift, read_stretch, say_shift, say_stretch
from pathway.handoff import Refused
from pathway.hours import BadHours
from pathway.ladder import able
from pathway.when import BadWhen
from storage.clinic import Clinic
from storage.rounds import Kind as Look


@dataclass(frozen=True)
class Set:
    """Who is on duty for a role, and when: every week, or for one stretch of time."""

    role: str = ask("Role", Kind.ROLE, example="psychologist")
    member: str = ask("Who", Kind.MEMBER, example="@bo")
    when: str = ask(
        "When", example="mon-fri 9-17",
        hint="Every week (mon-fri 9-17, every 2 weeks from monday), or once: from fri 18:00 until mon 8:00.",
    )  # fmt: skip


@dataclass(frozen=True)
class Off:
    """Whose duty ends, for good or for a stretch of time."""

    role: str = ask("Role", Kind.ROLE, example="psychologist")
    member: str = ask("Who", Kind.MEMBER, default="", hint="You, if it is left out.")
    when: str = ask("When, if not for good", default="", example="friday")


def set_duty(asked: Set, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Puts a member on duty for a role, every week or for one stretch of time."""
    _check_own(asked.member, by)
    _check_role(asked.role, by)
    check_able(asked.member, by)
    hours = by.roster.team.hours
    try:
        if is_stretch(asked.when):
            starts, ends = read_stretch(asked.when, hours.zone, now)
            stretch = partial(say_stretch, starts, ends, hours.zone)
            _displace(asked, starts, ends, by, clinic, now)
            change = Change(EVERYBODY, asked.member, starts, ends)
            clinic.duty.change(by.roster.team.id, asked.role, change, now, by.id)
            instead = ", instead of whoever the rota names"
        else:
            shift = read_shift(asked.when, asked.member, hours, now)
            clinic.duty.add_shift(by.roster.team.id, asked.role, shift, hours, now, by.id)
            stretch, instead = partial(say_shift, shift, hours), ""
    except (BadWhen, BadHours) as error:
        raise Refused(str(error)) from error
    label = role_label(asked.role, by).lower()
    tell_other(
        asked.member, lambda at: f"put you on duty as {label}: {stretch(at)}{instead}", by, clinic, now
    )
    role = by.roster.role(asked.member)
    other = () if role == asked.role else (_other_role(asked.member, role, by),)
    says = f"{by.roster.name(asked.member)} is on duty as {label}: {stretch(now)}{instead}."
    return changed(says, other, by, clinic, now)


def _displace(
    asked: Set, starts: datetime, ends: datetime, by: Caller, clinic: Clinic, now: datetime
) -> None:
    """Tells those who were to be on duty in this time that they are not; for the lead alone.

    Raises Refused where anybody else would take somebody's duty.
    """
    rota = clinic.duty.rotas(by.roster.team, now).get(asked.role)
    named = rota.named_within(starts, ends) if rota else ()
    others = [each for each in named if each != asked.member]
    if others and not by.leads:
        names = " and ".join(by.roster.name(each) for each in others)
        raise Refused(
            f"On duty in that time: {names}. They can pass it on with `duty swap`, or the lead can set it."
        )
    says = (
        f"put {by.roster.name(asked.member)} on duty as {role_label(asked.role, by).lower()} instead of you"
    )
    stretch = partial(say_stretch, starts, ends, by.roster.team.hours.zone)
    for each in others:
        tell_other(each, lambda at: f"{says}: {stretch(at)}", by, clinic, now)


def _other_role(member: str, role: str, by: Caller) -> Text:
    return Text(f"In this team {by.roster.name(member)} is {role_label(role, by).lower()}.", Tone.WARNING)


def off(asked: Off, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Ends a member's duty for a role, or for a stretch of time only."""
    member = asked.member or by.id
    _check_own(member, by)
    team, label = by.roster.team, role_label(asked.role, by).lower()
    name = by.roster.name(member)
    if not asked.when:
        if not clinic.duty.end_shifts(team.id, asked.role, member, now, by.id):
            raise Refused(f"{name} is not in the weekly rota as {label}: `duty` shows who is.")
        tell_other(member, lambda _: f"took you off duty as {label}, every week", by, clinic, now)
        return changed(f"{name} is no longer on duty as {label}.", (), by, clinic, now)
    starts, ends = stretch_of(asked.when, by, now)
    clinic.duty.change(team.id, asked.role, Change(member, "", starts, ends), now, by.id)
    stretch = partial(say_stretch, starts, ends, team.hours.zone)
    tell_other(member, lambda at: f"took you off duty as {label}: {stretch(at)}", by, clinic, now)
    return changed(f"{name} is not on duty as {label} {stretch(now)}.", (), by, clinic, now)


def tell_other(
    member: str, says: Callable[[datetime], str], by: Caller, clinic: Clinic, now: datetime
) -> None:
    """Tells a member what somebody else did with their duty, after quiet hours, in words of that moment."""
    if member != by.id:
        at = by.roster.team.hours.quiet_until(now)
        card = Card(f"{by.member.name} {says(at)}", (), (Choice("Who is on duty?", "duty"),))
        clinic.outbox.tell([member], card, now, send_after=at)


def stretch_of(text: str, by: Caller, now: datetime) -> tuple[datetime, datetime]:
    """The time that is meant, on the team's clock. Raises Refused."""
    try:
        return read_stretch(text, by.roster.team.hours.zone, now)
    except BadWhen as error:
        raise Refused(str(error)) from error


def _check_own(member: str, by: Caller) -> None:
    """Raises Refused for somebody else's duty, but for the lead."""
    if member != by.id and not by.leads:
        raise Refused("You can set your own duty, and the lead everybody's; `duty swap` asks somebody.")


def _check_role(role: str, by: Caller) -> None:
    """Raises Refused for a role that the caller does not hold, but for the lead."""
    if role != by.roster.role(by.id) and not by.leads:
        label = role_label(role, by).lower()
        raise Refused(f"You are not {label} in this team: only the lead puts you on duty as {label}.")


def check_able(member: str, by: Caller) -> None:
    """Raises Refused for a member who may not answer flags."""
    if not able(by.roster, by.definition, "flags").member(member):
        raise Refused(f"{by.roster.name(member)} can't answer flags, by the pathway: name somebody else.")


def changed(title: str, more: tuple[Text, ...], by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The answer, with what is missing now; if that is not the lead, the lead hears of it anew."""
    clinic.rows.session.flush()
    roster = by.roster
    missing = ahead(roster, clinic, now)
    if by.leads:
        told = [key(each, roster) for each in missing]
        clinic.rounds.put(Look.DUTY, roster.team.id, roster.team.hours.next_opening(now), told)
    else:
        clinic.rounds.wake(Look.DUTY, roster.team.id, now, afresh=True)
    parts: list[Part] = [*more]
    if missing:
        parts.append(
            Items(tuple(say_gap(each, roster, clinic, now) for each in missing), "Nobody is on duty")
        )
    return Card(title, tuple(parts), (Choice("Who is on duty?", "duty"),))
