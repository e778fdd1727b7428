"""How a handoff is shown: one card, for the channel, for those who are asked, and for who looks it up."""

from datetime import datetime

from cards.card import Card, Choice, Detail, Facts, Items, Part, Text, Tone
from pathway.asking import still_asked
from pathway.definition import Definition
from pathway.handoff import HELD, WAITING, Handoff, Rung, State
from pathway.people import Roster
from pathway.when import say_when

TOLD = "The patient knows about this handoff."
UNMET = WAITING | {State.ACCEPTED, State.EXPIRED}
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
        return (*answers(handoff), Choice("Cancel", f"handoff cancel {handoff.ref}"))
    return answers(handoff)


def answers(handoff: Handoff) -> tuple[Choice, ...]:
    """What those can do now whom it waits for."""
    ref = handoff.ref
    if handoff.state in WAITING:
        reply = (Choice("Reply", f"handoff reply {ref}"),) if handoff.state is State.QUESTIONED else ()
        return (
            *reply,
            Choice("Accept", f"handoff accept {ref}", urgent=True, reaction="👍"),
            Choice("Ask", f"handoff ask {ref}", reaction="❓"),
            Choice("Decline", f"handoff decline {ref}", reaction="👎"),
        )
    if handoff.state is State.EXPIRED:
        return (Choice("Accept after all", f"handoff accept {ref}", urgent=True, reaction="👍"),)
    if handoff.state not in HELD:
        return ()
    read_back = () if handoff.talk.read_back else (Choice("Read back", f"handoff readback {ref}"),)
    if handoff.state is State.ACCEPTED:
        following = Choice("Introduced", f"handoff introduce {ref}", reaction="🤝")
    else:
        following = Choice("Complete", f"handoff complete {ref}", reaction="✅")
    correct = (Choice("Correct", f"handoff correct {ref}"),) if handoff.talk.read_back else ()
    return (*read_back, following, *correct, Choice("Give back", f"handoff giveback {ref}"))


def standing(handoff: Handoff, roster: Roster, zone: str, now: datetime) -> str:
    """Where the handoff stands, in one sentence that names people and times but nothing of the patient."""
    at = say_when(handoff.changed_at or handoff.offered_at, zone, now)
    receiver = roster.name(handoff.receiver) if handoff.receiver else ""
    match handoff.state:
        case State.ACCEPTED:
            return f"{handoff.ref} was accepted by {receiver}, {_answered(handoff, zone, now)}."
        case State.INTRODUCED:
            met = handoff.talk.met_patient
            how = "who has been introduced to the patient" if met else "the patient was not there"
            return f"{handoff.ref} is with {receiver}, {how}, {at}."
        case State.COMPLETED:
            return f"{handoff.ref} was completed by {receiver}, {at}."
        case State.CANCELLED:
            return f"{handoff.ref} was cancelled, {at}."
        case State.EXPIRED:
            ring = f" Ring {roster.team.phone}." if roster.team.phone else ""
            return f"Nobody took {handoff.ref}; it expired {at}. It can still be accepted.{ring}"
    until = f", until {say_when(handoff.answer_by, zone, now)}" if handoff.answer_by else ""
    waiting = f"{handoff.ref} waits for an answer from {_asked_now(handoff, roster, now)}{until}."
    if handoff.state is State.DECLINED:
        return f"{roster.name(handoff.declined[-1])} declined. {waiting}"
    if handoff.state is State.QUESTIONED:
        return f"{roster.name(handoff.asker)} has asked {roster.name(handoff.sender)} a question. {waiting}"
    return waiting


def _answered(handoff: Handoff, zone: str, now: datetime) -> str:
    return say_when(handoff.answered_at or handoff.offered_at, zone, now)


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
    offered = say_when(handoff.offered_at, roster.team.hours.zone, now)
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
