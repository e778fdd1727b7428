"""The people of a team at work: each offers, raises, answers, asks, reads back and completes, at random."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from benchmarks.soak.board import Board, Sight
from benchmarks.soak.ledger import Ledger, Said, Told
from benchmarks.soak.matrix_side import MatrixSide
from benchmarks.soak.slack_side import SlackSide
from benchmarks.soak.things import sort_of

Way = Literal["slack", "matrix"]
LEFT_ALONE = 0.25
"""The part of the handoffs and flags that nobody answers, so that their deadlines come."""
FLAGS = 0.3
"""The part of what is begun that is a flag."""
PATIENT = 0.8
"""The part of what people do for which they wait until Baton is there."""
LABELS = {
    "accept": "Accept", "decline": "Decline", "ask": "Ask", "reply": "Reply", "readback": "Read back",
    "introduce": "Introduced", "complete": "Complete", "giveback": "Give back", "correct": "Correct",
    "cancel": "Cancel", "claim": "Claim", "release": "Release", "resolve": "Resolve", "dismiss": "Not needed",
    "snooze": "Snooze",
}  # fmt: skip
FIELDS = {
    "decline": "Reason", "giveback": "Reason", "cancel": "Reason",
    "ask": "What do you want to say?", "reply": "What do you want to say?",
    "correct": "What do you want to say?", "complete": "How did it go? One line.",
    "readback": "In your own words: what did you take over, and what will you do?",
    "resolve": "What was done?", "dismiss": "Why is it not needed?", "snooze": "Until when can it wait",
}  # fmt: skip
REACTIONS = {"accept": "👍", "complete": "✅", "claim": "👍"}
ASKED = ("offered", "declined", "escalated", "question asked", "expired")
SNOOZE = "in 1 minute"


@dataclass(frozen=True)
class Part:
    """Somebody of the crowd: where they have an account, and the patients that they hand over."""

    handle: str
    ways: tuple[Way, ...]
    answers: bool = False
    patients: tuple[str, ...] = ()


class Actor:
    """One person, acting in a thread of their own until `over`."""

    def __init__(
        self, part: Part, board: Board, slack: SlackSide, matrix: MatrixSide, ledger: Ledger,
        dice: random.Random, pause: float, over: threading.Event, is_up: Callable[[], bool],
    ) -> None:  # fmt: skip
        self.part, self.board, self.slack, self.matrix = part, board, slack, matrix
        self.ledger, self.dice, self.pause, self.over, self.is_up = ledger, dice, pause, over, is_up
        self.failure: Exception | None = None
        self.thread = threading.Thread(target=self._run, name=part.handle)

    def _run(self) -> None:
        try:
            while not self.over.wait(self.dice.expovariate(1 / self.pause)):
                if self.dice.random() < PATIENT:
                    self._wait_up()
                self._act()
        except Exception as error:  # shown by whoever joins the thread
            self.failure = error
            self.over.set()

    def _wait_up(self) -> None:
        """Most people who have seen an error wait before they try again."""
        while not self.is_up() and not self.over.wait(0.1):
            pass

    def _act(self) -> None:
        sight = self.board.pick(self.dice)
        if self.part.patients and (sight is None or self.dice.random() < 0.4):
            begin = self.raise_flag if self.dice.random() < FLAGS else self.offer
            begin(self.dice.choice(["emergency", "urgent"]), self.dice.random() < LEFT_ALONE)
        elif sight is not None and (step := self._step(sight)):
            self._take(step, sight)

    def offer(self, urgency: str, left_alone: bool) -> Said:
        """Offers one of this person's patients."""
        to = self.dice.choice(["psychologist", "bo"])
        patient = self.dice.choice(self.part.patients)
        return self._begin("offer", f"handoff offer {patient} {to} {urgency} 'Low mood {{}}'", left_alone)

    def raise_flag(self, severity: str, left_alone: bool) -> Said:
        """Raises a flag for one of this person's patients; what is open already is added to."""
        patient = self.dice.choice(self.part.patients)
        line = f"flag raise {patient} 'Worse today {{}}' {severity} psychologist"
        return self._begin("raise", line, left_alone)

    def _begin(self, step: str, line: str, left_alone: bool) -> Said:
        """`line` has `{}` where the marker belongs."""
        way = self.dice.choice(self.part.ways)
        said = self.ledger.open(self.part.handle, way, step)
        self._say(way, said, line.format(said.marker))
        if said.told is Told.DONE:
            self.board.see(said.ref, sender=self.part.handle, left_alone=left_alone)
        return said

    def _step(self, sight: Sight) -> str:
        """What this person might do about a handoff or a flag; "" for nothing."""
        me = self.part.handle
        if sight.ref.startswith("F-"):
            return self._step_of_flag(sight)
        if sight.state in ASKED:
            if me == sight.sender:
                return (
                    self.dice.choice(["reply", "", ""])
                    if "question" in sight.state
                    else self._rarely("cancel")
                )
            return self.dice.choices(["accept", "decline", "ask"], [8, 1, 1])[0] if self.part.answers else ""
        if me == sight.receiver:
            held = "introduce" if sight.state == "accepted" else "complete"
            step = held if sight.read_back else "readback"
            return self._rarely("giveback") or step
        return self._rarely("correct") if me == sight.sender and sight.read_back else ""

    def _step_of_flag(self, sight: Sight) -> str:
        if not self.part.answers:
            return ""
        if sight.state in ("raised", "escalated", "expired"):
            return self.dice.choices(["claim", "dismiss", "snooze"], [8, 1, 1])[0]
        if sight.receiver != self.part.handle:
            return ""
        return self.dice.choices(["resolve", "claim", "release", "snooze"], [6, 2, 1, 1])[0]

    def _rarely(self, step: str) -> str:
        return step if self.dice.random() < 0.1 else ""

    def _take(self, step: str, sight: Sight) -> None:
        way = self.dice.choice(self.part.ways)
        said = self.ledger.open(self.part.handle, way, step, sight.ref)
        words = SNOOZE if step == "snooze" else f"as we said {said.marker}"
        line = f"{sort_of(sight.ref).name} {step} {sight.ref}"
        if step == "introduce":
            line += f" in-person who='{said.marker}'"
        elif step in FIELDS:
            line += f" '{words}'"
        pressing = self.dice.random() < 0.5
        if pressing and way == "slack" and sight.slack and step != "introduce":
            fields = {FIELDS[step]: words} if step in FIELDS else {}
            self._press(said, sight.slack, LABELS[step], fields)
        elif pressing and way == "matrix" and sight.matrix and step in REACTIONS:
            self.matrix.react(said, sight.matrix, REACTIONS[step])
        else:
            self._say(way, said, line)

    def _press(self, said: Said, message: str, label: str, fields: dict[str, str]) -> None:
        try:
            self.slack.press(said, message, label, fields)
        except LookupError:
            self.ledger.forget(said)  # the card has changed and has no such button any more

    def _say(self, way: Way, said: Said, line: str) -> None:
        if way == "slack":
            self.slack.slash(said, line)
        else:
            self.matrix.line(said, line)
