"""The care plan as a conference writes it, with plain functions; undone within ten minutes or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from handlers.actions import write as action_write
from handlers.plans import write as plan_write
from handlers.request import Caller
from pathway.action import State
from pathway.ladder import Refused
from pathway.plan import NO_RATIONALE, Sort, Status
from storage.clinic import Clinic
from tests.handlers.talk import NAMES, ROOM, Talk


@contextmanager
def acting(talk: Talk, who: str) -> Iterator[tuple[Caller, Clinic]]:
    """One transaction in which somebody of the team does something in the room, as a conference does it."""
    with talk.store.clinic(talk.now) as clinic:
        member = clinic.people.by_account("slack", f"U-{who}")
        assert member is not None
        room = clinic.people.room(ROOM.platform, ROOM.target)
        assert room is not None
        roster = clinic.people.roster(room.team)
        yield Caller(member, ROOM, clinic.definition, roster, (roster,)), clinic
    talk.post()


def cared_for(talk: Talk, *who: str) -> str:
    """A patient of ana's, who lets these members in; the code."""
    code = talk.patient()
    for each in who:
        talk.direct("ana", f"patient let in {code} '{NAMES[each]}'")
    talk.hear()
    return code


def test_what_is_decided_and_who_does_it_is_kept_with_where_it_came_from(talk: Talk) -> None:
    code = cared_for(talk, "bo")
    bo = talk.id("bo")
    with acting(talk, "ana") as (ana, clinic):
        plan_write.goal(code, "Lift my grandson again", "C-3", ana, clinic, talk.now)
        decided = plan_write.decide(code, "Graded exposure first", "None.", "C-3", ana, clinic, talk.now)
        action = action_write.act(
            code, bo, "Call the GP", None, "C-3", ana, clinic, talk.now, entry=decided.number
        )
    assert (decided.ref, decided.rationale, decided.edition) == ("E-2", NO_RATIONALE, 2)
    assert (action.state, action.edition) == (State.PROPOSED, 3)
    with talk.store.clinic(talk.now) as clinic:
        assert clinic.plans.of_patient(code) == clinic.plans.of_source("C-3")
        assert [(e.sort, e.status) for e in clinic.plans.of_patient(code)] == [
            (Sort.GOAL, Status.ACTIVE),
            (Sort.DECISION, Status.IN_FORCE),
        ]
        assert clinic.actions.of_owner(bo) == clinic.actions.of_source("C-3") == [action]
        assert [(e.version, e.ref, e.source) for e in clinic.plans.history(code)] == [
            (1, "E-1", "C-3"),
            (2, "E-2", "C-3"),
            (3, "A-1", "C-3"),
        ]
    assert talk.told("bo") == [f"A-1 · {code} · proposed"]
    assert talk.heard() == []
    assert talk.journal("A-1") == ["action proposed"]


def test_a_decision_has_a_rationale_or_says_that_there_is_none(talk: Talk) -> None:
    code = cared_for(talk)
    with acting(talk, "ana") as (ana, clinic), pytest.raises(Refused, match=r"^Say why that is decided"):
        plan_write.decide(code, "Graded exposure first", " ", "", ana, clinic, talk.now)


def test_who_is_not_on_the_care_team_writes_nothing(talk: Talk) -> None:
    code = cared_for(talk)
    with acting(talk, "bo") as (bo, clinic), pytest.raises(Refused, match="not on the care team"):
        plan_write.note(code, "seen in town", "C-3", bo, clinic, talk.now)


def test_a_scribe_without_the_plans_permission_writes_for_a_conference_alone(talk: Talk) -> None:
    code = cared_for(talk, "dee")
    with acting(talk, "dee") as (dee, clinic):
        assert plan_write.note(code, "all agreed", "C-3", dee, clinic, talk.now).ref == "E-1"
        with pytest.raises(Refused, match="your role can't change care plans"):
            plan_write.note(code, "all agreed", "", dee, clinic, talk.now)


def test_undo_takes_back_the_last_thing_of_a_conference_or_of_the_caller(talk: Talk) -> None:
    code = cared_for(talk, "bo")
    with acting(talk, "ana") as (ana, clinic):
        plan_write.barrier(code, "no bus", "C-3", ana, clinic, talk.now)
        plan_write.note(code, "a slip", "", ana, clinic, talk.now + timedelta(minutes=1))
    with acting(talk, "bo") as (bo, clinic):
        assert plan_write.undo(bo, clinic, talk.now, source="C-3").ref == "E-1"
    with acting(talk, "ana") as (ana, clinic):
        assert plan_write.undo(ana, clinic, talk.now).ref == "E-2"
        assert clinic.plans.of_patient(code) == []
        with pytest.raises(Refused, match="Nothing of yours"):
            plan_write.undo(ana, clinic, talk.now)
