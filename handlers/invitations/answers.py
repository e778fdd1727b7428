"""An answer to an invitation, however it was given: in chat, by mail or by a link, it is the same state."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from cards.card import Card, Choice, Detail, Part, Text, Tone
from handlers.conferences import cover, quorum_news
from handlers.conferences import post as conference_post
from handlers.conferences.guests import as_invitee
from handlers.conferences.post import SHOWN_AHEAD, reminder
from handlers.conferences.quorum import quorum_lacks
from handlers.invitations import invitations
from pathway.conference import Conference, State
from pathway.invitee import FOR_ONE_ITEM, Answer, Answered, Invitee
from pathway.people import Roster
from pathway.series import Series
from storage.clinic import Clinic

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


def is_news(given: Answered, before: Answered) -> bool:
    """Whether an answer was given after the one we have."""
    return (given.stamped_at or _BEFORE_ALL) > (before.stamped_at or _BEFORE_ALL)


def note(
    to: Conference | Series, invitee: Invitee, given: Answered, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    """Notes an answer and does what follows from it, at once and in this transaction."""
    before = _before(to, invitee, clinic)
    concerned = _concerned(to, invitee, clinic, now)
    had_quorum = {each.number: not quorum_lacks(each, clinic, now) for each in concerned}
    clinic.invitees.put_answer(
        to, invitee.key, given.answer, given.sequence, given.stamped_at, given.via, now=now, said=given.said,
        delegate=given.delegate,
    )  # fmt: skip
    clinic.rows.session.flush()
    for each in concerned:
        conference_post.show(each, roster, clinic, now)
        told = _follow(each, invitee, before.answer, given, roster, clinic, now)
        quorum_news.after_answer(each, had_quorum[each.number], told, roster, clinic, now)
    _tell_lead(to, invitee, before, given, roster, clinic, now)


def _before(to: Conference | Series, invitee: Invitee, clinic: Clinic) -> Answered:
    if isinstance(to, Series):
        return clinic.invitees.answer_of_series(to.number, invitee.key)
    return clinic.invitees.answer(to, invitee.key)


def _concerned(
    to: Conference | Series, invitee: Invitee, clinic: Clinic, now: datetime
) -> Sequence[Conference]:
    """The conferences that this answer changes anything for now; those of a series as they come near."""
    if isinstance(to, Conference):
        return [to]
    near = clinic.conferences.of_series(to.number, now)
    return [each for each in near if each.state is State.PLANNED and now < each.starts <= now + SHOWN_AHEAD]


def _follow(
    conference: Conference,
    invitee: Invitee,
    was: Answer,
    given: Answered,
    roster: Roster,
    clinic: Clinic,
    now: datetime,
) -> bool:
    """Who can't come is reminded no more and somebody else is asked; who comes ends that asking.

    Whether the lead was told that nobody is left to ask.
    """
    if given.answer in (Answer.DECLINED, Answer.DELEGATED):
        clinic.outbox.hush(reminder(conference, invitee))
        if was not in (Answer.DECLINED, Answer.DELEGATED):
            return cover.ask(conference, invitee, roster, clinic, now)
    elif given.answer is Answer.ACCEPTED and invitee.discipline:
        clinic.outbox.hush(cover.subject(conference, invitee.discipline))
    return False


def invite_cover(conference: Conference, member: str, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Invites a member who was asked to stand in and says yes."""
    found = roster.member(member)
    if found is not None:
        clinic.invitees.invite(conference, as_invitee(found, roster, clinic), now, by=member)
        clinic.rows.session.flush()
        invitations.changed(clinic, now, conference=conference)


def _tell_lead(
    to: Conference | Series,
    invitee: Invitee,
    before: Answered,
    given: Answered,
    roster: Roster,
    clinic: Clinic,
    now: datetime,
) -> None:
    """Words written with an answer, whom somebody sends, and who from outside can't come: the lead hears."""
    gone = given.answer is Answer.DECLINED and before.answer is not Answer.DECLINED and not invitee.member
    fresh_words = given.said and given.said != before.said
    if not (gone or fresh_words or given.delegate):
        return
    parts: list[Part] = [Text(f"{who(invitee)} {_VERBS[given.answer]}.", detail=_detail(invitee))]
    if fresh_words:
        parts.append(Text(given.said, Tone.QUOTE, Detail.CLINICAL))
    if given.delegate:
        says = f"They would send {given.delegate}. Nobody but you can invite somebody."
        parts.append(Text(says, detail=Detail.CLINICAL))
    card = Card(f"An answer to {to.ref}", tuple(parts), show_choice(to))
    tell_leads(roster, card, clinic, now)


_VERBS = {
    Answer.ACCEPTED: "is coming",
    Answer.TENTATIVE: "may come",
    Answer.DECLINED: "can't come",
    Answer.DELEGATED: "would send somebody else",
    Answer.NEEDS_ACTION: "took their answer back",
}


def who(invitee: Invitee) -> str:
    """Somebody who is invited, in words for the lead: a patient by their code."""
    if invitee.kind in FOR_ONE_ITEM:
        return f"The {invitee.kind} invited for {invitee.patient}"
    return invitee.name


def _detail(invitee: Invitee) -> Detail:
    return Detail.CODE if invitee.member or invitee.kind in FOR_ONE_ITEM else Detail.CLINICAL


def show_choice(to: Conference | Series) -> tuple[Choice, ...]:
    """A button that shows the conference; a series is in the list."""
    line = f"conference show {to.ref}" if isinstance(to, Conference) else "conference list"
    return (Choice("Show", line),)


def tell_leads(roster: Roster, card: Card, clinic: Clinic, now: datetime) -> None:
    """Tells the team's lead, or who stands in, in private, after quiet hours."""
    leads: Iterable[str] = roster.leading(now)
    clinic.outbox.tell(leads, card, now, send_after=roster.team.hours.quiet_until(now))
