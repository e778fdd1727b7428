"""The mail that goes with an invitation: what has changed, all dates in plain words, and how to answer.

It is in the language of whoever gets it, and says their own time with its zone. Like the calendar in it, it
holds nothing that a person wrote.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from agendas.event import News, Time, What
from agendas.invite import Envelope, message
from agendas.mail_pages import both
from cards.language import Language, listed
from cards.mail import Mail

MOST_DATES = 5
ANSWERS = ("accepted", "tentative", "declined")
"""As they stand in the address of an answer, too."""
_TITLES = {
    What.INVITED: "invited", What.CHANGED: "changed", What.DAY_CHANGED: "changed", What.DAY_OFF: "cancelled",
    What.DAY_WITHOUT: "removed", What.CANCELLED: "cancelled", What.REMOVED: "removed",
}  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """Whom a mail is for: their language, their zone, and whether it is about their own item only.

    `page` is where they answer without an account, "" if no page of ours can be reached.
    """

    language: Language
    zone: str
    own_item: bool = False
    page: str = ""


@dataclass(frozen=True)
class Sending:
    """Under which name in iTIP a mail goes out. `ref` is what people call the meeting (`C-12`)."""

    ref: str
    uid: str
    sequence: int
    organizer: str
    attendee: str
    at: datetime
    required: bool = True
    answer: str = "NEEDS-ACTION"


def invitation(told: News, sending: Sending, reader: Reader) -> Mail:
    """The mail that tells this, with its calendar."""
    words = _Words(told, sending, reader)
    method, calendar = message(
        told,
        Envelope(
            uid=sending.uid, sequence=sending.sequence, organizer=sending.organizer,
            attendee=sending.attendee, stamp=sending.at, summary=words.summary, description=words.note,
            link=reader.page, required=sending.required, answer=sending.answer,
        ),
    )  # fmt: skip
    text, html = both(
        "invite", subject=words.subject, words=words, mail=reader.language.mail, language=reader.language,
        reader=reader,
    )  # fmt: skip
    return Mail(
        subject=words.subject,
        text=text,
        html=html,
        at=sending.at,
        calendar=calendar,
        method=method.value,
        thread=sending.uid,
    )


class _Words:
    """What one mail says, in words."""

    def __init__(self, told: News, sending: Sending, reader: Reader) -> None:
        self.told = told
        self.reader = reader
        self.said = reader.language.mail
        summary = self.said["talk"] if reader.own_item else self.said["conference"]
        self.summary = summary.format(ref=sending.ref)
        self.now = sending.at.astimezone(UTC)

    @property
    def subject(self) -> str:
        """What has happened to what, and when that is or was."""
        return f"{self.said[_TITLES[self.told.what]]}: {self.summary}, {self._subject_time}"

    @property
    def _subject_time(self) -> str:
        if self.told.day is not None:
            return self.time(self._was())
        following = self.told.event.days(self.now, 1)
        return self.time(following[0] if following else self.told.event.time)

    @property
    def note(self) -> str:
        """What stands in the calendar."""
        return "" if self.told.is_cancel else f"{self.said['how']}\n{self.said['private']}"

    @property
    def says(self) -> str:
        """What has happened, in a sentence."""
        told, key = self.told, f"say_{self.told.what.replace(' ', '_')}"
        if told.day is None:
            return self.said[key]
        now = told.event.on(told.day)
        return self.said[key].format(was=self.time(self._was()), when=self.time(now) if now else "")

    @property
    def dates(self) -> list[str]:
        """When it is from now on; nothing if it is not."""
        if self.told.is_cancel and self.told.day is None:
            return []
        return [self.time(each) for each in self.told.event.days(self.now, MOST_DATES)]

    @property
    def until(self) -> str:
        """Until when a series goes on, "" for ever."""
        until = self.told.event.until if not self.told.is_cancel or self.told.day else None
        return (
            self.said["until"].format(date=say_date(until, self.reader.zone, self.reader.language))
            if until
            else ""
        )

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The answers that can be given, each with its address."""
        page = self.reader.page
        if self.told.is_cancel or not page:
            return []
        return [(self.said[each], f"{page}?answer={each}") for each in ANSWERS]

    def time(self, time: Time) -> str:
        """A time on the reader's clock, with that clock's name."""
        return say_time(time, self.reader.zone, self.reader.language)

    def _was(self) -> Time:
        """When the day that is told of was, as the rule has it."""
        event, day = self.told.event, self.told.day
        return Time(day or event.time.starts, event.time.minutes)


def say_time(time: Time, zone: str, language: Language) -> str:
    """When something is, on the clock of a zone that is named."""
    starts, ends = (each.astimezone(ZoneInfo(zone)) for each in (time.starts, time.ends))
    return language.mail["span"].format_map(
        {
            "date": say_date(time.starts, zone, language), "from": f"{starts:%H:%M}", "to": f"{ends:%H:%M}",
            "place": zone.rpartition("/")[2].replace("_", " "),
        }
    )  # fmt: skip


def say_date(moment: datetime, zone: str, language: Language) -> str:
    """The date of a moment in a zone."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    return language.mail["date"].format(
        day=listed(language.mail["days"])[day.weekday()], number=day.day,
        month=listed(language.mail["months"])[day.month - 1], year=day.year,
    )  # fmt: skip
