"""What a lead is told of mail: words to read, another time to accept with one press, mail that did nothing.

Mail that changed nothing is gathered in one message a day, which is edited: whoever sends ten thousand of
them to the bot does not send ten thousand messages to a lead.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from agendas.letter import Letter
from agendas.mail_in import Bounce
from agendas.refusal import Reason
from agendas.reply import Countered
from cards.card import Card, Choice, Detail, Items, Text, Tone
from handlers.conferences import poll_guests
from handlers.entries import by_mail, told
from handlers.invitations.answers import show_choice, tell_leads, who
from pathway.conference import Conference
from pathway.conference_words import say_slot
from pathway.invitee import FOR_ONE_ITEM, Invitee
from pathway.people import Roster
from pathway.series import Series
from pathway.when import say_when
from storage.clinic import Clinic
from storage.odd_mails import OddMail
from storage.outbox import Kind

MOST_SHOWN = 10
MOST_MINUTES = 8 * 60
LONGEST_COMMENT = 500


def shortened(comment: str) -> str:
    """What was written with an answer, as much of it as a card holds."""
    return comment if len(comment) <= LONGEST_COMMENT else f"{comment[: LONGEST_COMMENT - 1]}…"


def changed_nothing(reason: Reason, team: str, ref: str, sender: str, clinic: Clinic, now: datetime) -> None:
    """Keeps a mail that changed nothing for the lead; of one that belongs to no team all leads are told.

    Of one from a patient's address only who mailed them their link is told.
    """
    clinic.journal.write("mail refused", ref or "mail", now, became=reason.name.lower())
    if by_mail.wrote(sender, clinic, now):
        return
    for each in [team] if team else [every.id for every in clinic.people.teams()]:
        clinic.odd_mails.add(OddMail(each, now, ref, reason.name, sender))
        roster = clinic.people.roster(each)
        begins = _midnight(roster, now)
        card = _of_the_day(roster, begins, clinic)
        leads = roster.leading(now)
        subject = f"mail:{each}:{begins:%Y-%m-%d}"
        at = roster.team.hours.quiet_until(now)
        clinic.outbox.tell(leads, card, now, subject=subject, send_after=at, kind=Kind.SHOW)


def _midnight(roster: Roster, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(roster.team.hours.zone)).replace(hour=0, minute=0, second=0, microsecond=0)


def _of_the_day(roster: Roster, begins: datetime, clinic: Clinic) -> Card:
    shown, count = clinic.odd_mails.since(roster.team.id, begins, MOST_SHOWN)
    # Whose address it is nobody knows here: it may be a patient's.
    detail = Detail.IDENTIFIED if clinic.direct_detail is Detail.IDENTIFIED else Detail.CODE
    lines = tuple(_line(each, detail, roster) for each in shown)
    more = (Text(f"And {count - len(shown)} before these.", Tone.QUIET),) if count > len(shown) else ()
    what = "A mail" if count == 1 else f"{count} mails"
    return Card(f"{what} today changed nothing", (Items(lines, detail=detail), *more))


def _line(mail: OddMail, detail: Detail, roster: Roster) -> str:
    at = mail.at.astimezone(ZoneInfo(roster.team.hours.zone))
    sender = f" from {mail.sender or 'nobody knows whom'}" if detail is Detail.IDENTIFIED else ""
    about = f" about {mail.subject}" if mail.subject else ""
    return f"{at:%H:%M}{sender}{about}: {Reason[mail.reason]}"


def words(text: str, letter: Letter, clinic: Clinic, now: datetime) -> str:
    """Shows what somebody wrote to the lead of each team that invited them; of others it is odd mail."""
    theirs = invited_at(letter.sender, clinic)
    if not letter.proven or not theirs:
        reason = Reason.NOT_INVITED if letter.proven else Reason.NOT_PROVEN
        changed_nothing(reason, "", "", letter.sender, clinic, now)
        return reason.name.lower()
    for team, invitee in theirs.items():
        sender = who(invitee) if invitee.kind in FOR_ONE_ITEM else f"{invitee.name} ({letter.sender})"
        parts = [
            Text(f"{sender} wrote:", detail=Detail.CLINICAL),
            Text(text or "(no words; look at the mail itself)", Tone.QUOTE, Detail.CLINICAL),
        ]
        if letter.cut:
            parts.append(Text("The mail is longer, or has something attached: Baton did not open it."))
        roster = clinic.people.roster(team)
        tell_leads(roster, Card("A mail for you to read", tuple(parts)), clinic, now)
        clinic.journal.write("mail shown", f"team:{team}", now)
    return "for_the_lead"


def invited_at(address: str, clinic: Clinic) -> dict[str, Invitee]:
    """Who at this mail address is invited to anything, or asked in a poll, by the team that does."""
    known = clinic.addresses.find(address) if address else None
    found: dict[str, Invitee] = {}
    for ref, key in clinic.invites.told_at(known.id) if known else ():
        conference, series = clinic.conferences.find(ref), clinic.series.find(ref)
        if conference is not None:
            team, invited = conference.team, clinic.invitees.of_conference(conference)
        elif series is not None:
            team, invited = series.team, clinic.invitees.of_series(series.number)
        else:
            continue
        theirs = next((each for each in invited if each.key == key), None)
        if theirs is not None:
            found.setdefault(team, theirs)
    return {**poll_guests.asked_at(address, clinic), **found}


def other_time(
    said: Countered, to: Conference | Series, invitee: Invitee, clinic: Clinic, now: datetime
) -> None:
    """Shows the lead another time that somebody proposes, with a button that takes it."""
    roster = clinic.people.roster(to.team)
    starts = said.starts.utc(to.zone)
    length = said.ends.utc(to.zone) - starts if said.ends else timedelta(minutes=to.minutes)
    minutes = int(length / timedelta(minutes=1))
    minutes = minutes if 0 < minutes <= MOST_MINUTES else to.minutes
    zone = roster.team.hours.zone
    when = say_slot(starts, minutes, zone, now)
    parts = [Text(f"{who(invitee)} proposes {when}.", detail=Detail.CLINICAL)]
    if said.about.comment:
        parts.append(Text(shortened(said.about.comment), Tone.QUOTE, Detail.CLINICAL))
    choices = show_choice(to)
    if isinstance(to, Conference) and starts > now:
        local = starts.astimezone(ZoneInfo(to.zone))
        ends = (starts + timedelta(minutes=minutes)).astimezone(ZoneInfo(to.zone))
        move = f"conference move {to.ref} '{local:%Y-%m-%d %H:%M}-{ends:%H:%M}'"
        choices = (Choice(f"Move it to {say_when(starts, zone, now)}", move, urgent=True), *choices)
    elif starts <= now:
        parts.append(Text("That is over already.", Tone.QUIET))
    clinic.journal.write("other time proposed", to.ref, now, became=starts.isoformat())
    tell_leads(roster, Card(f"Another time is proposed for {to.ref}", tuple(parts), choices), clinic, now)


def bounced(bounce: Bounce, letter: Letter, clinic: Clinic, now: datetime) -> str:
    """Marks addresses that mail can't be delivered to, and tells the leads who invited them.

    Of a patient's link it is who made it. Only of a mail that Baton sent there: anybody can write a report,
    and only who got that mail knows what it is called.
    """
    outcome = "bounce"
    for address in bounce.addresses:
        known, theirs = clinic.addresses.find(address), invited_at(address, clinic)
        if known is None:
            continue  # nobody whom we wrote to
        sent = clinic.sent_mails.subjects(known.id, bounce.mails)
        if not sent:
            changed_nothing(Reason.NOT_SENT, "", "", letter.sender, clinic, now)
            outcome = Reason.NOT_SENT.name.lower()
            continue
        if bounce.lasting:
            clinic.addresses.refuse(known.id, "bounced", now)
        for subject in sent:
            if subject.startswith(told.SUBJECT):
                by_mail.undelivered(subject, "it could not be delivered", clinic, now)
        lasts = "Baton sends there no more until the address is corrected." if bounce.lasting else ""
        for team, invitee in theirs.items():
            says = f"Mail to {who(invitee)} could not be delivered. {lasts}".strip()
            card = Card("A mail came back", (Text(says, detail=Detail.CLINICAL),))
            tell_leads(clinic.people.roster(team), card, clinic, now)
            clinic.journal.write("mail bounced", f"team:{team}", now)
    return outcome
