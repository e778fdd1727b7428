"""What comes in through the door, and what goes back."""

from dataclasses import dataclass, replace
from enum import StrEnum

from cards.card import Card
from cards.form import Form
from pathway.definition import Definition, RoleDef
from pathway.handoff import Refused
from pathway.people import Member, Roster
from storage.outbox import Lane

LEADS_MAY = frozenset({"lead", "patients", "names", "plan", "conference", "report", "handoff", "flags"})
"""What whoever leads a team may do in it, whatever their role."""


@dataclass(frozen=True)
class ChatId:
    """An account on a platform, and what the platform says of its holder."""

    platform: str
    account: str
    name: str = ""
    zone: str = ""


@dataclass(frozen=True)
class Request:
    """One thing that a person asked for, whichever way: `line` is what they could have typed.

    `event_id` is the platform's own id of it: the same id again has no second effect. `lane` is where
    it was said, `thread` the thread it belongs to or opens. `posts_answer`: the answer goes out through
    the outbox to that place, rather than back to the caller. `shows_forms`: the platform can put a form
    on the screen, so questions need not be asked one by one in the thread. `link` leads to the message in
    which it was said, "" if that is none that anybody sees.
    """

    event_id: str
    sender: ChatId
    lane: Lane
    line: str
    thread: str = ""
    posts_answer: bool = True
    shows_forms: bool = False
    link: str = ""


class Outcome(StrEnum):
    """How a request ended."""

    DONE = "done"
    FORM = "form"
    UNCLEAR = "unclear"
    REFUSED = "refused"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Reply:
    """The answer to a request, after its commit. `lanes` is where posts now wait to be sent."""

    outcome: Outcome
    card: Card | None = None
    form: Form | None = None
    lanes: frozenset[Lane] = frozenset()


@dataclass(frozen=True)
class Caller:
    """Who asks, and from where.

    `roster_here` is of the team whose room it is; in private, of the caller's only team. `rosters` are all
    that may be meant: in private those of all the caller's teams. `link` leads to the message, if it is one.
    """

    member: Member
    lane: Lane
    definition: Definition
    roster_here: Roster | None
    rosters: tuple[Roster, ...] = ()
    link: str = ""

    @property
    def id(self) -> str:
        """The caller's member id."""
        return self.member.id

    @property
    def roster(self) -> Roster:
        """The team that the caller speaks in. Raises Refused outside of one."""
        if self.roster_here is None and len(self.rosters) > 1:
            teams = " or ".join(each.team.name for each in self.rosters)
            raise Refused(f"You work in more than one team: ask in the room of the one you mean, {teams}.")
        if self.roster_here is None:
            raise Refused("This needs a team: ask in your team's channel, or type `team join` there first.")
        return self.roster_here

    @property
    def role(self) -> RoleDef | None:
        """The caller's role in that team."""
        here = self.roster_here
        return self.definition.role(here.role(self.id)) if here and here.role(self.id) else None

    @property
    def leads(self) -> bool:
        """Whether the caller leads that team."""
        return self.roster_here is not None and self.id in self.roster_here.leads()

    @property
    def zone(self) -> str:
        """The caller's own time zone, or the team's."""
        if self.member.zone:
            return self.member.zone
        return self.roster_here.team.hours.zone if self.roster_here else "UTC"

    def may(self, what: str) -> bool:
        """Whether the caller's role here allows this (a word of the definition's `may`)."""
        if self.leads and what in LEADS_MAY:
            return True
        return self.role is not None and what in self.role.may

    def within(self, roster: Roster) -> "Caller":
        """The same caller, speaking of something that belongs to this team."""
        return replace(self, roster_here=roster)
