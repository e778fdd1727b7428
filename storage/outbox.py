"""The outbox: what is to be posted, written in the same transaction as the change that it tells of.

Nothing is sent from here. After the commit `bot.post` drains it, lane by lane. A lane is one place on
one platform: a channel's address, or an account for its direct messages.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Row

from cards.card import Card, Detail
from cards.mail import Mail, mail_record
from cards.wire import dumps
from storage.enqueue import Enqueue, Ready
from storage.post import Kind, Lane, Post, Sending, direct_lane
from storage.rows import Rows
from storage.statements import (
    ACCOUNTS_OF_MEMBER,
    ACCOUNTS_OF_MEMBERS,
    ROOMS_OF_TEAM,
    SHOWN_AT,
    SHOWN_AT_ANOTHER_LEVEL,
    SHOWN_OF_SUBJECT,
    UNSENT_AT,
    UNSENT_OF_SUBJECT,
)
from storage.tables import HeadRow, RoomRow

__all__ = ["Kind", "Lane", "Outbox", "Post", "Sending", "direct_lane"]


class Outbox(Rows):
    """Collects a transaction's posts; `flush` puts them in line as the last thing before commit."""

    def __init__(self, rows: Rows, direct_detail: Detail) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.direct_detail = direct_detail
        self.posts: list[Post] = []
        self.hushed: set[str] = set()
        self._begun: set[str] = set()
        self.reduced: set[tuple[Lane, str]] = set()
        self._ready: list[Ready] = []

    @property
    def lanes(self) -> set[Lane]:
        """Where this transaction posts to, so that the drain can start there at once."""
        return {post.lane for post in self.posts}

    def begin(self, subject: str) -> None:
        """Says that nothing about a subject stands or waits anywhere, as it begins with this transaction."""
        self._begun.add(subject)

    def say(self, lane: Lane, card: Card, now: datetime, *, subject: str = "", thread: str = "") -> None:
        """A fresh message, at once."""
        self.posts.append(Post(Kind.SAY, lane, card, subject, now, thread))

    def show(
        self,
        subject: str,
        team: str,
        card: Card,
        now: datetime,
        *,
        bare: Card | None = None,
        seen_by: Iterable[str] = (),
        in_rooms: bool = True,
    ) -> None:
        """The subject's living card in every room of the team, and wherever else it already stands.

        Without `in_rooms` it comes to no room where it does not stand already.
        With `bare`, direct messages of others than `seen_by` show that instead. A card that still waits
        for the end of quiet hours goes on waiting.
        """
        rooms = {Lane(room.platform, room.address): now for room in self._rooms(team)} if in_rooms else {}
        stands: dict[Lane, datetime] = {}
        queued: dict[Lane, datetime] = {}
        if subject not in self._begun:
            asked = {"org": self.org, "subject": subject}
            stands = {Lane(*row): now for row in self.session.execute(SHOWN_OF_SUBJECT, asked)}
            queued = {
                Lane(*row[:2]): row.send_after for row in self.session.execute(UNSENT_OF_SUBJECT, asked)
            }
        waiting = {p.lane: p.send_after for p in self.posts if p.kind is Kind.SHOW and p.subject == subject}
        stands = {lane: at for lane, at in stands.items() if lane in rooms or not self._is_shut(lane)}
        allowed = {direct_lane(each.platform, each.account) for each in self._accounts(seen_by)}
        for lane, at in sorted({**rooms, **stands, **queued, **waiting}.items()):
            hidden = bare is not None and lane.direct and lane not in allowed
            only_queued = lane.direct and lane not in stands and lane not in waiting
            self.posts.append(
                Post(
                    Kind.SHOW, lane, bare if hidden and bare else card, subject, at,
                    if_there=only_queued and subject in self.hushed,
                )
            )  # fmt: skip

    def put_up(self, subject: str, lane: Lane, card: Card, now: datetime) -> None:
        """The subject's living card at one place; `show` keeps it up to date there."""
        self.posts.append(Post(Kind.SHOW, lane, card, subject, now))

    def stands(self, subject: str) -> bool:
        """Whether the subject's living card stands somewhere, or is on its way."""
        asked = {"org": self.org, "subject": subject}
        found = (self.session.execute(each, asked).first() for each in (SHOWN_OF_SUBJECT, UNSENT_OF_SUBJECT))
        return any(each is not None for each in found)

    def standing(self, lane: Lane) -> list[str]:
        """The subjects of the living cards that stand at a place."""
        place = {"org": self.org, "platform": lane.platform, "target": lane.target}
        return sorted(self.session.scalars(SHOWN_AT, place))

    def at_another_level(self, lane: Lane) -> list[str]:
        """The subjects of the living cards that show more or less at a place than it may now.

        Also of those that are on their way there: what they show was settled when they were put in line.
        """
        place = {"org": self.org, "platform": lane.platform, "target": lane.target}
        shown = self.session.scalars(SHOWN_AT_ANOTHER_LEVEL, {**place, "detail": int(self.detail(lane))})
        return sorted({*shown, *self.session.scalars(UNSENT_AT, place)})

    def _is_shut(self, lane: Lane) -> bool:
        """Whether this is a room that the bot was put out of: nothing can be changed there."""
        room = None if lane.direct else self.row_of(RoomRow, lane.platform, lane.target)
        return room is not None and not room.joined

    def tell(
        self,
        members: Iterable[str],
        card: Card,
        now: datetime,
        *,
        subject: str = "",
        send_after: datetime | None = None,
        kind: Kind = Kind.SAY,
    ) -> None:
        """A direct message to each of these members, on every platform where they have an account.

        `kind` SHOW makes it a living card there; ASK lets `hush` take it back while it waits.
        """
        for member in dict.fromkeys(members):
            for lane in self.direct_lanes(member):
                self.posts.append(Post(kind, lane, card.calling([member]), subject, send_after or now))

    def announce(
        self, team: str, card: Card, now: datetime, *, subject: str = "", send_after: datetime | None = None
    ) -> None:
        """A fresh message in every room of the team."""
        for room in self._rooms(team):
            lane = Lane(room.platform, room.address)
            self.posts.append(Post(Kind.ASK, lane, card, subject, send_after or now))

    def mail(
        self,
        lane: Lane,
        mail: Mail,
        now: datetime,
        *,
        subject: str = "",
        send_after: datetime | None = None,
        kind: Kind = Kind.SAY,
    ) -> None:
        """A mail to one address, whose lane is `Address.lane`. `kind` ASK lets `hush` take it back."""
        card = Card(mail.subject)
        self.posts.append(Post(kind, lane, card, subject, send_after or now, mail=mail))

    def hush(self, subject: str) -> None:
        """Takes back what was asked about a subject that is settled now, and has not gone out yet.

        That is every ASK, and the living cards of people who have not seen one: they need not hear of it.
        """
        self.hushed.add(subject)
        self.posts = [post for post in self.posts if not (post.kind is Kind.ASK and post.subject == subject)]

    def reduce(self, member: str, team: str) -> None:
        """Cuts to codes what waits to be told in private to a member who has left this team.

        What is about a handoff or a flag of another team of theirs stays as it is.
        """
        self.reduced |= {(lane, team) for lane in self.direct_lanes(member)}

    def direct_lanes(self, member: str) -> list[Lane]:
        """Where a member can be told something in private."""
        asked = {"org": self.org, "member": member}
        return sorted(direct_lane(*row) for row in self.session.execute(ACCOUNTS_OF_MEMBER, asked))

    def detail(self, lane: Lane) -> Detail:
        """How much of a patient this place may show."""
        if lane.direct:
            return self.direct_detail
        room = self.row_of(RoomRow, lane.platform, lane.target)
        return Detail(room.detail) if room is not None else Detail.CODE

    def prepare(self) -> None:
        """Filters and seals what was collected, so that the head need not be locked meanwhile."""
        accounts = self._accounts({member for post in self.posts for member in post.card.call.members})
        self._ready = [Ready(post, self.seal(self._payload(post, accounts))) for post in self.posts]

    def flush(self, head: HeadRow, now: datetime) -> None:
        """Puts everything prepared in line behind `head`, which the caller has locked."""
        Enqueue(self, self._ready, self.hushed, self.reduced, self._begun).behind(head, now)
        self.posts.clear()
        self._begun.clear()
        self._ready = []
        self.hushed.clear()
        self.reduced.clear()

    def _rooms(self, team: str) -> Sequence[RoomRow]:
        return self.session.scalars(ROOMS_OF_TEAM, {"org": self.org, "team": team}).all()

    def _payload(self, post: Post, accounts: Sequence[Row[str, str, str]]) -> str:
        detail = self.detail(post.lane)
        card = post.card.within(detail, private=post.lane.direct)
        called = sorted(
            each.account
            for each in accounts
            if each.platform == post.lane.platform and each.member in card.call.members
        )
        content: dict[str, object] = {
            "card": dumps(card), "called": called, "everyone": card.call.everyone, "detail": int(detail),
        }  # fmt: skip
        if post.mail is not None:
            content["mail"] = mail_record(post.mail)
        return json.dumps(content)

    def _accounts(self, members: Iterable[str]) -> Sequence[Row[str, str, str]]:
        wanted = list(members)
        asked = {"org": self.org, "members": wanted}
        return self.session.execute(ACCOUNTS_OF_MEMBERS, asked).all() if wanted else []
