"""Sets a team up as people do: a Slack channel and an encrypted room, one record, linked accounts."""

import random
import re
import threading
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.soak.board import Board
from benchmarks.soak.crowd import Actor, Part
from benchmarks.soak.ledger import Ledger, Said
from benchmarks.soak.matrix_side import MatrixSide
from benchmarks.soak.slack_side import SlackSide
from benchmarks.soak.town import Town, eventually, first_match
from tests.matrix_homeserver import PASSWORD
from tests.matrix_person import MatrixPerson

NAME = "North team"
LEAD = Part("lea", ("slack", "matrix"))
PARTS = (
    Part("ana", ("slack",)),
    Part("dee", ("matrix",)),
    Part("bo", ("slack", "matrix"), answers=True),
    Part("cy", ("matrix",), answers=True),
    Part("eve", ("slack",), answers=True),
)
ROLES = {"ana": "physio", "dee": "physio", "bo": "psychologist", "cy": "psychologist", "eve": "psychologist"}
SENDERS = ("ana", "dee")
PATIENTS = 3


PATIENT = re.compile(r"Patient (P-[0-9A-Z]+)")


class Team:
    """A team at work. `watcher` is the lead, whose clients see both rooms."""

    def __init__(self, town: Town, ledger: Ledger) -> None:
        self.town = town
        self.ledger = ledger
        self.board = Board()
        self.parts: list[Part] = []
        self.slack = self._channel()
        self.people = {part.handle: self._client(part) for part in (LEAD, *PARTS) if "matrix" in part.ways}
        self.watcher = LEAD.handle
        self._setting_up = Ledger()

    def set_up(self) -> None:
        """Teams, roles, linked accounts and patients, with nothing going wrong yet."""
        self._slack_says("lea", f"team setup name='{NAME}' phone='01632 960001' quiet=none role=lead")
        for handle in ("ana", "bo", "eve"):
            self._slack_says(handle, f"team join {ROLES[handle]}")
        invited = [person.user_id for handle, person in self.people.items() if handle != "lea"]
        lea = self.people["lea"]
        room = lea.create_room("msk-pain", invite=[*invited, self.town.bot_user])
        for handle, person in self.people.items():
            if handle != "lea":
                person.join(room)
        self.matrix = MatrixSide(self.people, room, self.town.bot_user)
        eventually(lambda: self.town.bot_user in lea.members(room), "the bot to join the room")
        for handle in ("lea", "bo"):
            self._link(handle)
        self._matrix_says("lea", f"team connect '{NAME}'")
        for handle in ("cy", "dee"):
            self._matrix_says(handle, f"team join {ROLES[handle]}")
        for part in PARTS:
            self.parts.append(
                replace(part, patients=self._patients(part)) if part.handle in SENDERS else part
            )

    def actors(self, seed: int, pause: float, over: threading.Event) -> list[Actor]:
        """Everybody at work, not yet started."""
        return [
            Actor(
                part, self.board, self.slack, self.matrix, self.ledger,
                random.Random(f"{seed} {part.handle}"), pause, over, self._is_up,
            )
            for part in self.parts
        ]  # fmt: skip

    def _is_up(self) -> bool:
        return any(bot.up for bot in self.town.bots)

    def look(self, since: float, seen: int) -> int:
        """Takes up which cards have come in both rooms, and how those on Slack stand.

        Returns how many Matrix events there are by now.
        """
        for ref, ts in self.slack.cards(since).items():
            self.board.see(ref, slack=ts)
        count = len(self.people[self.watcher].events(self.matrix.room))
        for ref, event in self.matrix.cards(self.watcher, max(seen - 50, 0)).items():
            self.board.see(ref, matrix=event)
        for sight in self.board.open_now():
            if sight.slack:
                self.board.see(sight.ref, **self.slack.standing(sight.slack))
        return count

    def accept_invitations(self) -> None:
        """Everybody joins the rooms that the bot has opened with them."""
        for person in self.people.values():
            for room in person.invitations():
                person.enter(room)

    def close(self) -> None:
        """Everybody goes home."""
        for person in self.people.values():
            person.close()

    def _channel(self) -> SlackSide:
        remote = self.town.remote
        for part in (LEAD, *PARTS):
            if "slack" in part.ways:
                remote.workspace("person", handle=part.handle, name=part.handle.title())
        channel = remote.workspace("channel", name="msk-pain", bot=False)
        remote.workspace("invite_bot", channel=channel["id"])
        return SlackSide(remote, channel["id"])

    def _client(self, part: Part) -> MatrixPerson:
        user = self.town.homeserver.register(part.handle, PASSWORD, part.handle.title())
        return MatrixPerson(self.town.homeserver.url, user, PASSWORD).login()

    def _link(self, handle: str) -> None:
        person = self.people[handle]
        self._slack_says(handle, f"link account matrix {person.user_id}")
        room = person.join_next()
        code = eventually(lambda: first_match(r"Code (\S+)", self._bodies(person, room)), "a code")
        self._slack_says(handle, f"link code {code}")

    def _patients(self, part: Part) -> tuple[str, ...]:
        codes: list[str] = []
        for number in range(PATIENTS):
            line = f"patient add name='Tess {part.handle} {number}' goal='Lift my grandson' consent_team=yes"
            if "slack" in part.ways:
                codes.append(first_match(PATIENT, [self._slack_says(part.handle, line)]))
            else:
                self._matrix_says(part.handle, line)
                codes.append(eventually(lambda: self._told_code(part.handle, codes), "a code in private"))
        return tuple(codes)

    def _told_code(self, handle: str, known: Sequence[str]) -> str:
        """The code of a patient just added: on Matrix that is answered in private."""
        self.accept_invitations()
        person = self.people[handle]
        rooms = [room for room in list(person.client.rooms) if room != self.matrix.room]
        told = [
            code for room in rooms for body in self._bodies(person, room) for code in PATIENT.findall(body)
        ]
        return next((code for code in told if code not in known), "")

    def _slack_says(self, handle: str, line: str) -> str:
        said = self._setting_up.open(handle, "slack", "")
        self.slack.slash(said, line)
        return self._heard(said, line)

    def _matrix_says(self, handle: str, line: str) -> str:
        said = self._setting_up.open(handle, "matrix", "")
        event = self.people[handle].say(self.matrix.room, f"!care {line}")
        said.answer = eventually(
            lambda: "\n".join(self.matrix.answers(handle).get(event, ())), f"an answer to {line!r}"
        )
        return self._heard(said, line)

    @staticmethod
    def _heard(said: Said, line: str) -> str:
        if not said.answer or "NOT done" in said.answer:
            raise AssertionError(f"{said.who} typed {line!r} and heard {said.answer!r}")
        return said.answer

    @staticmethod
    def _bodies(person: MatrixPerson, room: str) -> Sequence[str]:
        return [message.body for message in person.messages(room)]
