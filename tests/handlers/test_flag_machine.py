"""Random people do random things to flags and entries while time passes: what must be true stays true."""

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from handlers.request import Outcome
from pathway.definition import shipped
from pathway.flag import HELD, MOVES, OPEN, UNANSWERED, Flag, State
from pathway.ladder import Due
from tests.handlers.random_people import PEOPLE, RandomPeople, play
from tests.handlers.talk import ROOM, Talk

TEAM = {"ana": "physio", "bo": "psychologist", "cy": "psychologist", "dee": "coordinator", "eli": "gp"}
REFS = st.sampled_from(["F-1", "F-2"])
STEPS = st.sampled_from([
    "claim {}", "claim {}", "release {}", "snooze {} in 20 min", "snooze {} in 3 days", "resolve {} seen",
    "dismiss {} known",
])  # fmt: skip
SCORES = st.sampled_from(
    ["total 4", "total 19", "total 21 item 9 0", "total 21 item 9 2", "total 2 item 9 1"]
)
REACHED = {State.RAISED, *(after for moves in MOVES.values() for after in moves.values())}


class Flags(RandomPeople):
    """A flag that a person raised and one of a rule."""

    team = TEAM
    minutes = (3, 12, 45, 240, 24 * 60)

    def __init__(self) -> None:
        super().__init__()
        self.talk.direct("ana", f"flag {self.code} 'low mood' urgent psychologist")
        self.talk.direct("ana", f"assess {self.code} PHQ-9 total 1 item 9 1")
        self.entry = 1
        self.talk.hear()
        self.before = self._flags()

    def _flags(self) -> dict[str, Flag]:
        with self.talk.store.clinic(self.talk.now) as clinic:
            return {each.ref: each for each in clinic.flags.of_patient(self.code)}

    @rule(who=PEOPLE, ref=REFS, step=STEPS)
    def somebody_does_something(self, who: str, ref: str, step: str) -> None:
        before, rows = self.talk.flag(ref), len(self.talk.journal(ref))
        reply = self.talk.ask(who, f"flag {step.format(ref)}")
        after = self.talk.flag(ref)
        assert reply.card is not None
        assert reply.outcome in (Outcome.DONE, Outcome.REFUSED), reply
        if reply.outcome is Outcome.REFUSED:
            assert reply.card.title.endswith((".", "can't use `flag " + step.split()[0] + "` here."))
            assert (after, len(self.talk.journal(ref))) == (before, rows)
        else:
            assert after.state in MOVES[before.state].values()
            assert len(self.talk.journal(ref)) == rows + 1, "one change, one row"

    @rule(ref=REFS, step=STEPS)
    def whoever_holds_it_goes_on(self, ref: str, step: str) -> None:
        holder = self.talk.flag(ref).holder
        who = next((each for each, member in self.ids.items() if member == holder), "cy")
        self.somebody_does_something(who, ref, step)

    @rule(severity=st.sampled_from(["routine", "soon", "urgent", "emergency"]))
    def somebody_worries_again(self, severity: str) -> None:
        self.talk.direct("ana", f"flag {self.code} 'worse' {severity} psychologist")

    @rule(score=SCORES)
    def somebody_is_measured_again(self, score: str) -> None:
        said = self.talk.direct("ana", f"assess {self.code} PHQ-9 {score}")
        self.entry = int(said.split("PHQ-9, M-")[1].split(":")[0])

    @rule(score=SCORES)
    def the_last_entry_is_corrected(self, score: str) -> None:
        said = self.talk.direct("ana", f"assess correct M-{self.entry} {score}")
        self.entry = int(said.split("PHQ-9, M-")[1].split(":")[0])

    @invariant()
    def what_must_be_true_is_true(self) -> None:
        after = self._flags()
        for flag in after.values():
            self._goes_on(flag)
            self._in_the_right_hands(flag)
        self._one_card_and_one_flag_for_a_reason(after)
        self._nobody_is_bothered(after)
        self.before = after

    def _goes_on(self, flag: Flag) -> None:
        """What is open has a next moment; only what nobody took at all may have been told often enough."""
        assert flag.state in REACHED
        if flag.state in UNANSWERED | HELD:
            assert flag.due_at is not None
        elif flag.state is State.EXPIRED and flag.due_at is None:
            assert flag.nagged >= shipped().flag_severity(flag.severity).repeat_times
        elif flag.state not in OPEN:
            assert (flag.due, flag.due_at) == (Due.NOTHING, None)

    def _in_the_right_hands(self, flag: Flag) -> None:
        """One holder while it is held; nobody is asked who raised it themselves or may not answer flags."""
        assert bool(flag.holder) == (flag.state in HELD or bool(flag.closed_by))
        assert self.ids["dee"] not in flag.asked
        assert not (flag.by_person and self.ids["ana"] in flag.asked)
        assert len(set(flag.asked)) == len(flag.asked)
        assert (flag.snoozed_until is not None) == (flag.state is State.WAITING)
        if flag.live:
            rank = shipped().flag_rank
            assert flag.severity == max((each.severity for each in flag.live), key=rank)
        elif flag.state in OPEN:
            raise AssertionError("an open flag rests on nothing")

    def _one_card_and_one_flag_for_a_reason(self, after: dict[str, Flag]) -> None:
        reasons = [each.reason for each in after.values() if each.state in OPEN]
        assert len(set(reasons)) == len(reasons)
        for ref, flag in after.items():
            titles = [each.card.title for each in self.talk.messages[ROOM].values()]
            shown = [each for each in titles if each.startswith(f"{ref} ·")]
            label = shipped().flag_severity(flag.severity).label
            if flag.severity != "routine":
                assert shown == [f"{ref} · {self.code} · {label} · {flag.state}"]
            assert len(shown) <= 1

    def _nobody_is_bothered(self, after: dict[str, Flag]) -> None:
        """After the end nobody is reminded."""
        heard = [title for who in self.ids for title in self.talk.told(who)]
        for ref, flag in after.items():
            earlier = self.before.get(ref)
            if earlier is not None and earlier.state not in OPEN and flag.state not in OPEN:
                assert not [each for each in heard if each.startswith(f"{ref} still waits for your")]


def test_who_raised_it_is_not_asked_of_it_though_they_had_claimed_it(quick: Talk) -> None:
    code = quick.patient()
    quick.direct("ana", f"flag {code} 'low mood' urgent psychologist")
    for _ in range(2):
        quick.forward(24 * 60)
    quick.say("ana", "flag claim F-1")
    quick.hear()
    quick.direct("ana", f"flag {code} 'worse' emergency psychologist")
    assert quick.id("ana") not in quick.flag().asked
    assert "F-1 is asked anew: emergency" in quick.told("ana")


def test_whatever_people_do(database_url: str) -> None:
    play(Flags, database_url)
