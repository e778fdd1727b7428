"""The minutes of a conference as data: who was there, what came of each item, and what comes again.

They hold words and names, no ids, so that signed minutes say the same for ever. All times are aware UTC.
Questions, what people wrote and what matters to a person are clinical; codes, states, names of the staff,
references and times are not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from pathway.conference import Conference
from pathway.roll_call import Attendance, minutes_present
from pathway.session import AGAIN, Item, Session, State


@dataclass(frozen=True)
class Attended:
    """One person who was there: a name, a discipline ("" for none), the minutes, when they came and left."""

    name: str
    discipline: str
    minutes: int
    came_at: datetime
    left_at: datetime
    guest: bool = False


@dataclass(frozen=True)
class Written:
    """Something that was written down for a patient: a decision, barrier, goal, referral or note.

    `sort` is what it is, in a word; `rationale` is for decisions; `discipline` whom a referral goes to.
    """

    ref: str
    sort: str
    text: str
    by: str
    rationale: str = ""
    discipline: str = ""


@dataclass(frozen=True)
class Agreed:
    """An action: who does it until when, and whether the owner has said yes."""

    ref: str
    text: str
    owner: str
    due_at: datetime
    confirmed: bool
    absent: bool = False


@dataclass(frozen=True)
class Discussed:
    """One item. `goal` is what matters most to the person; `state` where it stood at the end.

    `minutes` is what it was given and `took` what it took. `carried` is how often it was carried over, this
    time counted. `reason` is why it comes again, `outcome` what chair or scribe wrote of it.
    """

    place: int
    patient: str
    question: str
    goal: str
    state: State
    minutes: int
    took: int
    written: tuple[Written, ...] = ()
    actions: tuple[Agreed, ...] = ()
    carried: int = 0
    reason: str = ""
    outcome: str = ""

    @property
    def decisions(self) -> tuple[Written, ...]:
        """What was decided."""
        return tuple(each for each in self.written if each.sort == "decision")

    @property
    def beside(self) -> tuple[Written, ...]:
        """What was written down beside decisions."""
        return tuple(each for each in self.written if each.sort != "decision")

    @property
    def over(self) -> int:
        """By how many minutes it was longer than its time."""
        return max(self.took - self.minutes, 0)


@dataclass(frozen=True)
class Amendment:
    """A correction after signing, by a name; `patient` is "" for the conference as a whole."""

    by: str
    at: datetime
    patient: str
    text: str


@dataclass(frozen=True)
class Minutes:
    """The minutes of one conference: drafted while `signed_at` is None, locked from then on.

    What is in `amendments` came later and changed nothing of the rest.
    """

    ref: str
    team: str
    title: str
    zone: str
    starts: datetime
    minutes: int
    began_at: datetime
    ended_at: datetime
    chair: str = ""
    scribe: str = ""
    attended: tuple[Attended, ...] = ()
    items: tuple[Discussed, ...] = ()
    remark: str = ""
    signed_by: str = ""
    signed_at: datetime | None = None
    amendments: tuple[Amendment, ...] = ()

    @property
    def took(self) -> int:
        """The minutes from its beginning to its end."""
        return (self.ended_at - self.began_at) // timedelta(minutes=1)

    @property
    def discussed(self) -> tuple[Discussed, ...]:
        """The items that were discussed."""
        return tuple(each for each in self.items if each.state is State.DONE)

    @property
    def again(self) -> tuple[Discussed, ...]:
        """The items that come again."""
        return tuple(each for each in self.items if each.state in AGAIN)

    @property
    def settled(self) -> tuple[Discussed, ...]:
        """The items whose matter was settled before their turn."""
        return tuple(each for each in self.items if each.state is State.SETTLED)


@dataclass(frozen=True)
class Recorded:
    """What the care plans have from this conference, and what matters to its people; each by patient."""

    written: Mapping[str, Sequence[Written]]
    actions: Mapping[str, Sequence[Agreed]]
    goals: Mapping[str, str]


def minutes_of(
    conference: Conference,
    team: str,
    session: Session,
    stays: Iterable[Attendance],
    recorded: Recorded,
    names: Mapping[str, str],
    now: datetime,
    remark: str = "",
) -> Minutes:
    """The minutes as they are to be drafted, with the names of members by id.

    While the conference runs they reach up to `now`.
    """
    began = conference.began_at or conference.starts
    ended = max(conference.ended_at or now, began)
    return Minutes(
        ref=conference.ref, team=team, title=conference.title, zone=conference.zone,
        starts=conference.starts, minutes=conference.minutes, began_at=began, ended_at=ended,
        chair=names.get(conference.chair, ""), scribe=names.get(conference.scribe, ""),
        attended=_attended(tuple(stays), began, ended, names),
        items=tuple(_discussed(each, recorded, now) for each in session.items), remark=remark,
    )  # fmt: skip


def _attended(
    stays: Sequence[Attendance], began: datetime, ended: datetime, names: Mapping[str, str]
) -> tuple[Attended, ...]:
    found = []
    for (member, name), count in minutes_present(stays, began, ended).items():
        theirs = [each for each in stays if each.who == (member, name)]
        came, left = max(theirs[0].came_at, began), min(theirs[-1].left_at or ended, ended)
        called = names.get(member, name)
        found.append(Attended(called, theirs[0].discipline, count, came, left, guest=not member))
    return tuple(found)


def _discussed(item: Item, recorded: Recorded, now: datetime) -> Discussed:
    return Discussed(
        place=item.place, patient=item.patient, question=item.question,
        goal=recorded.goals.get(item.patient, ""), state=item.state,
        minutes=item.minutes + item.extended, took=-(-item.seconds(now) // 60),
        written=tuple(recorded.written.get(item.patient, ())),
        actions=tuple(recorded.actions.get(item.patient, ())),
        carried=item.carried_before + (item.state in AGAIN), reason=item.reason, outcome=item.outcome,
    )  # fmt: skip


def sign(minutes: Minutes, by: str, now: datetime) -> Minutes:
    """The minutes, locked."""
    return replace(minutes, signed_by=by, signed_at=now)


_WRITTEN: TypeAdapter[Minutes] = TypeAdapter(Minutes)


def dumps(minutes: Minutes) -> str:
    """The minutes as text, to be kept."""
    return _WRITTEN.dump_json(minutes).decode()


def loads(text: str) -> Minutes:
    """The minutes that `dumps` wrote."""
    return _WRITTEN.validate_json(text)
