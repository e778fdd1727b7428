"""What flags, handoffs and measures leave outstanding: at its moment, once, and private where it must be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pathway.definition import shipped
from pathway.flag import Cause, Flag
from pathway.flag import State as Flagged
from pathway.handoff import Handoff, Ipass, State, Talk
from pathway.hours import read_hours
from pathway.issue import FLAGS, Kind
from pathway.ladder import Rung
from pathway.measure import How, Measure, history
from pathway.outstanding import of_contact, of_flags, of_handoffs
from pathway.outstanding_measures import of_responses, of_schedule
from pathway.people import Roster, Team
from pathway.schedule import DueMeasure, dues

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
DEFINITION = shipped()
HOURS = read_hours("Europe/London", "Mon-Fri 08:30-17:00", "20:00-07:00")
ROSTER = Roster(Team("north", "North team", HOURS), ())
CODE = "P-7K3K"
HANDOFF = Handoff(
    1, "north", CODE, "ana", "soon", Ipass("routine", "low mood", "", "", True), NOW, asked=("bo", "cy"),
    asked_at=NOW, answer_by=NOW + timedelta(hours=4),
)  # fmt: skip
MOMENTS = st.integers(-400, 400).map(lambda hours: NOW + timedelta(hours=hours))


def measures(*scores: float, every: int = 6) -> list[Measure]:
    """PEG entries, the last of them now."""
    first = NOW - timedelta(weeks=every * (len(scores) - 1))
    at = [first + timedelta(weeks=every * nth) for nth in range(len(scores))]
    return [
        Measure(f"M-{nth}", CODE, "PEG", score, at[nth], at[nth], "ana", How.PHONE)
        for nth, score in enumerate(scores)
    ]


@given(
    st.lists(
        st.builds(
            Flag, st.integers(1, 9), st.just("north"), st.just(CODE), st.just("r"), st.just("l"),
            st.sampled_from(["routine", "urgent", "gone"]), st.just(("nurse",)), MOMENTS,
            private=st.booleans(), state=st.sampled_from(Flagged),
            causes=st.lists(
                st.builds(
                    Cause, st.just("r"), st.just(1), st.sampled_from(["soon", "gone"]), st.just("x"), MOMENTS
                ),
                max_size=3,
            ).map(tuple),
        ),
        max_size=6,
    )
)  # fmt: skip
def test_every_flag_is_one_issue_and_as_private_as_it_is(flags: list[Flag]) -> None:
    found = list(of_flags(flags, DEFINITION))
    assert [(each.source, each.private, each.since) for each in found] == [
        (flag.ref, flag.private, flag.raised_at) for flag in flags
    ]
    assert all(each.kind in FLAGS for each in found)


@given(
    st.sampled_from(State), st.sampled_from(["soon", "urgent", "gone"]), st.sampled_from(Rung),
    st.sets(st.sampled_from(["bo", "cy"])), st.lists(MOMENTS, max_size=3), st.booleans(),
)  # fmt: skip
def test_a_handoff_is_at_most_one_issue_which_begins_no_sooner_than_it_was_offered(
    state: State, urgency: str, rung: Rung, declined: set[str], contacts: list[datetime], met: bool
) -> None:
    handoff = replace(
        HANDOFF, state=state, urgency=urgency, rung=rung, declined=tuple(declined),
        answered_at=NOW + timedelta(hours=1), changed_at=NOW + timedelta(hours=2),
        talk=Talk(met="In person, together" if met else "The patient was not there"),
    )  # fmt: skip
    found = list(of_handoffs([handoff], contacts, ROSTER, DEFINITION))
    assert len(found) <= 1
    assert all(each.since >= handoff.offered_at for each in found)
    reached = met or any(each >= NOW + timedelta(hours=1) for each in contacts)
    if state is State.COMPLETED:
        assert [each.kind for each in found] == ([] if reached else [Kind.HANDOFF_NO_CONTACT])
    if state is State.CANCELLED:
        assert found == []


def test_a_late_handoff_began_to_be_late_at_its_deadline_however_often_it_was_said() -> None:
    held = replace(HANDOFF, state=State.ACCEPTED, answered_at=NOW, due_at=NOW + timedelta(days=30), nagged=3)
    (issue,) = of_handoffs([held], [], ROSTER, DEFINITION)
    assert (issue.kind, issue.since) == (Kind.HANDOFF_OVERDUE, datetime(2031, 3, 7, 16, tzinfo=UTC))


def test_measures_overdue_are_one_issue_and_those_of_no_room_another() -> None:
    late = [DueMeasure(code, 0, NOW, NOW - timedelta(days=nth)) for nth, code in enumerate(("PEG", "PHQ-9"))]
    apart = [DueMeasure("ORT", 0, NOW, NOW)]
    ahead = [DueMeasure("ISI", 0, NOW, NOW + timedelta(days=3))]
    found = [each for each in of_schedule(CODE, [*late, *apart, *ahead], NOW) if each.since <= NOW]
    assert [(each.source, each.why.value, each.private) for each in found] == [
        ("measures", "PEG, PHQ-9", False),
        ("measures in private", "ORT", True),
    ]
    assert found[0].since == NOW - timedelta(days=1)


def test_nothing_of_a_new_patient_is_late_and_when_it_will_be_is_known() -> None:
    found = of_schedule(CODE, dues(DEFINITION.schedules, history(CODE, NOW, [])), NOW)
    assert min(each.since for each in found) == NOW + timedelta(days=28)


def test_who_gets_worse_has_been_worse_since_the_first_entry_that_says_so() -> None:
    past = history(CODE, NOW - timedelta(weeks=60), measures(4, 4, 6, 7))
    (issue,) = of_responses(past, [], DEFINITION, NOW)
    assert (issue.kind, issue.source, issue.since) == (Kind.WORSE, "PEG", NOW - timedelta(weeks=6))


def test_who_is_not_better_yet_will_be_an_issue_in_time() -> None:
    past = history(CODE, NOW - timedelta(weeks=6), measures(7, 7))
    (issue,) = of_responses(past, [], DEFINITION, NOW)
    assert (issue.kind, issue.since) == (Kind.NON_RESPONSE, NOW + timedelta(weeks=6))
    better = history(CODE, NOW - timedelta(weeks=18), measures(7, 7, 3))
    assert list(of_responses(better, [], DEFINITION, NOW)) == []


@given(st.lists(MOMENTS, max_size=5), MOMENTS)
def test_silence_counts_from_the_last_contact(contacts: list[datetime], since: datetime) -> None:
    (issue,) = of_contact(CODE, contacts, [], since, 6)
    assert issue.since == max(contacts, default=since) + timedelta(weeks=6)
