"""Care plans, written: what a conference or a person puts in them, and what is taken back at once.

Plain functions that both ways in use, commands of their own (`handlers.plans.plan`) and a running conference.
`source` says where a change comes from: a conference (`C-3`), a link to a message, or ""; `link` leads to
the message that it is made of.
"""

from dataclasses import replace
from datetime import datetime

from handlers.actions.post import save
from handlers.patients import access
from handlers.request import Caller
from pathway.action import Action
from pathway.handoff import Refused
from pathway.plan import NO_RATIONALE, Entry, Sort, begins
from pathway.plan_change import UNDO_WITHIN, UNDONE, Change, check_undo, undone
from pathway.when import say_when
from storage.clinic import Clinic

_NONE = frozenset({"none", "no reason", "none given", "-"})


def decide(
    patient: str,
    text: str,
    rationale: str,
    source: str,
    by: Caller,
    clinic: Clinic,
    now: datetime,
    link: str = "",
) -> Entry:
    """A decision with its rationale, which may be said to be none but not be left out."""
    if not rationale.strip():
        raise Refused("Say why that is decided, or say that there is no reason: none.")
    said = NO_RATIONALE if rationale.strip(" .").casefold() in _NONE else rationale.strip()
    return write(Sort.DECISION, patient, text, source, by, clinic, now, rationale=said, link=link)


def goal(
    patient: str,
    text: str,
    source: str,
    by: Caller,
    clinic: Clinic,
    now: datetime,
    due_at: datetime | None = None,
) -> Entry:
    """A goal in the person's own words."""
    return write(Sort.GOAL, patient, text, source, by, clinic, now, due_at=due_at)


def problem(patient: str, text: str, source: str, by: Caller, clinic: Clinic, now: datetime) -> Entry:
    """A problem that the plan is about."""
    return write(Sort.PROBLEM, patient, text, source, by, clinic, now)


def intervention(
    patient: str,
    text: str,
    discipline: str,
    source: str,
    by: Caller,
    clinic: Clinic,
    now: datetime,
    parent: int = 0,
) -> Entry:
    """What a discipline does, and the number of the goal that it serves."""
    return write(
        Sort.INTERVENTION, patient, text, source, by, clinic, now, discipline=discipline, parent=parent
    )


def barrier(patient: str, text: str, source: str, by: Caller, clinic: Clinic, now: datetime) -> Entry:
    """What stands in the way: transport, language, cost."""
    return write(Sort.BARRIER, patient, text, source, by, clinic, now)


def refer(
    patient: str,
    text: str,
    to: str,
    source: str,
    by: Caller,
    clinic: Clinic,
    now: datetime,
    due_at: datetime | None = None,
) -> Entry:
    """A referral: what for, to whom, and until when it should be seen."""
    return write(Sort.REFERRAL, patient, text, source, by, clinic, now, discipline=to, due_at=due_at)


def note(patient: str, text: str, source: str, by: Caller, clinic: Clinic, now: datetime) -> Entry:
    """A note on the plan."""
    return write(Sort.NOTE, patient, text, source, by, clinic, now)


def write(
    sort: Sort,
    patient: str,
    text: str,
    source: str,
    by: Caller,
    clinic: Clinic,
    now: datetime,
    *,
    rationale: str = "",
    discipline: str = "",
    parent: int = 0,
    due_at: datetime | None = None,
    link: str = "",
) -> Entry:
    """A new entry of a patient's care plan, for somebody on the care team who may change plans."""
    found, by = access.plan_writer(patient, source, by, clinic, now)
    if not text.strip():
        raise Refused(f"Say in a line what the {sort} is.")
    served = clinic.plans.of_number(parent) if parent else None
    if parent and (served is None or served.patient != found.code):
        raise Refused(f"There is no E-{parent} in the care plan of {found.code}.")
    fresh = Entry(
        clinic.plans.next_number(), found.team, found.code, sort, text.strip(), by.id, now, begins(sort),
        discipline=discipline.strip(), rationale=rationale, source=source, parent=parent, due_at=due_at,
        link=link,
    )  # fmt: skip
    return clinic.plans.put(fresh, "written", now, by=by.id, note=text.strip(), source=source)


def undo(by: Caller, clinic: Clinic, now: datetime, source: str = "") -> Change:
    """Takes back the last thing that the caller did to a plan or an action, or that came from this source.

    Within ten minutes, and unless somebody else has changed the same since; what they changed elsewhere
    stays. Gives back the change that was undone. Raises Refused.
    """
    since = now - UNDO_WITHIN
    changes = clinic.plan_changes
    last = changes.last_from(source, since) if source else changes.last_by(by.id, since)
    if last is None:
        where = f"from {source}" if source else "of yours"
        raise Refused(f"Nothing {where} of the last ten minutes can be undone; what is older is changed.")
    check_undo(last, now)
    by = _may_undo(last, source, by, clinic, now)
    if isinstance(last.after, Entry):
        _undo_entry(last, by, clinic, now, source)
    else:
        _undo_action(last, by, clinic, now, source)
    return last


def _may_undo(last: Change, source: str, by: Caller, clinic: Clinic, now: datetime) -> Caller:
    """The caller in the patient's team. What they did themselves needs no more than they needed to do it."""
    if last.by != by.id:
        return access.plan_writer(last.patient, source, by, clinic, now)[1]
    look = access.entry if isinstance(last.after, Entry) else access.action
    return look(last.ref, by, clinic, now)[1]


def _undo_entry(last: Change, by: Caller, clinic: Clinic, now: datetime, source: str) -> None:
    present = clinic.plans.find(last.ref)
    back = undone(last, present, by.id, now) if present else None
    if not isinstance(back, Entry):
        raise Refused(_since(last, by, clinic, now))
    hanging = [each for each in clinic.actions.of_entries([back.number]) if each.why != UNDONE]
    if last.before is None and hanging:
        raise Refused(
            f"{hanging[-1].ref} belongs to {last.ref}: drop it first, or call {last.ref} withdrawn."
        )
    clinic.plans.end_clash(back.number)
    clinic.plans.put(back, "undone", now, by=by.id, source=source, undoes=last.version)


def _undo_action(last: Change, by: Caller, clinic: Clinic, now: datetime, source: str) -> None:
    present = clinic.actions.find(last.ref)
    back = undone(last, present, by.id, now) if present else None
    if not isinstance(back, Action):
        raise Refused(_since(last, by, clinic, now))
    if back.owner and by.roster.member(back.owner) is None:
        back = replace(back, owner="")
    save(back, "undone", by.roster, clinic, now, by=by.id, source=source, undoes=last.version)


def _since(last: Change, by: Caller, clinic: Clinic, now: datetime) -> str:
    newest = clinic.plan_changes.last_of(last.ref)
    who = by.roster.name(newest.by) if newest and newest.by else "somebody"
    at = say_when(newest.at, by.zone, now) if newest else "since"
    how = f"`plan change {last.ref}`" if isinstance(last.after, Entry) else f"`action show {last.ref}`"
    return f"{who} has changed {last.ref} since ({at}), so it can't be undone under them: {how}."
