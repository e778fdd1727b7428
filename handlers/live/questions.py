"""What was asked about a patient is answered by the conference that is done with their item."""

from datetime import datetime

from pathway.conference import Conference
from pathway.question import Step, move
from pathway.session import Item, State
from storage.clinic import Clinic


def answer_questions(
    was: Item | None, item: Item, conference: Conference, clinic: Clinic, now: datetime, by: str
) -> None:
    """Answers what is asked about the patient once their item is done.

    If it was closed by mistake and is taken again, what it answered is asked again until it is done.
    """
    before, after = was is not None and was.state is State.DONE, item.state is State.DONE
    if after and not before:
        for question in clinic.questions.open_of_patient(item.patient):
            answered = move(question, Step.ANSWER, by, now, conference.ref)
            clinic.questions.put(answered, "answered", now, by=by, note=conference.ref)
    if before and not after:
        for question in clinic.questions.answered_in(conference.ref, item.patient):
            clinic.questions.put(move(question, Step.REOPEN, by, now), "reopened", now, by=by)
