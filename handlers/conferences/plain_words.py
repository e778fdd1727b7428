"""What everybody reads who is invited, also outside and in any calendar, must name no patient."""

from datetime import datetime
from itertools import pairwise

from handlers.request import Caller
from pathway.handoff import Refused
from storage.clinic import Clinic


def check(text: str, by: Caller, clinic: Clinic, now: datetime) -> None:
    """Raises Refused for a text that names a patient whom the caller may see: they should know better.

    Of other patients nothing is said, so that names and record numbers can't be tried out.
    """
    words = text.replace(",", " ").split()
    named = any(clinic.patients.by_name(" ".join(pair), by.id) for pair in pairwise(words))
    numbered = (clinic.patients.by_record(each) for each in words if any(map(str.isdecimal, each)))
    if named or any(each and clinic.patients.may_see(each.code, by.id, now) for each in numbered):
        raise Refused("That names a patient, and everybody who is invited would read it: use other words.")
