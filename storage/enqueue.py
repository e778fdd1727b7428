"""Puts a transaction's posts in line behind the head, which the caller has locked."""

import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cards.card import Detail
from cards.wire import dumps, loads
from storage.post import Kind, Lane, Post, Sending
from storage.rows import Rows
from storage.statements import WAITING_OF_SUBJECTS
from storage.tables import FlagRow, HandoffRow, HeadRow, LaneRow, OutgoingRow, ShownRow


@dataclass(frozen=True)
class Ready:
    """A post, filtered and sealed for its place."""

    post: Post
    payload: str


class Enqueue(Rows):
    """One transaction's posts, the subjects that it has hushed or begun, the lanes that it reduced to codes.

    Of a reduced lane stays what is about another team than the one that is named with it.
    """

    def __init__(
        self,
        rows: Rows,
        ready: Sequence[Ready],
        hushed: Collection[str],
        reduced: Collection[tuple[Lane, str]],
        begun: Collection[str],
    ) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.ready = ready
        self.hushed = hushed
        self.reduced = reduced
        self.begun = begun

    def behind(self, head: HeadRow, now: datetime) -> None:
        """Voids what was hushed, and inserts the posts."""
        # Nothing that is read here waits to be written, and so the head is written once for all posts.
        with self.session.no_autoflush:
            # Lanes before posts, both in one order: whoever drains locks them so too, and nobody deadlocks.
            self._wake()
            self._void()
            self._reduce()
            self._line_up(head, now)

    def _void(self) -> None:
        """Takes back what was hushed. What is being sent right now may still go out, but is not repeated."""
        if not self.hushed:
            return
        seen = select(ShownRow.target).where(
            ShownRow.org == self.org,
            ShownRow.subject == OutgoingRow.subject,
            ShownRow.platform == OutgoingRow.platform,
            ShownRow.target == OutgoingRow.target,
        )
        private = OutgoingRow.target.startswith("@@", autoescape=True)
        unseen = (OutgoingRow.kind == Kind.SHOW) & (OutgoingRow.state == Sending.WAITING) & private
        self.session.execute(
            update(OutgoingRow)
            .where(
                OutgoingRow.org == self.org,
                OutgoingRow.subject.in_(self.hushed),
                OutgoingRow.state.in_([Sending.WAITING, Sending.SENDING]),
                or_(OutgoingRow.kind == Kind.ASK, unseen & ~seen.exists()),
            )
            .values(state=Sending.VOID)
            .execution_options(synchronize_session=False)
        )

    def _reduce(self) -> None:
        """Seals what is not sent yet in the reduced lanes anew, with codes only."""
        less = []
        for lane, team in sorted(self.reduced):
            here = (OutgoingRow.org == self.org, OutgoingRow.platform == lane.platform)
            query = select(OutgoingRow.id, OutgoingRow.subject, OutgoingRow.sealed_payload).where(
                *here, OutgoingRow.target == lane.target,
                OutgoingRow.state.in_([Sending.WAITING, Sending.SENDING]),
            )  # fmt: skip
            for key, subject, payload in self.session.execute(query.with_for_update()):
                if self._team_of(subject) not in ("", team):
                    continue
                content = json.loads(self.open(payload))
                card = loads(content["card"]).within(Detail.CODE, private=True)
                content |= {"card": dumps(card), "detail": int(Detail.CODE)}
                less.append({"org": self.org, "id": key, "sealed_payload": self.seal(json.dumps(content))})
        if less:
            self.session.execute(update(OutgoingRow), less)

    def _team_of(self, subject: str) -> str:
        """The team whose handoff or flag a post is about; "" for what else there is."""
        number = int(subject[2:]) if subject[2:].isdecimal() else 0
        handoff = self.row_of(HandoffRow, number) if subject.startswith("H-") else None
        flag = self.row_of(FlagRow, number) if subject.startswith("F-") else None
        return handoff.team if handoff else flag.team if flag else ""

    def _line_up(self, head: HeadRow, now: datetime) -> None:
        """Inserts the posts. A card still in line shows its newer state instead of queueing behind itself."""
        waiting = self._waiting()
        fresh: list[dict[str, Any]] = []
        newer: dict[str, dict[str, Any]] = {}
        there = self._there()
        for post, payload in ((each.post, each.payload) for each in self.ready):
            if post.if_there and (post.subject, post.lane) not in there:
                continue
            said = {"sealed_payload": payload, "send_after": post.send_after}
            place = (post.subject, post.lane)
            if post.kind is Kind.SHOW and place in waiting:
                row = waiting[place]
                row.update(said)
                if "seq" not in row:
                    newer[row["id"]] = row
                continue
            head.posts += 1
            row = {**_row(post, head.posts, now), "org": self.org, **said}
            fresh.append(row)
            if post.kind is Kind.SHOW:
                waiting[place] = row
        if newer:
            self.session.execute(update(OutgoingRow), list(newer.values()))
        if fresh:
            self.session.execute(insert(OutgoingRow), fresh)

    def _waiting(self) -> dict[tuple[str, Lane], dict[str, Any]]:
        """The keys of the living cards that are still in line, by subject and place; locked."""
        subjects = {post.subject for post in (each.post for each in self.ready) if post.kind is Kind.SHOW}
        subjects.difference_update(self.begun)
        asked = {"org": self.org, "subjects": list(subjects)}
        found = self.session.execute(WAITING_OF_SUBJECTS, asked) if subjects else ()
        return {
            (subject, Lane(platform, target)): {"org": self.org, "id": key}
            for key, subject, platform, target in found
        }

    def _there(self) -> set[tuple[str, Lane]]:
        """Of the places whose posts depend on it: where a card stands, or is being sent.

        Their lanes are locked, so that no card starts to go out there after this look.
        """
        subjects = {post.subject for post in (each.post for each in self.ready) if post.if_there}
        if not subjects:
            return set()
        going_out = select(OutgoingRow.subject, OutgoingRow.platform, OutgoingRow.target).where(
            OutgoingRow.org == self.org, OutgoingRow.subject.in_(subjects),
            OutgoingRow.kind == Kind.SHOW, OutgoingRow.state == Sending.SENDING,
        )  # fmt: skip
        standing = select(ShownRow.subject, ShownRow.platform, ShownRow.target).where(
            ShownRow.org == self.org, ShownRow.subject.in_(subjects)
        )
        found = self.session.execute(going_out.union(standing))
        return {(subject, Lane(platform, target)) for subject, platform, target in found}

    def _wake(self) -> None:
        """Makes every lane due no later than the first of its posts."""
        first: dict[Lane, datetime] = {}
        for post in (each.post for each in self.ready):
            first[post.lane] = min(post.send_after, first.get(post.lane, post.send_after))
        if not first:
            return
        rows = [
            {"org": self.org, "platform": lane.platform, "target": lane.target, "next_at": first[lane],
             "claimed_by": "", "claimed_until": None}
            for lane in sorted(first)
        ]  # fmt: skip
        self.session.connection().execute(_waking(self.session.get_bind().dialect.name), rows)


@cache
def _waking(dialect: str) -> Insert:
    """Makes lanes, or makes them due earlier. Made once: putting it together takes longer than running it."""
    fresh = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(LaneRow)
    return fresh.on_conflict_do_update(
        index_elements=["org", "platform", "target"],
        set_={"next_at": fresh.excluded.next_at},
        where=LaneRow.next_at.is_(None) | (LaneRow.next_at > fresh.excluded.next_at),
    )


def _row(post: Post, seq: int, now: datetime) -> dict[str, Any]:
    """A post's columns as it is put in line."""
    return {
        "id": str(uuid.uuid4()), "seq": seq, "platform": post.lane.platform, "target": post.lane.target,
        "kind": post.kind, "subject": post.subject, "thread": post.thread, "made_at": now, "attempts": 0,
        "state": Sending.WAITING, "sent_at": None, "message": "",
    }  # fmt: skip
