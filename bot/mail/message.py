"""A mail as the bytes that leave: the shape whose calendar Gmail, Outlook and Apple Mail show with buttons.

    multipart/mixed
      multipart/alternative: text/plain, text/html, text/calendar; method=REQUEST
      the same calendar as a file

The same mail under the same id is the same bytes, however often it has to be sent.
"""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256

from cards.mail import Mail

FILE_NAME = "invite.ics"
FROM_NAME = "Baton"


def mail_bytes(mail: Mail, mail_id: str, sender: str, recipient: str) -> bytes:
    """The mail to one recipient; `mail_id` is the same each time that it is sent."""
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{FROM_NAME} <{sender}>"
    message["To"] = recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = message_id(mail_id, sender)
    if mail.thread:
        message["References"] = message_id(mail.thread, sender)
    # Nobody's out-of-office note answers it.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if mail.calendar:
        # As bytes in base64, or its line ends and folding would not survive.
        calendar = mail.calendar.encode()
        params = {"method": mail.method, "charset": "UTF-8"}
        message.add_alternative(calendar, "text", "calendar", cte="base64", params=params)
        message.add_attachment(calendar, "application", "ics", cte="base64", filename=FILE_NAME)
    _bound(message, mail_id)
    return bytes(message)


def message_id(mail_id: str, sender: str) -> str:
    """What every mail program calls it."""
    return f"<{mail_id}@{parseaddr(sender)[1].rpartition('@')[2]}>"


def _bound(message: EmailMessage, mail_id: str) -> None:
    """Gives every multipart a boundary made of the mail's id instead of a random one."""
    parts = [part for part in message.walk() if part.is_multipart()]
    for depth, part in enumerate(parts):
        digest = sha256(f"{mail_id} {depth}".encode()).hexdigest()
        part.set_boundary(f"=_{digest[:32]}")
