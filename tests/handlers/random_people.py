"""People who go away, come back, leave and join at random while time passes: a part of every such machine."""

import itertools
from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.handlers.talk import ROLES, Talk

PEOPLE = st.runner().flatmap(lambda machine: st.sampled_from([*machine.team, "lea"]))
"""Anybody of the machine's team."""
MINUTES = st.runner().flatmap(lambda machine: st.sampled_from(machine.minutes))


class RandomPeople(RuleBasedStateMachine):
    """A team and a patient; every run is an organisation of its own in the database at `url`."""

    url = ""
    runs = itertools.count(1)
    team: ClassVar[Mapping[str, str]] = ROLES
    minutes: ClassVar[tuple[int, ...]]

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk(self.url, org=f"org{next(self.runs)}")
        self.talk.team(**self.team)
        self.code = self.talk.patient()
        self.ids = {who: self.talk.id(who) for who in (*self.team, "lea")}

    def teardown(self) -> None:
        self.talk.close()

    @rule(who=PEOPLE, cover=st.sampled_from(["", " cover @bo", " cover @cy", " cover @lea"]))
    def somebody_goes_away(self, who: str, cover: str) -> None:
        self.talk.direct(who, f"away until in 20 h{cover}")

    @rule(who=PEOPLE)
    def somebody_is_back(self, who: str) -> None:
        self.talk.direct(who, "back")

    @rule(who=st.sampled_from(["bo", "cy"]))
    def somebody_leaves_and_joins_again(self, who: str) -> None:
        self.talk.say(who, "team leave")
        self.talk.now += timedelta(minutes=1)
        self.talk.say(who, "team join psychologist")

    @rule(minutes=MINUTES)
    def time_passes(self, minutes: int) -> None:
        self.talk.forward(minutes)
        assert self.talk.broke == []


def play(machine: type[RandomPeople], database_url: str) -> None:
    """Runs the machine on a database; fewer times where each takes longer."""
    made = settings(
        max_examples=12 if database_url.startswith("sqlite") else 3,
        stateful_step_count=20,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(type("Machine", (machine,), {"url": database_url}), settings=made)
