"""All tables, in one place to import them from; each is declared in the file of its kind."""

from storage.base import Base
from storage.tables_agendas import AgendaRow, HabitsRow, WishRow
from storage.tables_care import DUE, CareTeamRow, HandoffRow, PatientNameRow, PatientRow
from storage.tables_conferences import ConferenceDeadlineRow, ConferenceRow
from storage.tables_definitions import ApprovalRow, DefinitionRow, SteeringRow
from storage.tables_duty import DutyChangeRow, DutyRow, InterruptionRow, RoundRow
from storage.tables_entries import EntryRow
from storage.tables_flags import FlagRow
from storage.tables_issues import ContactRow, IssueRow, OutlookRow, QuestionRow, ReportRow
from storage.tables_mail import FeedRow, InviteRow, MailAddressRow, ToldRow
from storage.tables_measures import MeasureRow, ReviewRow
from storage.tables_people import AbsenceRow, AccountRow, LinkCodeRow, MemberRow, PlaceRow, RoomRow, TeamRow
from storage.tables_plans import ActionRow, PlanChangeRow, PlanClashRow, PlanEntryRow
from storage.tables_polls import BusyRow, PollRow, VoteRow
from storage.tables_post import UNSENT, LaneRow, OutgoingRow, PracticeRow, ShownRow
from storage.tables_record import (
    CounterRow,
    CursorRow,
    DraftRow,
    HeadRow,
    JournalNoteRow,
    JournalRow,
    KeyCheckRow,
    RequestRow,
)
from storage.tables_replies import OddMailRow, RemindersRow
from storage.tables_series import AnswerRow, InviteeRow, SeriesRow
from storage.tables_sessions import AmendmentRow, AttendanceRow, MinutesRow, SessionItemRow

__all__ = [
    "DUE",
    "UNSENT",
    "AbsenceRow",
    "AccountRow",
    "ActionRow",
    "AgendaRow",
    "AmendmentRow",
    "AnswerRow",
    "ApprovalRow",
    "AttendanceRow",
    "Base",
    "BusyRow",
    "CareTeamRow",
    "ConferenceDeadlineRow",
    "ConferenceRow",
    "ContactRow",
    "CounterRow",
    "CursorRow",
    "DefinitionRow",
    "DraftRow",
    "DutyChangeRow",
    "DutyRow",
    "EntryRow",
    "FeedRow",
    "FlagRow",
    "HabitsRow",
    "HandoffRow",
    "HeadRow",
    "InterruptionRow",
    "InviteRow",
    "InviteeRow",
    "IssueRow",
    "JournalNoteRow",
    "JournalRow",
    "KeyCheckRow",
    "LaneRow",
    "LinkCodeRow",
    "MailAddressRow",
    "MeasureRow",
    "MemberRow",
    "MinutesRow",
    "OddMailRow",
    "OutgoingRow",
    "OutlookRow",
    "PatientNameRow",
    "PatientRow",
    "PlaceRow",
    "PlanChangeRow",
    "PlanClashRow",
    "PlanEntryRow",
    "PollRow",
    "PracticeRow",
    "QuestionRow",
    "RemindersRow",
    "ReportRow",
    "RequestRow",
    "ReviewRow",
    "RoomRow",
    "RoundRow",
    "SeriesRow",
    "SessionItemRow",
    "ShownRow",
    "SteeringRow",
    "TeamRow",
    "ToldRow",
    "VoteRow",
    "WishRow",
]
