"""What changes of a patient while they are talked about: the card of their item shows it."""

from datetime import datetime

from handlers.live.post import show_item
from storage.clinic import Clinic


def follow(patient: str, team: str, clinic: Clinic, now: datetime) -> None:
    """Lets the conference that runs show what was just written, changed or taken back of a patient."""
    conference = clinic.conferences.running(team)
    if conference is None:
        return
    clinic.rows.session.flush()
    session = clinic.sessions.items(conference.number)
    item = session.of(patient)
    if item is not None:
        show_item(item, session, conference, clinic.people.roster(team), clinic, now)
