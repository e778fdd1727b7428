"""A mail that came in, taken apart without trusting it: who sent it, its calendar part, what a person wrote.

Nothing is looked up and nothing is expanded here, so that whatever is sent costs no
more than reading it once.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses

from agendas.mail_words import decoded, plain_of, without_quotes
from agendas.refusal import Reason, Unusable
from cards.mail import BadAddress, read_address

MOST_BYTES = 256_000
"""Of a larger mail only so much is read: what a person wrote stands before what they attached."""
MOST_CALENDAR = 64_000
LONGEST_HEADER = 4000
"""More of a header is not looked at: Python takes minutes for one of a hundred thousand characters."""
MOST_RETURNED = 20
"""A report is about one mail; it may name those that this one answered too."""
MOST_NESTED = 20
"""Python reads every line once for each level of a nested mail."""
CALENDAR = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})
_NESTS = re.compile(rb"boundary[\s*0-9]*=", re.IGNORECASE)
_ATTACHES = re.compile(rb"message/", re.IGNORECASE)
_AUTOMATIC_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply"})


@dataclass(frozen=True)
class Bounce:
    """A mail server says that something could not be delivered to these addresses, for good or for now.

    `mails` are the mails that came back, as the outbox calls them if they were Baton's: what stands before
    the @ of their Message-IDs.
    """

    addresses: tuple[str, ...]
    lasting: bool
    mails: tuple[str, ...] = ()


@dataclass(frozen=True)
class Incoming:
    """One mail. `key` is the same when the same mail comes twice; addresses are in small letters.

    `calendar` is the text of its calendar part, "" for none, and `method` the MIME type's word for it. `text`
    is what the person wrote, without what they quoted. `answers` are the ids of the mails that it replies to,
    `results` what mail servers on its way found out about its sender. `automatic`: no person wrote it.
    """

    key: str
    sender: str
    calendar: str = ""
    method: str = ""
    text: str = ""
    answers: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    automatic: bool = False
    cut: bool = False
    bounce: Bounce | None = None


def take_apart(data: bytes) -> Incoming:
    """The mail in these bytes. Raises Unusable for what is no mail, or is made to do harm."""
    cut = len(data) > MOST_BYTES
    data = data[:MOST_BYTES]
    if len(_NESTS.findall(data)) > MOST_NESTED or len(_ATTACHES.findall(data)) > 10 * MOST_NESTED:
        raise Unusable(Reason.TOO_MANY_PARTS)
    try:
        return _taken_apart(message_from_bytes(data, policy=_Short()), data, cut=cut)
    except Unusable:
        raise
    except Exception as error:  # Python's parser of headers raises all sorts of errors on broken ones
        raise Unusable(Reason.BROKEN) from error


class _Short(Compat32):
    """Headers as they stand, none of them longer than anyone needs."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        """The name and the value of a header, from its lines."""
        name, value = super().header_source_parse(list(sourcelines))
        return name, value[:LONGEST_HEADER]


def _taken_apart(mail: Message, data: bytes, *, cut: bool) -> Incoming:
    sender = _sender(mail)
    leaves = list(_leaves(mail))
    calendar, method = _calendar(leaves, sender)
    text = without_quotes(plain_of(leaves))
    named = _header(mail, "Message-ID")
    told = "\n".join((named, sender, calendar, text)) if named else ""
    return Incoming(
        key=hashlib.sha256(told.encode("utf-8", "replace") if named else data).hexdigest(),
        sender=sender,
        calendar=calendar,
        method=method,
        text=text,
        answers=tuple(f"{_header(mail, 'In-Reply-To')} {_header(mail, 'References')}".split()),
        results=tuple(str(each) for each in mail.get_all("Authentication-Results", [])),
        automatic=_is_automatic(mail),
        cut=cut,
        bounce=_bounce(mail),
    )


def plain_address(written: str) -> str:
    """The address in `mailto:Ana@Example.org` or `ana@example.org`, in small letters; "" if there is none."""
    bare = re.sub(r"^mailto:", "", written.strip(), flags=re.IGNORECASE).partition("?")[0].strip().strip("<>")
    try:
        return read_address(bare).lower()
    except BadAddress:
        return ""


def _header(mail: Message, name: str) -> str:
    """A header as one line; "" if it is missing or can't be read."""
    try:
        return " ".join(str(mail.get(name, "")).split())
    except Exception:  # as above: broken headers raise all sorts of errors when they are looked at
        return ""


def _sender(mail: Message) -> str:
    """The one address that it is from. Raises Unusable for none and for several."""
    found = [plain_address(address) for _, address in getaddresses([_header(mail, "From")])]
    if len(found) != 1 or not found[0]:
        raise Unusable(Reason.NO_SENDER)
    return found[0]


def _leaves(part: Message) -> Iterator[Message]:
    """The parts that hold something. A mail that is attached is somebody else's words, and is left shut."""
    if part.get_content_maintype() == "message":
        return
    if not part.is_multipart():
        yield part
        return
    for each in part.get_payload():
        if isinstance(each, Message):
            yield from _leaves(each)


def _calendar(leaves: list[Message], sender: str) -> tuple[str, str]:
    """The text and the method of the first calendar part; "" for a mail without one."""
    for part in leaves:
        named = (part.get_filename() or "").lower().endswith(".ics")
        if part.get_content_type() in CALENDAR or named:
            content = part.get_payload(decode=True)
            if not isinstance(content, bytes):
                raise Unusable(Reason.BROKEN, sender)
            if len(content) > MOST_CALENDAR:
                raise Unusable(Reason.TOO_BIG, sender)
            return decoded(content, str(part.get_content_charset("utf-8"))), _method(part)
    return "", ""


def _method(part: Message) -> str:
    value = part.get_param("method", "")
    return value.upper() if isinstance(value, str) else ""


def _is_automatic(mail: Message) -> bool:
    """Whether a machine sent it: an absence note, a list, a read receipt."""
    answered = _header(mail, "Auto-Submitted").lower() not in ("", "no")
    bulk = _header(mail, "Precedence").lower() in _AUTOMATIC_PRECEDENCE
    receipt = mail.get_content_type() == "multipart/report"
    return answered or bulk or receipt or "List-Id" in mail or "X-Autoreply" in mail


def _bounce(mail: Message) -> Bounce | None:
    """What a delivery status notification (RFC 3464) says."""
    if mail.get_content_type() != "multipart/report":
        return None
    about = [block for part in mail.walk() if part.get_content_type() == "message/delivery-status"
             for block in part.get_payload() if isinstance(block, Message)]  # fmt: skip
    failed = [each for each in about if _header(each, "Action").lower() == "failed"]
    addresses = [plain_address(_header(each, "Final-Recipient").rpartition(";")[2]) for each in failed]
    good = tuple(dict.fromkeys(filter(None, addresses)))
    lasting = any(_header(each, "Status").startswith("5") for each in failed)
    return Bounce(good, lasting, _returned(mail)) if good else None


def _returned(report: Message) -> tuple[str, ...]:
    """Which mails a report brings back, whole or their headers alone, or says that it answers."""
    named = f"{_header(report, 'In-Reply-To')} {_header(report, 'References')}".split()
    for part in report.walk():
        if part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            part = message_from_bytes(content if isinstance(content, bytes) else b"", policy=_Short())
        if part is not report:
            named.append(_header(part, "Message-ID"))
    local = (each.strip("<>").partition("@")[0] for each in named)
    return tuple(dict.fromkeys(filter(None, local)))[:MOST_RETURNED]
