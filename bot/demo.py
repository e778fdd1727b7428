"""The demonstration: a synthetic team with synthetic patients, made through the one door like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.config import Settings
from bot.demo_measures import ANSWERS_RED_FLAG, EARLIER, RED_FLAG, RED_FLAG_DONE, THIS_MORNING, Visit
from bot.practice.people import PEOPLE, PLATFORM, ROOMS, ZONE, Person
from cards.card import Detail
from handlers.answer import answer, identify
from handlers.conferences.guests import invite_team
from handlers.line import say
from handlers.request import ChatId, Outcome, Request
from pathway.conference import Conference
from pathway.series import EVERYBODY
from storage.clinic import Store
from storage.people import TeamRoom
from storage.post import Lane, direct_lane
from storage.secrets import kept_key

TEAM = "MSK pain team North"
LEAD = "lea"
APPROVES = "eli"
"""Who is in the steering group with the lead, and can approve what she proposes."""
CONFERENCE = 1
SOON = timedelta(minutes=30)
"""So long after the demonstration opens its conference is planned to begin."""
BEGAN = timedelta(minutes=40)
"""So long before the demonstration opens its team was made; the red flag was raised at half that time."""


@dataclass(frozen=True)
class Place:
    """Where the team works: a platform, its rooms by address and whether encrypted, accounts by handle.

    `always`: it works around the clock, for a place where time can't be moved forward.
    """

    platform: str
    rooms: Mapping[str, bool]
    accounts: Mapping[str, str]
    always: bool = False


PAGE = Place(
    PLATFORM,
    {room.address: room.encrypted for room in ROOMS},
    {person.handle: person.handle for person in PEOPLE},
)

PATIENTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("ana", {
        "name": "Tess Testcase", "goal": "Lift my grandson again", "record": "MRN-0001",
        "born": "1961-12-03", "language": "en", "phone": "01632 960101", "consent_team": "yes",
    }),
    ("ana", {
        "name": "Noor Placeholder", "goal": "Stand at work for a whole shift, without fear of my back",
        "record": "MRN-0002", "born": "1979-05-17", "language": "ar", "interpreter": "yes",
        "phone": "01632 960102", "consent_team": "yes",
    }),
    ("ana", {
        # A name that a careless page would take for markup, and a careless channel for a call to all.
        "name": "<b>*@channel*</b>", "goal": "Be <i>called</i> by my own name", "record": "MRN-0003",
        "born": "1990-01-01", "language": "en", "consent_team": "yes",
    }),
    ("dana", {
        "name": "Jan Sample", "goal": "Sleep through the night", "record": "MRN-0004",
        "born": "1954-08-22", "language": "pl", "phone": "01632 960104", "consent_team": "yes",
    }),
    ("dana", {
        "name": "Ines Exemplar", "goal": "Dance at my daughter's wedding in June", "record": "MRN-0005",
        "born": "1968-03-09", "language": "pt", "phone": "01632 960105", "consent_team": "yes",
    }),
    ("fern", {
        "name": "Otto Nobody", "goal": "Walk the dog to the river and back", "record": "MRN-0006",
        "born": "1947-11-30", "language": "de", "phone": "01632 960106",
    }),
)  # fmt: skip
"""Who adds whom, and what is noted. Phone numbers are of the range kept for fiction."""


def demo_settings(folder: Path, port: int) -> Settings:
    """Settings of a demonstration that keeps everything, its key too, in `folder`.

    Names show in private messages here, as nobody in it is real.
    """
    return Settings(
        data_folder=folder,
        database_url=SecretStr(f"sqlite:///{folder}/baton.db"),
        secret_keys=(SecretStr(kept_key(folder / "secret.key")),),
        organisation="demo",
        pathway=None,
        direct_detail=Detail.IDENTIFIED,
        tick_seconds=2,
        http_host="127.0.0.1",
        http_port=port,
        base_url=f"http://127.0.0.1:{port}",
    )


def seed(store: Store, now: datetime) -> None:
    """Makes the team of the practice page; nothing happens if it is there.

    `now` is in working hours, as the page opens: what an entry of this morning asks then still waits.
    """
    seed_team(store, now, PAGE, PEOPLE)


def seed_team(store: Store, now: datetime, place: Place, people: Sequence[Person]) -> None:
    """Makes the team at a place, with its patients, once. Begun and interrupted, it is completed."""
    done = f"demo on {place.platform}"
    with store.clinic(now) as clinic:
        if clinic.memory.cursor(done):
            return
        for address, encrypted in place.rooms.items():
            if clinic.people.room(place.platform, address) is None:
                clinic.people.save_room(
                    TeamRoom(place.platform, address, "", Detail.CODE, encrypted, joined=True)
                )
    _Seeding(store, now, place, {person.handle: person for person in people}).run()
    with store.clinic(now) as clinic:
        clinic.memory.move_cursor(done, "made")


class _Seeding:
    """Lines said by the people of the team; each has an event id, so that saying it again does nothing."""

    def __init__(self, store: Store, now: datetime, place: Place, people: Mapping[str, Person]) -> None:
        self.store = store
        self.opens = now
        self.at = now if place.always else now - BEGAN
        self.place = place
        self.people = people
        self.said = 0

    def run(self) -> None:
        """The team, its members, the steering group, the second room, then the patients and their measures.

        Where time can't be moved nothing is entered this morning: it would ring before anybody looks.
        """
        first, *others = (Lane(self.place.platform, address) for address in self.place.rooms)
        setup = {"name": TEAM, "phone": "01632 960001", "zone": ZONE, "emergency": "999", "role": "lead"}
        if self.place.always:
            setup |= {"working": "daily 00:00-24:00", "quiet": "none", "holidays": "none"}
        self._say(LEAD, first, say("team setup", setup))
        for person in self.people.values():
            if person.handle != LEAD:
                self._say(person.handle, first, say("team join", {"role": person.role}))
        self._say(LEAD, first, say("pathway steering add", {"member": self.people[APPROVES].name}))
        if self.store.mail_from:
            for handle in self.people:
                private = direct_lane(self.place.platform, self.place.accounts[handle])
                self._say(handle, private, say("calendar mail", {"address": f"{handle}@clinic.example"}))
        for lane in others:
            self._say(LEAD, lane, say("team connect", {"team": TEAM}))
        for lane in (first, *others):
            if self.place.rooms[lane.target]:
                self._say(LEAD, lane, say("team detail", {"level": "clinical"}))
        for handle, patient in PATIENTS:
            private = direct_lane(self.place.platform, self.place.accounts[handle])
            self._say(handle, private, say("patient add", patient))
        for visit in EARLIER:
            self._enter(visit)
        self._plan_conference()
        if not self.place.always:
            self._this_morning()

    def _this_morning(self) -> None:
        self.at = self.opens - BEGAN / 2
        code = self._enter(RED_FLAG)
        private = direct_lane(self.place.platform, self.place.accounts[ANSWERS_RED_FLAG])
        with self.store.clinic(self.at) as clinic:
            flag = clinic.flags.of_patient(code)[-1].ref
        self._say(ANSWERS_RED_FLAG, private, say("flag claim", {"flag": flag}))
        self.at += BEGAN / 4
        self._say(ANSWERS_RED_FLAG, private, say("flag resolve", {"flag": flag, "done": RED_FLAG_DONE}))
        self.at = self.opens
        for visit in THIS_MORNING:
            self._enter(visit)

    def _plan_conference(self) -> None:
        """A case conference that whoever leads can begin at once. Nobody is asked anything before that."""
        lead = ChatId(self.place.platform, self.place.accounts[LEAD])
        private = direct_lane(lead.platform, lead.account)
        with self.store.clinic(self.at) as clinic:
            by = identify(Request("", lead, private, ""), clinic, self.at)
            if by is None or clinic.conferences.of_number(CONFERENCE) is not None:
                return
            made = Conference(
                clinic.conferences.next_number(), by.roster.team.id, "Weekly case conference",
                self.opens + SOON, 60, by.roster.team.hours.zone, whom=(EVERYBODY,),
            )  # fmt: skip
            invite_team(made, by, clinic, self.at)
            clinic.rows.session.flush()
            clinic.conferences.put(made, "planned", self.at, by=by.id)

    def _enter(self, visit: Visit) -> str:
        """Enters what was measured at a visit; the patient's code."""
        lane = direct_lane(self.place.platform, self.place.accounts[visit.by])
        with self.store.clinic(self.at) as clinic:
            member = clinic.people.by_account(lane.platform, self.place.accounts[visit.by])
            teams = clinic.people.teams_of(member.id) if member else []
            seen = [each for team in teams if member for each in clinic.patients.seen_by(member.id, team)]
        code = next(each.code for each in seen if each.name == visit.patient)
        instrument, _, values = visit.values.partition(" ")
        said = {"patient": code, "instrument": instrument, "values": values}
        if visit.days:
            said["taken"] = (self.opens - timedelta(days=visit.days)).date().isoformat()
        self._say(visit.by, lane, say("assess", said))
        return code

    def _say(self, handle: str, lane: Lane, line: str) -> None:
        self.said += 1
        sender = ChatId(lane.platform, self.place.accounts[handle], self.people[handle].name, ZONE)
        event = f"demo:{lane.platform}:{self.said}"
        # One after the other: who joined first is asked first.
        at = self.at + timedelta(milliseconds=self.said)
        reply = answer(Request(event, sender, lane, line, posts_answer=False), self.store, at)
        if reply.outcome is not Outcome.DONE:
            raise RuntimeError(f"The demonstration's team could not be made: step {self.said} was refused.")
