"""Mail that came in: answers are noted, another time is shown to the lead, words are read by a person.

A mail changes something only if it is from somebody who is invited, at the address they are invited by.
Everything else changes nothing, and the lead hears of it with a reason (`handlers.invitations.mail_odd`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agendas.letter import Letter
from agendas.mail_in import Bounce
from agendas.refusal import Reason
from agendas.reply import About, Answered, Automatic, Countered, Refresh, Words
from handlers.invitations import answers, invitations, mail_odd
from pathway.conference import Conference, State
from pathway.invitee import FOR_ONE_ITEM, Answer, Invitee
from pathway.invitee import Answered as Given
from pathway.series import Series
from storage.clinic import Clinic

MAIL = "mail"
DONE, STALE, AUTOMATIC, FOR_THE_LEAD = "done", "stale", "automatic", "for_the_lead"
"""Outcomes, for the log; a refusal has the name of its reason."""


@dataclass(frozen=True)
class Meant:
    """What a mail is about, by which invitation (`ref`), and for whom it speaks: two may share a mailbox."""

    to: Conference | Series
    ref: str
    invitees: tuple[Invitee, ...]


class Odd(Exception):
    """This mail changes nothing; the lead of `team` ("" for all of them) is told."""

    def __init__(self, reason: Reason, team: str = "", ref: str = "") -> None:
        super().__init__(reason.name)
        self.reason, self.team, self.ref = reason, team, ref


def receive(letter: Letter, clinic: Clinic, now: datetime) -> str:
    """Does what a mail asks for, and says for the log what became of it."""
    if letter.refused is not None:
        return _odd(Odd(letter.refused), letter, clinic, now)
    outcome = AUTOMATIC
    for said in letter.said:
        try:
            match said:
                case Answered():
                    outcome = _answered(said, letter, clinic, now)
                case Countered():
                    outcome = _countered(said, letter, clinic, now)
                case Refresh():
                    outcome = _refresh(said, letter, clinic, now)
                case Words():
                    outcome = mail_odd.words(said.text, letter, clinic, now)
                case Bounce():
                    outcome = mail_odd.bounced(said, letter, clinic, now)
                case Automatic():
                    pass
        except Odd as odd:
            outcome = _odd(odd, letter, clinic, now)
    return outcome


def _odd(odd: Odd, letter: Letter, clinic: Clinic, now: datetime) -> str:
    mail_odd.changed_nothing(odd.reason, odd.team, odd.ref, letter.sender, clinic, now)
    return odd.reason.name.lower()


def _answered(said: Answered, letter: Letter, clinic: Clinic, now: datetime) -> str:
    meant = _meant(said.about, letter, clinic)
    if _over(meant.to, now):
        return Reason.OVER.name.lower()
    roster = clinic.people.roster(meant.to.team)
    # A clock that is ahead must not make its owner's next answer look older than this one.
    given = Given(
        Answer(said.partstat), said.about.sequence, min(said.stamped_at, now), MAIL,
        mail_odd.shortened(said.about.comment), said.delegate,
    )  # fmt: skip
    outcome = STALE
    for each in meant.invitees:
        before = clinic.invitees.own_answer(meant.to, each.key)
        if _is_current(said, meant, each, clinic) and answers.is_news(given, before):
            answers.note(meant.to, each, given, roster, clinic, now)
            outcome = DONE
    return outcome


def _is_current(said: Answered, meant: Meant, invitee: Invitee, clinic: Clinic) -> bool:
    """Whether who answers has seen what they answer: it is as they were told last, and they know that."""
    told = clinic.invites.told_to(meant.ref, invitee.key)
    if told is None:
        return True
    if isinstance(meant.to, Series):
        return said.about.sequence >= told.asked_under()
    day = meant.to.recurs_at if told.event.rule else None
    time = told.event.on(day) if day is not None else told.event.time
    moved = time is None or (invitee.kind not in FOR_ONE_ITEM and time.starts != meant.to.starts)
    return not moved and said.about.sequence >= told.asked_under(day)


def _over(to: Conference | Series, now: datetime) -> bool:
    if isinstance(to, Series):
        return to.until is not None and to.until < to.day_of(now)
    return to.state not in (State.PLANNED, State.RUNNING)


def _countered(said: Countered, letter: Letter, clinic: Clinic, now: datetime) -> str:
    meant = _meant(said.about, letter, clinic)
    if _over(meant.to, now):
        return Reason.OVER.name.lower()
    mail_odd.other_time(said, meant.to, meant.invitees[0], clinic, now)
    return FOR_THE_LEAD


def _refresh(said: Refresh, letter: Letter, clinic: Clinic, now: datetime) -> str:
    meant = _meant(said.about, letter, clinic)
    for each in meant.invitees:
        invitations.again(meant.ref, each.key, clinic, now)
    return DONE


def _meant(about: About, letter: Letter, clinic: Clinic) -> Meant:
    """What the mail is about. Raises Odd unless it comes from somebody who is invited to that."""
    invite = clinic.invites.by_uid(about.uid)
    to = _subject(invite.ref, clinic) if invite else None
    if invite is None or to is None:
        raise Odd(Reason.UNKNOWN)
    if about.organizer and about.organizer != clinic.mail_from.lower():
        raise Odd(Reason.ORGANIZER, to.team, to.ref)
    to = _occurrence(to, about, clinic)
    invited = _invited(to, clinic)
    theirs = tuple(each for each in invited if each.email.lower() == about.attendee)
    for wrong, reason in (
        (not theirs, Reason.NOT_INVITED),
        (letter.sender != about.attendee, Reason.FROM_DIFFERS),
        (not letter.proven, Reason.NOT_PROVEN),
    ):
        if wrong:
            raise Odd(reason, to.team, to.ref)
    return Meant(to, invite.ref, theirs)


def _subject(ref: str, clinic: Clinic) -> Conference | Series | None:
    return clinic.conferences.find(ref) if ref.startswith("C-") else clinic.series.find(ref)


def _occurrence(to: Conference | Series, about: About, clinic: Clinic) -> Conference | Series:
    """The one conference that is meant, where a day is named. Raises Odd for a day that isn't there."""
    if about.occurrence is None:
        return to
    at = about.occurrence.utc(to.zone)
    in_series = clinic.conferences.of_series(to.number, at)[:1] if isinstance(to, Series) else [to]
    found = next(iter(in_series), None)
    if found is None or at not in (found.recurs_at, found.starts):
        raise Odd(Reason.OCCURRENCE, to.team, to.ref)
    return found


def _invited(to: Conference | Series, clinic: Clinic) -> Sequence[Invitee]:
    if isinstance(to, Series):
        return clinic.invitees.of_series(to.number)
    return clinic.invitees.of_conference(to)
