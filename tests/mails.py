"""Mails as programs and people write them, for tests of what comes in."""

from datetime import UTC, datetime
from email.message import EmailMessage

STAMP = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)


def calendar(
    *more: str,
    uid: str = "u-1",
    answer: str = "ACCEPTED",
    attendee: str = "eli@gp.example",
    sequence: int = 0,
    stamp: datetime = STAMP,
    method: str = "REPLY",
    organizer: str = "baton@clinic.example",
) -> str:
    """The calendar part of an answer; `more` are further lines of its event."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//A calendar//EN", f"METHOD:{method}", "BEGIN:VEVENT",
        f"UID:{uid}", f"SEQUENCE:{sequence}", f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        f"ATTENDEE;CN=\"Novak, Eli\";PARTSTAT={answer}:mailto:{attendee}",
        *([f"ORGANIZER:mailto:{organizer}"] if organizer else []), *more, "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    return "\r\n".join(lines)


def report(address: str, message_id: str, status: str = "5.1.1", about: str = "text/rfc822-headers") -> bytes:
    """A mail server says that a mail to this address could not be delivered."""
    return (
        "From: MAILER-DAEMON@clinic.example\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n--b\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; clinic.example\n\n"
        f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: {status}\n\n--b\n"
        f"Content-Type: {about}\n\nFrom: baton@clinic.example\nMessage-ID: {message_id}\n\n--b--\n"
    ).encode()


def mail(
    calendar: str = "",
    *,
    sender: str = "Eli Novak <eli@gp.example>",
    text: str = "",
    method: str = "REPLY",
    message_id: str = "<1@gp.example>",
    headers: dict[str, str] | None = None,
) -> bytes:
    """A mail with a text and, if one is given, a calendar part beside it."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "baton@clinic.example", "Re: conference"
    made["Message-ID"] = message_id
    for name, value in (headers or {}).items():
        made[name] = value
    made.set_content(text)
    if calendar:
        made.add_alternative(calendar.encode(), "text", "calendar", params={"method": method})
    return made.as_bytes()
