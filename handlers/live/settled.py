"""An item of which nothing is outstanding any more is noticed at once, and not only when its turn comes."""

from datetime import datetime

from handlers.live.post import save
from pathway.people import Roster
from pathway.session import TO_COME, Item, State
from pathway.session_turns import settle, unsettle
from storage.clinic import Clinic

SETTLED = "nothing is outstanding any more"


def keep_up(roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Lets the conference that runs pass over what was settled, and take back what is outstanding again.

    Its card says which, in every room.
    """
    conference = clinic.conferences.running(roster.team.id)
    if conference is None:
        return
    before = session = clinic.sessions.items(conference.number)
    for item in before.items:
        settled = is_settled(item, clinic)
        if item.state in TO_COME and settled:
            session = settle(session, item.patient, now, SETTLED)
        elif item.state is State.SETTLED and not settled:
            session = unsettle(session, item.patient, now)
    if session != before:
        save(conference, session, roster, clinic, now)


def is_settled(item: Item, clinic: Clinic) -> bool:
    """Whether nothing is outstanding any more that a conference may hear of, as collected last.

    One that the lead keeps on has its turn all the same.
    """
    issues = clinic.issues.of_patient(item.patient)
    return not item.kept and all(each.private for each in issues)
