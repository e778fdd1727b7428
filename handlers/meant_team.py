"""Which of their teams somebody means in private: that of the patient, handoff or whatever they name."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from handlers.reading import Reading
from pathway.action import Action
from pathway.code import BadCode, read_code
from pathway.conference import Conference
from pathway.flag import Flag
from pathway.handoff import Handoff
from pathway.plan import Entry
from pathway.poll import Poll
from pathway.series import Series
from storage.clinic import Clinic

_NAMED = re.compile(r"\b(?:P[-‑–—]?[2-9B-DF-HJ-NP-TV-Z]{4,8}|[HFCSTEA][-‑–—]?\d{1,15})\b", re.IGNORECASE)


def narrowed(reading: Reading, said: Iterable[str]) -> Reading:
    """The reading for the team that is meant by what was said, so that names are looked for in it alone."""
    by = reading.by
    if by.roster_here is not None or len(by.rosters) < 2:
        return reading
    named = (found for text in said for found in _NAMED.findall(text))
    teams = (_team_of(each, reading.clinic) for each in named)
    team = next((each for each in teams if each), "")
    meant = next((roster for roster in by.rosters if roster.team.id == team), None)
    return reading if meant is None else replace(reading, by=by.within(meant))


def _team_of(name: str, clinic: Clinic) -> str:
    find = _finders(clinic).get(name[0].upper())
    if find is not None:
        found = find(f"{name[0].upper()}-{int(name[1:].lstrip('-‑–—'))}")
        return found.team if found else ""
    try:
        patient = clinic.patients.find(read_code(name))
    except BadCode:
        return ""
    return patient.team if patient else ""


_Find = Callable[[str], Handoff | Flag | Conference | Series | Poll | Entry | Action | None]


def _finders(clinic: Clinic) -> Mapping[str, _Find]:
    """What finds a thing by its reference, by the letter with which that begins."""
    return {
        "H": clinic.handoffs.find,
        "F": clinic.flags.find,
        "C": clinic.conferences.find,
        "S": clinic.series.find,
        "T": clinic.polls.find,
        "E": clinic.plans.find,
        "A": clinic.actions.find,
    }
