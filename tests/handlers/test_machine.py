"""Random people do random things to handoffs while time passes: what must be true stays true."""

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from handlers.request import Outcome
from pathway.handoff import HELD, MOVES, OPEN, WAITING, Due, Handoff, State
from tests.handlers.random_people import PEOPLE, RandomPeople, play

REFS = st.sampled_from(["H-1", "H-2"])
STEPS = st.sampled_from([
    "accept {}", "accept {}", "decline {} full", "ask {} why", "reply {} so", "readback {} mood",
    "correct {} no", "introduce {} phone", "complete {} well", "giveback {} ill", "cancel {} moved",
])  # fmt: skip
ANSWERS = st.sampled_from(["accept {}", "decline {} full", "decline {} full", "ask {} why"])
REACHED = {State.OFFERED, *(after for moves in MOVES.values() for after in moves.values())}


class Handoffs(RandomPeople):
    """Two handoffs of one patient."""

    minutes = (3, 20, 45, 240, 24 * 60)

    def __init__(self) -> None:
        super().__init__()
        self.talk.direct("ana", f"handoff offer {self.code} psychologist urgent 'low mood'")
        self.talk.direct("ana", f"handoff offer {self.code} bo 'low mood'")
        self.talk.hear()
        self.before = self._handoffs()

    def _handoffs(self) -> dict[str, Handoff]:
        return {ref: self.talk.handoff(ref) for ref in ("H-1", "H-2")}

    @rule(who=PEOPLE, ref=REFS, step=STEPS)
    def somebody_does_something(self, who: str, ref: str, step: str) -> None:
        before = self.talk.handoff(ref)
        entries = len(self.talk.journal(ref))
        reply = self.talk.ask(who, f"handoff {step.format(ref)}")
        after = self.talk.handoff(ref)
        assert reply.card is not None
        assert reply.outcome in (Outcome.DONE, Outcome.REFUSED), reply
        if reply.outcome is Outcome.REFUSED:
            assert reply.card.title.endswith((".", "can't use `handoff " + step.split()[0] + "` here."))
            assert after == before
            assert len(self.talk.journal(ref)) == entries
        else:
            assert after.state in MOVES[before.state].values()
            assert len(self.talk.journal(ref)) == entries + 1, "one change, one row"

    @rule(who=st.sampled_from(["bo", "cy", "lea"]), ref=REFS, step=ANSWERS)
    def somebody_answers(self, who: str, ref: str, step: str) -> None:
        self.somebody_does_something(who, ref, step)

    @rule(ref=REFS, step=STEPS)
    def whoever_holds_it_goes_on(self, ref: str, step: str) -> None:
        receiver = self.talk.handoff(ref).receiver
        who = next((each for each, member in self.ids.items() if member == receiver), "cy")
        self.somebody_does_something(who, ref, step)

    @invariant()
    def what_must_be_true_is_true(self) -> None:
        after = self._handoffs()
        for handoff in after.values():
            self._goes_on(handoff)
            self._in_the_right_hands(handoff)
        for ref, handoff in after.items():
            assert set(self.before[ref].asked) <= set(handoff.asked), "who was asked may always still answer"
            card = self.talk.card(ref)  # which fails if it stands there twice
            shown = State.OFFERED if handoff.state is State.DECLINED else handoff.state
            assert card.startswith(f"{ref} · {self.code} · {shown}\n")
        self._nobody_is_bothered(after)
        self.before = after

    def _goes_on(self, handoff: Handoff) -> None:
        """What is open has a next moment, or everybody has been told."""
        assert handoff.state in REACHED
        if handoff.state in WAITING:
            assert handoff.due_at is not None
            assert handoff.answer_by is not None
            assert handoff.due_at <= handoff.answer_by
        elif handoff.due_at is None:
            channel_told = handoff.state in HELD and handoff.nagged > 5
            assert channel_told or handoff.state is State.EXPIRED or handoff.state not in OPEN
            assert handoff.due is Due.NOTHING

    def _in_the_right_hands(self, handoff: Handoff) -> None:
        """One receiver while it is held; nobody is asked who sent it or may not take patients over."""
        if handoff.state is not State.CANCELLED:
            assert bool(handoff.receiver) == (handoff.state in HELD | {State.COMPLETED})
        assert handoff.receiver != handoff.sender
        assert not {handoff.sender, self.ids["dee"]} & set(handoff.asked)
        assert len(set(handoff.asked)) == len(handoff.asked)
        assert len(set(handoff.declined)) == len(handoff.declined)

    def _nobody_is_bothered(self, after: dict[str, Handoff]) -> None:
        """Who has said no, and everybody after the end, is not reminded."""
        for who, member in self.ids.items():
            titles = self.talk.told(who)
            for ref, handoff in after.items():
                earlier = self.before[ref]
                over = earlier.state not in OPEN and handoff.state not in OPEN
                if over or member in earlier.declined or member == earlier.sender:
                    assert not [each for each in titles if each.startswith(f"{ref} still waits for your")]


def test_whatever_people_do(database_url: str) -> None:
    play(Handoffs, database_url)
