"""Who is invited, to a series or to one conference, and what they answered."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select, update

from pathway.conference import Conference
from pathway.invitee import Answer, Answered, Invitee, Kind, member_key
from pathway.poll import Poll
from pathway.series import Series
from storage.journal import Journal
from storage.numbers import next_number
from storage.people import People
from storage.rows import Rows
from storage.tables import AnswerRow, InviteeRow

NOT_YET = Answered()


class Invitees(Rows):
    """The invitees of one organisation. Names, addresses and zones of members are those they have now."""

    def __init__(self, rows: Rows, journal: Journal, people: People) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)
        self.journal = journal
        self.people = people

    def next_key(self) -> str:
        """The key of somebody without an account (`I-4`), never given twice."""
        return f"I-{next_number(self, 'invitees')}"

    def of_series(self, series: int) -> tuple[Invitee, ...]:
        """Who is invited to all of a series."""
        return tuple(self._invitee(row) for row in self._rows(f"S-{series}") if not row.gone)

    def of_conference(self, conference: Conference) -> tuple[Invitee, ...]:
        """Who is invited to a conference, by its series or to it alone, in a settled order."""
        invited = {each.key: each for each in self.of_series(conference.series)} if conference.series else {}
        for row in self._rows(conference.ref):
            if row.gone:
                invited.pop(row.key, None)
            else:
                invited[row.key] = self._invitee(row)
        return tuple(invited[key] for key in sorted(invited))

    def of_poll(self, poll: Poll) -> tuple[Invitee, ...]:
        """Who was named in a poll for a conference that is not planned yet."""
        return tuple(self._invitee(row) for row in self._rows(poll.ref))

    def find(self, key: str) -> tuple[Invitee, str] | None:
        """Somebody without an account by their key (`I-4`), and the series or conference they belong to."""
        query = select(InviteeRow).where(InviteeRow.org == self.org, InviteeRow.key == key.upper())
        row = self.session.scalars(query.order_by(InviteeRow.gone, InviteeRow.subject)).first()
        return (self._invitee(row), row.subject) if row else None

    def subjects_of(self, key: str) -> list[str]:
        """The series and conferences to which somebody is invited, or that they are left out of."""
        query = select(InviteeRow.subject).where(InviteeRow.org == self.org, InviteeRow.key == key)
        return sorted(self.session.scalars(query))

    def invited_to(self, key: str) -> tuple[set[int], set[str], set[str]]:
        """The series, the single conferences, and those that somebody is left out of, by their references."""
        query = select(InviteeRow.subject, InviteeRow.gone).where(
            InviteeRow.org == self.org, InviteeRow.key == key
        )
        found = self.session.execute(query).all()
        alone = {subject for subject, gone in found if not gone and subject.startswith("C-")}
        series = {int(subject[2:]) for subject, gone in found if not gone and subject.startswith("S-")}
        return series, alone, {subject for subject, gone in found if gone}

    def of_patient(self, code: str) -> list[tuple[Invitee, str]]:
        """The patient and the carers who are invited for this patient's item, each with the conference."""
        query = select(InviteeRow).where(InviteeRow.org == self.org, InviteeRow.patient == code)
        found = self.session.scalars(query.order_by(InviteeRow.subject, InviteeRow.key))
        return [(self._invitee(row), row.subject) for row in found]

    def invite(
        self, to: Conference | Series | Poll, invitee: Invitee, now: datetime, *, by: str = ""
    ) -> None:
        """Invites somebody to a series or to one conference, or asks them in a poll."""
        self._put(to.ref, invitee, gone=False)
        self.journal.write("invited", to.ref, now, by=by, patient=invitee.patient, became=invitee.key)

    def uninvite(self, to: Conference | Series, invitee: Invitee, now: datetime, *, by: str = "") -> None:
        """Takes an invitation back; of somebody whom the series invites, for this one conference."""
        if isinstance(to, Conference) and self.row_of(InviteeRow, f"S-{to.series}", invitee.key):
            self._put(to.ref, invitee, gone=True)
        elif row := self.row_of(InviteeRow, to.ref, invitee.key):
            self.remove_row(row)
        self.journal.write("uninvited", to.ref, now, by=by, patient=invitee.patient, was=invitee.key)

    def _put(self, subject: str, invitee: Invitee, *, gone: bool) -> None:
        theirs = invitee.kind is Kind.MEMBER
        self.put_row(
            InviteeRow, subject, invitee.key, kind=invitee.kind.value, member=invitee.member,
            patient=invitee.patient, sealed_name="" if theirs else self.seal(invitee.name),
            sealed_email="" if theirs else self.seal(invitee.email), discipline=invitee.discipline,
            required=invitee.required, zone="" if theirs else invitee.zone, language=invitee.language,
            interpreter=invitee.interpreter, gone=gone,
        )  # fmt: skip

    def note_discipline(self, to: Conference | Series, key: str, discipline: str) -> None:
        """Notes another discipline of somebody who is invited."""
        if self.row_of(InviteeRow, to.ref, key):
            self.put_row(InviteeRow, to.ref, key, discipline=discipline)

    def rename(self, other: str, member: str) -> None:
        """Makes what `other` is invited to, and answered, that of `member`, who is the same person."""
        old, new = member_key(other), member_key(member)
        for table in (InviteeRow, AnswerRow):
            own = select(table.subject).where(table.org == self.org, table.key == new)
            theirs = (table.org == self.org, table.key == old)
            self.session.execute(delete(table).where(*theirs, table.subject.in_(own)))
            values = {"key": new, "member": member} if table is InviteeRow else {"key": new}
            renamed = update(table).where(*theirs).values(values)
            self.session.execute(renamed.execution_options(synchronize_session=False))

    def answers(self, conference: Conference) -> dict[str, Answered]:
        """What everybody who is invited to a conference has answered, for it or for its series, by key."""
        given: dict[str, Answered] = {}
        for subject in (f"S-{conference.series}", conference.ref) if conference.series else (conference.ref,):
            query = select(AnswerRow).where(AnswerRow.org == self.org, AnswerRow.subject == subject)
            given |= {row.key: self._answered(row) for row in self.session.scalars(query)}
        return {each.key: given.get(each.key, NOT_YET) for each in self.of_conference(conference)}

    def answer(self, conference: Conference, key: str) -> Answered:
        """What one of them has answered."""
        return self.answers(conference).get(key, NOT_YET)

    def answer_of_series(self, series: int, key: str) -> Answered:
        """What somebody has answered for all of a series."""
        row = self.row_of(AnswerRow, f"S-{series}", key)
        return self._answered(row) if row else NOT_YET

    def own_answer(self, to: Conference | Series, key: str) -> Answered:
        """What somebody has answered for just this: not for its series, if it is of one."""
        row = self.row_of(AnswerRow, to.ref, key)
        return self._answered(row) if row else NOT_YET

    def put_answer(
        self,
        to: Conference | Series,
        key: str,
        answer: Answer,
        sequence: int,
        stamped_at: datetime | None,
        via: str,
        *,
        now: datetime,
        said: str = "",
        delegate: str = "",
    ) -> None:
        """Notes an answer, for one conference or for a series.

        At flush raises StaleDataError if another answer came meanwhile.
        """
        row = self.row_of(AnswerRow, to.ref, key)
        was = row.answer if row else ""
        self.put_over(
            row, AnswerRow, to.ref, key, answer=answer.value, sequence=sequence, stamped_at=stamped_at,
            via=via, sealed_said=self.seal(said), sealed_delegate=self.seal(delegate),
        )  # fmt: skip
        by = key.removeprefix("member:") if key.startswith("member:") else ""
        became = answer.value if by else f"{key} {answer.value}"
        self.journal.write("answered", to.ref, now, by=by, was=was, became=became, note=said)

    def ask_again(self, conference: Conference) -> None:
        """What was answered counts no more for a conference: it is at another time now."""
        for key, given in self.answers(conference).items():
            if given.answer is not Answer.NEEDS_ACTION:
                self.put_row(
                    AnswerRow, conference.ref, key, answer=Answer.NEEDS_ACTION.value,
                    sequence=conference.sequence, stamped_at=given.stamped_at, via="", sealed_said="",
                    sealed_delegate="",
                )  # fmt: skip

    def forget_series_answers(self, series: int) -> None:
        """What was answered for a series counts no more: it is at other times now."""
        self.session.execute(
            delete(AnswerRow).where(AnswerRow.org == self.org, AnswerRow.subject == f"S-{series}")
        )

    def _rows(self, subject: str) -> Iterable[InviteeRow]:
        query = select(InviteeRow).where(InviteeRow.org == self.org, InviteeRow.subject == subject)
        return self.session.scalars(query.order_by(InviteeRow.key))

    def _invitee(self, row: InviteeRow) -> Invitee:
        invitee = Invitee(
            key=row.key, kind=Kind(row.kind), name=self.open(row.sealed_name),
            email=self.open(row.sealed_email), member=row.member, discipline=row.discipline,
            required=row.required, zone=row.zone, language=row.language, interpreter=row.interpreter,
            patient=row.patient,
        )  # fmt: skip
        member = self.people.member(row.member) if row.member else None
        if member is None:
            return invitee
        return replace(invitee, name=member.name, email=member.email, zone=member.zone)

    def _answered(self, row: AnswerRow) -> Answered:
        return Answered(
            Answer(row.answer), row.sequence, row.stamped_at, row.via, self.open(row.sealed_said),
            self.open(row.sealed_delegate),
        )  # fmt: skip
