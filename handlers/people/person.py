"""What a person says of themselves: away, back, another account; and what waits for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cards.card import Card, Choice, Facts, Items, Part, Text, Tone
from cards.form import Kind, ask
from handlers.actions import mine as action_mine
from handlers.actions import write as action_write
from handlers.command import Nothing
from handlers.flags import again as flag_again
from handlers.handoffs.again import pass_on
from handlers.handoffs.lists import due
from handlers.people.same_person import merge
from handlers.request import Caller
from pathway.asking import answering
from pathway.flag import Flag
from pathway.handoff import Handoff, Refused
from pathway.people import Absence
from pathway.when import say_when
from storage.clinic import Clinic
from storage.outbox import direct_lane
from storage.rounds import Kind as Look

LINK_LASTS = timedelta(minutes=15)


@dataclass(frozen=True)
class Away:
    """Until when, and who stands in."""

    until: datetime = ask("Until when", Kind.WHEN, example="friday 9am", word=True)
    cover: str = ask("Who covers for you", Kind.MEMBER, default="", example="@bo", word=True)


@dataclass(frozen=True)
class LinkAccount:
    """A second account of the same person."""

    platform: str = ask(
        "On which platform is your other account?", Kind.CHOICE, example="matrix",
        options=(("slack", "Slack"), ("matrix", "Matrix"), ("practice", "Practice page")),
    )  # fmt: skip
    account: str = ask(
        "What is it called there?", example="@ana:clinic.example", hint="On Slack your member ID."
    )


@dataclass(frozen=True)
class LinkCode:
    """The code that was sent to the other account."""

    code: str = ask("The code that your other account was sent", example="7K3K-M2QD")


def away(asked: Away, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """From now on what is asked of the caller goes to their cover."""
    if asked.until <= now:
        raise Refused("That is over already: say when you will be back, as in `away until friday 9am`.")
    if asked.cover == by.id:
        raise Refused("You can't cover for yourself: name somebody else, or nobody.")
    if asked.cover:
        by = by.within(next(each for each in by.rosters if each.member(asked.cover)))
        _check_cover(asked.cover, by)
    clinic.people.go_away(Absence(by.id, now, asked.until, asked.cover))
    clinic.journal.write("away", f"member:{by.id}", now, by=by.id, became=asked.until.isoformat())
    clinic.rows.session.flush()
    clinic.rounds.soon(Look.DUTY, clinic.people.teams_of(by.id), now)
    until = say_when(asked.until, by.zone, now)
    lines = (*_pass_flags_on(by, clinic, now), *_pass_all_on(by, clinic, now))
    lines += action_write.tell_cover_of_all(by.id, clinic, now)
    parts: list[Part] = [Items(lines, "Passed on")] if lines else []
    return Card(_away_title(asked, until, by), (*_away_note(asked, by, clinic, now), *parts), _BACK)


def _check_cover(cover: str, by: Caller) -> None:
    """Raises Refused for a cover who is not allowed to do what is asked of the caller."""
    if by.may("handoff") and not answering(by.roster, by.definition).member(cover):
        name = by.roster.name(cover)
        raise Refused(f"{name} can't take patients over, by the pathway: name another cover, or nobody.")


_BACK = (Choice("I am back", "back"),)


def _pass_all_on(by: Caller, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    """Asks others what the caller was asked; a line for each."""
    waiting = _mine(by, clinic)
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


def _away_title(asked: Away, until: str, by: Caller) -> str:
    if not asked.cover:
        return f"You are away until {until}."
    return f"You are away until {until}; {by.roster.name(asked.cover)} covers for you."


def _away_note(asked: Away, by: Caller, clinic: Clinic, now: datetime) -> tuple[Text, ...]:
    """Warns of an absence that nobody covers; who does cover is told."""
    if not asked.cover:
        says = "Nobody covers: what is asked of you goes on to your role and the lead."
        return (Text(says, Tone.WARNING),)
    roster = clinic.people.roster(by.roster.team.id)
    covers = roster.cover(by.id, now)
    if covers:
        says = f"You cover for {by.member.name} until {say_when(asked.until, by.zone, now)}"
        clinic.outbox.tell([covers], Card(says), now)
    if covers == asked.cover:
        return ()
    named = roster.name(asked.cover)
    instead = f"{roster.name(covers)} covers instead" if covers else "nobody covers for either of you"
    return (Text(f"{named} is away too, so {instead}.", Tone.WARNING),)


def back(asked: Nothing, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Ends the caller's absence."""
    if not clinic.people.come_back(by.id, now):
        raise Refused("You were not away.")
    clinic.journal.write("back", f"member:{by.id}", now, by=by.id)
    clinic.rows.session.flush()
    action_write.ask_who_is_back(by.id, clinic, now)
    return Card("Welcome back.", (), (Choice("What waits for me", "mine"),))


def mine(asked: Nothing, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """What waits for the caller, over all teams."""
    waiting = _mine(by, clinic)
    known = clinic.flags.open_of_member(by.id, clinic.people.teams_of(by.id))
    flags = [each for each in known if by.lane.direct or not each.private]
    actions = action_mine.waiting(by, clinic)
    lines = (
        *(_flag_line(each, by) for each in flags),
        *(action_mine.line(each, by, clinic, now) for each in actions),
        *(_line(each, by, now) for each in waiting),
    )
    if not lines:
        return Card("Nothing waits for you.")
    shows = [
        *(f"flag show {each.ref}" for each in flags),
        *(f"action show {each.ref}" for each in actions),
        *(f"handoff show {each.ref}" for each in waiting),
    ]
    choices = tuple(Choice(f"Show {line.split()[-1]}", line) for line in shows[:5])
    title = f"{len(lines)} waiting for you" if len(lines) > 1 else "One thing waits for you"
    return Card(title, (Items(lines),), choices)


def _flag_line(flag: Flag, by: Caller) -> str:
    severity = by.definition.flag_severity(flag.severity).label.lower()
    part = "you hold it" if flag.holder == by.id else "your answer"
    return f"{flag.ref} ({flag.patient}), {severity}, {flag.state}: {part}"


def _mine(by: Caller, clinic: Clinic) -> list[Handoff]:
    return clinic.handoffs.open_of_member(by.id, clinic.people.teams_of(by.id))


def _line(handoff: Handoff, by: Caller, now: datetime) -> str:
    part = (
        "you offered it"
        if handoff.sender == by.id
        else "you hold it"
        if handoff.receiver == by.id
        else "your answer"
    )
    when = due(handoff, by, now)
    return f"{handoff.ref} ({handoff.patient}), {handoff.state}: {part}" + (f", due {when}" if when else "")


def link_account(asked: LinkAccount, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Sends a code to the other account; whoever can read it there and type it here owns both."""
    if (asked.platform, asked.account) in clinic.people.accounts(by.id):
        raise Refused("That account is yours already.")
    code = clinic.people.link_code(by.id, asked.platform, asked.account, now + LINK_LASTS)
    told = Card(
        f"Code {code}",
        (Text(f"{by.member.name} wants to link this account to theirs."),
         Text(f"If that is you, type this over there: link code {code}"),
         Text("If it is not you, do nothing. The code is worth nothing after 15 minutes.", Tone.QUIET)),
        notice="A code from Baton",
    )  # fmt: skip
    clinic.outbox.say(direct_lane(asked.platform, asked.account), told, now)
    clinic.journal.write("link asked", f"member:{by.id}", now, by=by.id, became=asked.platform)
    return Card(
        "A code is on its way to your other account.",
        (Text("Type here what it says: `link code` and the code."),),
    )


def link_code(asked: LinkCode, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Joins the other account to this person. Who else had been known by it is merged into this person."""
    found = clinic.people.use_link_code(by.id, asked.code.strip().upper(), now)
    if found is None:
        raise Refused("That code is wrong or older than 15 minutes: ask for a new one with `link account`.")
    platform, account = found
    other = clinic.people.by_account(platform, account)
    clinic.people.give_account(platform, account, by.id, now)
    clinic.rows.session.flush()
    if other is not None and other.id != by.id and not clinic.people.accounts(other.id):
        merge(other.id, by.id, clinic, now)
    clinic.journal.write(
        "link", f"member:{by.id}", now, by=by.id, was=f"member:{other.id}" if other else "", became=platform
    )
    pairs = tuple((name.capitalize(), at) for name, at in clinic.people.accounts(by.id))
    return Card("Your accounts are linked: you are one person to the team now.", (Facts(pairs),))
