"""What flags, handoffs, questions, contacts and consent leave outstanding for a patient.

Each function gives the issues that are there, and those that will be if nothing happens: their `since` is
still to come, and says when to look again. What measures leave is `pathway.outstanding_measures`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from pathway.contact import Contact
from pathway.definition import Definition, UrgencyDef
from pathway.flag import Cause, Flag
from pathway.flag import State as Flagged
from pathway.handoff import HELD, WAITING, Handoff, State
from pathway.issue import Issue, Kind, Why
from pathway.ladder import Rung, after
from pathway.people import Roster
from pathway.question import Question

UNANSWERED = frozenset({Flagged.ESCALATED, Flagged.EXPIRED})


def of_flags(flags: Iterable[Flag], definition: Definition) -> Iterator[Issue]:
    """Every open flag, and which of them nobody took."""
    for flag in flags:
        kind = Kind.FLAG_ESCALATED if flag.state in UNANSWERED else Kind.FLAG_OPEN
        why = _why_raised(flag, definition)
        yield Issue(
            patient=flag.patient, kind=kind, source=flag.ref, since=flag.raised_at, why=why,
            owner=flag.holder, severity=flag.severity, private=flag.private,
        )  # fmt: skip


def _why_raised(flag: Flag, definition: Definition) -> Why:
    """By the most severe of its causes, and of these the newest."""
    order = [each.id for each in definition.flag_severities]

    def weight(cause: Cause) -> tuple[int, datetime]:
        return order.index(cause.severity) if cause.severity in order else len(order), cause.at

    causes = flag.live or flag.causes
    if not causes:
        return Why(flag.label or flag.reason, "", flag.raised_at)
    cause = max(causes, key=weight)
    rule = f"{flag.label} ({cause.rule}, version {cause.version})" if cause.rule else "Raised by a person"
    values = ", ".join(f"{each.what} {each.value}" for each in cause.evidence)
    return Why(rule, values or cause.says, cause.at)


def of_handoffs(
    handoffs: Iterable[Handoff], contacts: Sequence[datetime], roster: Roster, definition: Definition
) -> Iterator[Issue]:
    """Handoffs that are late, that nobody wants, or that ended without anybody having met the patient.

    `contacts` are the moments at which the patient was reached.
    """
    for handoff in handoffs:
        kind, why = _of_handoff(handoff, contacts, roster, definition)
        if kind is not None and why is not None:
            yield Issue(
                patient=handoff.patient, kind=kind, source=handoff.ref, since=why.at, why=why,
                owner=handoff.receiver or handoff.sender, severity=handoff.urgency,
            )  # fmt: skip


def _of_handoff(
    handoff: Handoff, contacts: Sequence[datetime], roster: Roster, definition: Definition
) -> tuple[Kind | None, Why | None]:
    changed = handoff.changed_at or handoff.offered_at
    asked = f"{len(handoff.asked)} asked"
    match handoff.state:
        case State.EXPIRED:
            return Kind.HANDOFF_EXPIRED, Why("Nobody answered", asked, changed)
        case State.COMPLETED:
            began = handoff.answered_at or handoff.offered_at
            if handoff.talk.met_patient or any(each >= began for each in contacts):
                return None, None
            return Kind.HANDOFF_NO_CONTACT, Why("Completed without a first contact", "", changed)
        case state if state in WAITING and handoff.asked and {*handoff.asked} <= {*handoff.declined}:
            return Kind.HANDOFF_DECLINED, Why("Everybody who was asked said no", asked, changed)
        case state if state in WAITING or state in HELD:
            what, at = _due(handoff, roster, _urgency(handoff, definition))
            return Kind.HANDOFF_OVERDUE, Why(what, str(state), at)
    return None, None


def _urgency(handoff: Handoff, definition: Definition) -> UrgencyDef:
    """The urgency of a handoff; the most urgent if the definition has it no more."""
    known = {each.id: each for each in definition.urgencies}
    return known.get(handoff.urgency, definition.urgencies[-1])


def _due(handoff: Handoff, roster: Roster, urgency: UrgencyDef) -> tuple[str, datetime]:
    """What a handoff waits for, and when that is due first, whatever reminders there were since."""
    if handoff.state in HELD:
        start = handoff.answered_at or handoff.offered_at
        if handoff.state is State.ACCEPTED:
            return "Introduction due", after(start, urgency.introduce_minutes, roster, urgency)
        return "Completion due", after(start, urgency.complete_minutes, roster, urgency)
    if handoff.rung is Rung.RECEIVER and handoff.answer_by is not None:
        return "Answer due", handoff.answer_by
    first = after(handoff.offered_at, urgency.answer_minutes, roster, urgency)
    return "Answer due", min(first, handoff.asked_at or first)


def of_questions(questions: Iterable[Question]) -> Iterator[Issue]:
    """What people ask the conference: questions that are open."""
    for question in questions:
        rule = f"Asked from {question.about}" if question.about else "Asked by the team"
        yield Issue(
            patient=question.patient, kind=Kind.ASKED, source=question.ref, since=question.asked_at,
            why=Why(rule, "", question.amended_at or question.asked_at), owner=question.asked_by,
            question=question.words, link=question.link,
        )  # fmt: skip


def of_contact(
    patient: str, contacts: Sequence[datetime], tried: Iterable[Contact], since: datetime, weeks: int
) -> Iterator[Issue]:
    """That nobody has reached the patient for so many weeks; `since` is when they entered the pathway."""
    last = max(contacts, default=since)
    tries = sum(each.at > last for each in tried)
    value = "not reached since entry" if not contacts else "last reached"
    value += f", {tries} {'try' if tries == 1 else 'tries'} since" if tries else ""
    rule = f"No contact for {weeks} weeks"
    yield Issue(
        patient=patient, kind=Kind.NO_CONTACT, source="contact", since=last + timedelta(weeks=weeks),
        why=Why(rule, value, last),
    )  # fmt: skip


def of_discussion(patient: str, last: datetime, weeks: int, ever: bool) -> Iterator[Issue]:
    """That the patient was on no conference for so many weeks since the `last`, or since they entered."""
    value = "last discussed" if ever else "not discussed since entry"
    yield Issue(
        patient=patient, kind=Kind.NOT_DISCUSSED, source="conference", since=last + timedelta(weeks=weeks),
        why=Why(f"Not discussed for {weeks} weeks", value, last),
    )  # fmt: skip


def of_consent(patient: str, since: datetime) -> Iterator[Issue]:
    """That consent is not recorded."""
    why = Why("Consent to share in the team is not recorded", "", since)
    yield Issue(patient=patient, kind=Kind.CONSENT_MISSING, source="consent", since=since, why=why)
