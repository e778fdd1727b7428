"""How a handoff is shown: one card, for the channel, for those who are asked, and for who looks it up."""

from datetime import datetime

from cards.card import Card, Choice, Detail, Facts, Items, Part, Text, Tone
from pathway.asking import still_asked
from pathway.definition import Definition
from pathway.handoff import HELD, WAITING, Handoff, Rung, State
from pathway.people import Roster
from pathway.when import say_standing

TOLD = "The patient knows about this handoff."
UNMET = WAITING | {State.ACCEPTED, State.EXPIRED}
NO_MEETING = "No meeting with the patient took place."
NOT_TOLD = "The patient has NOT been told yet: whoever meets them first explains it."


def handoff_card(handoff: Handoff, roster: Roster, definition: Definition, now: datetime) -> Card:
    """The living card: what matters to the person first, then where it stands, then what was told."""
    parts: list[Part] = []
    urgency = definition.urgency(handoff.urgency)
    if urgency.first and handoff.state in WAITING:
        number = roster.team.emergency_number if urgency.breaks_quiet else ""
        parts.append(Text(f"{urgency.first} ({number})" if number else urgency.first, Tone.WARNING))
    if handoff.ipass.goal:
        parts.append(Text(f"What matters most to them: {handoff.ipass.goal}", Tone.QUOTE, Detail.CLINICAL))
    parts.append(Text(standing(handoff, roster, roster.team.hours.zone, now)))
    parts.append(Facts(_public_facts(handoff, roster, definition, now)))
    parts.append(Facts(_told(handoff, definition), Detail.CLINICAL))
    talk = _talk(handoff, roster)
    if talk:
        parts.append(Items(talk, detail=Detail.CLINICAL))
    # To whoever is asked next, one more no is not how it stands: it is offered to them.
    state = State.OFFERED if handoff.state is State.DECLINED else handoff.state
    title = f"{handoff.ref} · {handoff.patient} · {state}"
    notice = f"{title} · {_urgency(handoff, definition)}"
    return Card(title, tuple(parts), choices(handoff), notice, whole=f"handoff show {handoff.ref}")


def choices(handoff: Handoff) -> tuple[Choice, ...]:
    """What can be done now by anyone concerned, as buttons."""
    if handoff.state in WAITING:
        return (*reply(handoff), *answers(handoff), Choice("Cancel", f"handoff cancel {handoff.ref}"))
    return answers(handoff)


def reply(handoff: Handoff) -> tuple[Choice, ...]:
    """What the sender can do while a question waits for them."""
    return (Choice("Reply", f"handoff reply {handoff.ref}"),) if handoff.talk.unanswered else ()


def duties(handoff: Handoff, member: str) -> tuple[Choice, ...]:
    """What is left to do of a handoff that somebody holds, for them or for who stands in for them.

    Only who holds it reads it back, and only who offered it corrects that.
    """
    others = [_correct(handoff.ref)] if member != handoff.sender else []
    others += [_read_back(handoff.ref)] if member != handoff.receiver else []
    return tuple(each for each in answers(handoff) if each not in others)


def answers(handoff: Handoff) -> tuple[Choice, ...]:
    """What those can do now whom it waits for."""
    ref = handoff.ref
    if handoff.state in WAITING:
        return (
            Choice("Accept", f"handoff accept {ref}", urgent=True, reaction="👍"),
            Choice("Ask", f"handoff ask {ref}", reaction="❓"),
            Choice("Decline", f"handoff decline {ref}", reaction="👎"),
        )
    if handoff.state is State.EXPIRED:
        return (Choice("Accept after all", f"handoff accept {ref}", urgent=True, reaction="👍"),)
    if handoff.state not in HELD:
        return ()
    read_back = () if handoff.talk.read_back else (_read_back(ref),)
    correct = (_correct(ref),) if handoff.talk.read_back else ()
    return (*read_back, *_following(handoff), *correct, Choice("Give back", f"handoff giveback {ref}"))


def _following(handoff: Handoff) -> tuple[Choice, ...]:
    met = handoff.talk.met_patient
    introduced = Choice("Introduced", f"handoff introduce {handoff.ref}", reaction="🤝")
    if handoff.state is State.ACCEPTED:
        return (introduced,)
    label = "Complete" if met else "Complete without a meeting"
    complete = Choice(label, f"handoff complete {handoff.ref}", reaction="✅")
    return (complete,) if met else (introduced, complete)


def _read_back(ref: str) -> Choice:
    return Choice("Read back", f"handoff readback {ref}")


def _correct(ref: str) -> Choice:
    return Choice("Correct", f"handoff correct {ref}")


def standing(handoff: Handoff, roster: Roster, zone: str, now: datetime) -> str:
    """Where the handoff stands, in one sentence that names people and times but nothing of the patient."""
    at = say_standing(handoff.changed_at or handoff.offered_at, zone, now)
    receiver = roster.name(handoff.receiver) if handoff.receiver else ""
    match handoff.state:
        case State.ACCEPTED:
            return f"{handoff.ref} was accepted by {receiver}, {_answered(handoff, zone, now)}."
        case State.INTRODUCED:
            met = handoff.talk.met_patient
            how = "who has been introduced to the patient" if met else "the patient was not there"
            return f"{handoff.ref} is with {receiver}, {how}, {at}."
        case State.COMPLETED:
            completed = f"{handoff.ref} was completed by {receiver}, {at}."
            return completed if handoff.talk.met_patient else f"{completed} {NO_MEETING}"
        case State.CANCELLED:
            return f"{handoff.ref} was cancelled, {at}."
        case State.EXPIRED:
            ring = f" Ring {roster.team.phone}." if roster.team.phone else ""
            return f"Nobody took {handoff.ref}; it expired {at}. It can still be accepted.{ring}"
    until = f", until {say_standing(handoff.answer_by, zone, now)}" if handoff.answer_by else ""
    waiting = f"{handoff.ref} waits for an answer from {_asked_now(handoff, roster, now)}{until}."
    if handoff.talk.unanswered:
        asker, sender = roster.name(handoff.asker), roster.name(handoff.sender)
        waiting = f"{asker} has asked {sender} a question. {waiting}"
    if handoff.state is State.DECLINED:
        return f"{roster.name(handoff.declined[-1])} declined. {waiting}"
    return waiting


def _answered(handoff: Handoff, zone: str, now: datetime) -> str:
    return say_standing(handoff.answered_at or handoff.offered_at, zone, now)


def _asked_now(handoff: Handoff, roster: Roster, now: datetime) -> str:
    if handoff.rung is Rung.CHANNEL:
        return "everybody in the channel"
    left = still_asked(handoff, roster, now)
    return ", ".join(roster.name(each) for each in left) or "somebody who is away"


def _urgency(handoff: Handoff, definition: Definition) -> str:
    return definition.urgency(handoff.urgency).label.lower()


def _public_facts(
    handoff: Handoff, roster: Roster, definition: Definition, now: datetime
) -> tuple[tuple[str, str], ...]:
    role = None if handoff.to_member else definition.role(handoff.to_role)
    to = f"Any {role.label.lower()}" if role else roster.name(handoff.to_member)
    offered = say_standing(handoff.offered_at, roster.team.hours.zone, now)
    return (
        ("Patient", handoff.patient),
        ("From", f"{roster.name(handoff.sender)}, {offered}"),
        ("To", to),
        ("Urgency", definition.urgency(handoff.urgency).label),
    )


def _told(handoff: Handoff, definition: Definition) -> tuple[tuple[str, str], ...]:
    said = handoff.ipass
    severity = next((e.label for e in definition.illness_severities if e.id == said.severity), said.severity)
    language = next((e.label for e in definition.languages if e.tag == said.language), said.language)
    if said.interpreter:
        language = f"{language or 'Language not noted'}; needs an interpreter"
    pairs = (
        ("Illness severity", severity),
        ("Patient summary", said.summary),
        ("Action list", said.actions),
        ("If things change", said.contingency),
        ("Language", language),
        ("Told?", TOLD if said.told else NOT_TOLD if handoff.state in UNMET else ""),
    )
    return tuple(pair for pair in pairs if pair[1])


def _talk(handoff: Handoff, roster: Roster) -> tuple[str, ...]:
    talk = handoff.talk
    lines = (
        (f"{roster.name(handoff.asker)} asked", talk.question),
        (f"{roster.name(handoff.sender)} replied", talk.reply),
        ("Reason given", talk.reason),
        ("Read back by the receiver", talk.read_back),
        ("Corrected by the sender", talk.correction),
        ("Introduction", talk.met),
        ("Outcome", talk.outcome),
    )
    return tuple(f"{label}: {text}" for label, text in lines if text)
