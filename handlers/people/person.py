"""What waits for a person, and which other account is theirs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cards.card import Card, Choice, Facts, Items, Text, Tone
from cards.form import Kind, ask
from handlers.actions import mine as action_mine
from handlers.command import Nothing
from handlers.handoffs.lists import due
from handlers.people.same_person import merge
from handlers.request import Caller
from pathway.flag import Flag
from pathway.handoff import Handoff, Refused
from storage.clinic import Clinic
from storage.outbox import direct_lane

LINK_LASTS = timedelta(minutes=15)


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
