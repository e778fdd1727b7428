"""Away and back: from now on what is asked of a member goes to whoever covers, in each of their teams."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cards.card import Card, Choice, Items, Part, Text, Tone
from cards.form import Kind, ask
from handlers.actions import write as action_write
from handlers.command import Nothing
from handlers.flags import again as flag_again
from handlers.handoffs.again import pass_on
from handlers.request import Caller
from pathway.asking import answering
from pathway.handoff import Refused
from pathway.people import Absence, Roster
from pathway.when import say_when
from storage.clinic import Clinic
from storage.post import Kind as Sent
from storage.rounds import Kind as Look

_BACK = (Choice("I am back", "back"),)


@dataclass(frozen=True)
class Away:
    """Until when, and who stands in."""

    until: datetime = ask("Until when", Kind.WHEN, example="friday 9am", word=True)
    cover: str = ask("Who covers for you", Kind.MEMBER, default="", example="@bo", word=True)


def away(asked: Away, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """From now on what is asked of the caller goes to their cover, in every team that both work in."""
    if asked.until <= now:
        raise Refused("That is over already: say when you will be back, as in `away until friday 9am`.")
    if asked.cover == by.id:
        raise Refused("You can't cover for yourself: name somebody else, or nobody.")
    teams = clinic.people.teams_of(by.id)
    _check_cover(asked.cover, [by.within(clinic.people.roster(each)) for each in teams])
    clinic.people.go_away(Absence(by.id, now, asked.until, asked.cover))
    clinic.journal.write("away", f"member:{by.id}", now, by=by.id, became=asked.until.isoformat())
    clinic.rows.session.flush()
    for team in teams:
        clinic.rounds.wake(Look.DUTY, team, now)
    rosters = [clinic.people.roster(each) for each in teams]
    lines = (*_pass_flags_on(by, clinic, now), *_pass_all_on(by, clinic, now))
    lines += action_write.tell_cover_of_all(by.id, clinic, now)
    clinic.outbox.hush(_covering(by.id))
    _tell_covers(asked, rosters, by, clinic, now)
    passed: list[Part] = [Items(lines, "Passed on")] if lines else []
    until = f"You are away until {say_when(asked.until, by.zone, now)}"
    if len(rosters) == 1 and asked.cover:
        until += f"; {rosters[0].name(asked.cover)} covers for you"
    return Card(f"{until}.", (*_who_covers(asked.cover, rosters, by, now), *passed), _BACK)


def _check_cover(cover: str, teams: Sequence[Caller]) -> None:
    """Raises Refused for a cover who may do in none of these teams what is asked of the caller there."""
    shared = [each for each in teams if each.roster.member(cover)]
    if shared and not any(_may_cover(cover, each) for each in shared):
        name = shared[0].roster.name(cover)
        raise Refused(f"{name} can't take patients over, by the pathway: name another cover, or nobody.")


def _may_cover(cover: str, by: Caller) -> bool:
    return not by.may("handoff") or answering(by.roster, by.definition).member(cover) is not None


def _tell_covers(asked: Away, rosters: Sequence[Roster], by: Caller, clinic: Clinic, now: datetime) -> None:
    """Tells everybody who covers in the end, once and after quiet hours, if it is not over by then."""
    covers = {cover: roster for roster in reversed(rosters) if (cover := roster.cover(by.id, now))}
    for cover, roster in covers.items():
        at = roster.team.hours.quiet_until(now)
        if asked.until <= at:
            continue
        zone = clinic.people.zone_of(cover)
        says = f"You cover for {by.member.name} until {say_when(asked.until, zone, at)}"
        clinic.outbox.tell([cover], Card(says), now, subject=_covering(by.id), send_after=at, kind=Sent.ASK)


def _covering(member: str) -> str:
    """What is told to a member's cover is about: taken back if they are back before the morning."""
    return f"away:{member}"


def _who_covers(cover: str, rosters: Sequence[Roster], by: Caller, now: datetime) -> tuple[Text, ...]:
    """Who covers in each team, where there are several; of one team only what the title does not say."""
    said = [(each, *_in_team(cover, by.within(each), now)) for each in rosters]
    if len(said) == 1:
        return tuple(_sentence(says, tone) for _, says, tone in said if tone is Tone.WARNING)
    return tuple(_sentence(f"in {each.team.name} {says}", tone) for each, says, tone in said)


def _in_team(cover: str, by: Caller, now: datetime) -> tuple[str, Tone]:
    """Who covers in one team, and whether that is to be looked at."""
    roster = by.roster
    if roster.member(cover) is None:
        return "nobody covers: what is asked of you goes on to your role and the lead.", Tone.WARNING
    named, covers = roster.name(cover), roster.cover(by.id, now)
    if covers != cover:
        instead = f"{roster.name(covers)} covers instead" if covers else "nobody covers for either of you"
        return f"{named} is away too, so {instead}.", Tone.WARNING
    if not _may_cover(cover, by):
        return f"{named} can't take patients over: those go on to your role and the lead.", Tone.WARNING
    return f"{named} covers for you.", Tone.PLAIN


def _sentence(says: str, tone: Tone) -> Text:
    return Text(f"{says[0].upper()}{says[1:]}", tone)


def _pass_all_on(by: Caller, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    """Asks others what the caller was asked; a line for each."""
    waiting = clinic.handoffs.open_of_member(by.id, clinic.people.teams_of(by.id))
    rosters = {team: clinic.people.roster(team) for team in {each.team for each in waiting}}
    lines = []
    for before in waiting:
        roster = rosters[before.team]
        after = pass_on(before, by.id, roster, clinic, now)
        if after != before:
            fresh = ", ".join(roster.name(each) for each in after.asked[len(before.asked) :])
            lines.append(f"{before.ref} ({before.patient}): now asked of {fresh or 'the whole channel'}")
    return tuple(lines)


def _pass_flags_on(by: Caller, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    """Asks others about the flags that the caller holds or was asked about; a line for each."""
    lines = []
    for before in clinic.flags.open_of_member(by.id, clinic.people.teams_of(by.id)):
        roster = clinic.people.roster(before.team)
        after = flag_again.pass_on(before, by.id, roster, clinic, now)
        if after != before and (by.lane.direct or not before.private):
            fresh = ", ".join(roster.name(each) for each in after.asked[len(before.asked) :])
            lines.append(f"{before.ref} ({before.patient}): asked of {fresh or 'the others who were asked'}")
    return tuple(lines)


def back(asked: Nothing, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Ends the caller's absence."""
    if not clinic.people.come_back(by.id, now):
        raise Refused("You were not away.")
    clinic.outbox.hush(_covering(by.id))
    clinic.journal.write("back", f"member:{by.id}", now, by=by.id)
    clinic.rows.session.flush()
    action_write.ask_who_is_back(by.id, clinic, now)
    return Card("Welcome back.", (), (Choice("What waits for me", "mine"),))
