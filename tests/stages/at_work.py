"""The people, the rooms and the patients that conversations begin with, on every way in and database."""

import re
from collections.abc import Mapping
from datetime import datetime

from tests.needs import require
from tests.stages.stage import PEOPLE, Stage

WAYS_IN = ("slack", "matrix", "practice")
ROLES = {"ana": "physio", "bo": "psychologist", "cy": "psychologist"}


def open_stage(
    way_in: str, database_url: str, people: Mapping[str, str] = PEOPLE, start: datetime | None = None
) -> Stage:
    """A running bot with these people, and no team yet; its clock begins on a working day at ten."""
    match way_in:
        case "slack":
            from tests.stages.slack import SlackStage  # noqa: PLC0415 (only what this run needs)

            return SlackStage(database_url, people, start)
        case "matrix":
            require("synapse")
            from tests.stages.matrix import MatrixStage  # noqa: PLC0415

            return MatrixStage(database_url, people, start)
        case _:
            require("chromium")
            from tests.stages.practice import PracticeStage  # noqa: PLC0415

            return PracticeStage(database_url, people, start)


def make_team(stage: Stage, roles: Mapping[str, str] = ROLES) -> None:
    """Lea's team, and who joins it in which role."""
    stage.say("lea", "team setup name='North team' phone='01632 960001' emergency=999 role=lead")
    stage.wait_for(lambda: seen(stage, "North team"))
    for who, role in roles.items():
        stage.say(who, f"team join {role}")
        stage.wait_for(lambda who=who: told(stage, who, "Welcome to North team"))  # type: ignore[misc]


def seen(stage: Stage, *words: str) -> bool:
    """Whether one message in the room has all of these words."""
    return any(all(word in message for word in words) for message in stage.room())


def told(stage: Stage, who: str, *words: str) -> bool:
    """Whether one message that only this person sees has all of these words."""
    return any(all(word in message for word in words) for message in stage.private(who))


def new_patient(stage: Stage, who: str = "ana") -> str:
    """A new patient of somebody's: the code."""
    stage.direct(
        who, "patient add name='Tess Testcase' goal='Lift my grandson again' record=MRN-0001 language=en"
    )
    stage.wait_for(lambda: told(stage, who, "Lift my grandson again"))
    card = next(each for each in stage.private(who) if "Lift my grandson again" in each)
    found = re.search(r"P-[2-9A-Z]{4,}", card)
    assert found
    return found[0]


def cards(stage: Stage, ref: str) -> list[str]:
    """The living cards of a handoff or flag in the room."""
    return [message for message in stage.room() if f"{ref} ·" in message]
