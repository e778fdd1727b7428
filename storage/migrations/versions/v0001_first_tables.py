"""The first tables, and the triggers that let the journal only grow."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")  # microseconds since 1970
due = sa.text("due_at IS NOT NULL")
unsent = sa.text("state IN ('waiting', 'sending')")


def upgrade() -> None:
    """Makes every table of the first version."""
    _staff()
    _patients()
    _handoffs()
    _journal()
    _outbox()
    _memory()
    if op.get_bind().dialect.name == "sqlite":
        _guard_on_sqlite()
    else:
        _guard_on_postgresql()


def _staff() -> None:
    """Members, their accounts and absences, teams and their rooms."""
    op.create_table(
        "teams",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("working", sa.Text(), nullable=False),
        sa.Column("quiet", sa.Text(), nullable=False),
        sa.Column("sealed_phone", sa.Text(), nullable=False),
        sa.Column("emergency_number", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "id"),
    )
    op.create_table(
        "members",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sealed_name", sa.Text(), nullable=False),
        sa.Column("sealed_email", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "id"),
    )
    op.create_table(
        "accounts",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.PrimaryKeyConstraint("org", "platform", "account"),
    )
    op.create_index("accounts_of_member", "accounts", ["org", "member"])
    op.create_table(
        "places",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("joined_at", moment, nullable=False),
        sa.Column("left_at", moment),
        sa.PrimaryKeyConstraint("org", "team", "member"),
    )
    op.create_index("places_of_member", "places", ["org", "member"])
    op.create_table(
        "rooms",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("detail", sa.BigInteger(), nullable=False),
        sa.Column("encrypted", sa.Boolean(), nullable=False),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("org", "platform", "address"),
    )
    op.create_index("rooms_of_team", "rooms", ["org", "team"])
    op.create_table(
        "absences",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("starts", moment, nullable=False),
        sa.Column("ends", moment, nullable=False),
        sa.Column("cover", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "member", "starts"),
    )
    op.create_table(
        "link_codes",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("org", "digest"),
    )


def _patients() -> None:
    """Patients, and who may see them."""
    op.create_table(
        "patients",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("sealed_name", sa.Text(), nullable=False),
        sa.Column("sealed_born", sa.Text(), nullable=False),
        sa.Column("sealed_record", sa.Text(), nullable=False),
        sa.Column("record_digest", sa.Text(), nullable=False),
        sa.Column("sealed_phone", sa.Text(), nullable=False),
        sa.Column("sealed_email", sa.Text(), nullable=False),
        sa.Column("sealed_goal", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("consent_team", sa.Boolean(), nullable=False),
        sa.Column("consent_outside", sa.Boolean(), nullable=False),
        sa.Column("added_at", moment, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "code"),
    )
    op.create_index("patients_of_record", "patients", ["org", "record_digest"])
    op.create_index("patients_of_team", "patients", ["org", "team", "code"])
    op.create_table(
        "patient_names",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "digest", "code"),
    )
    op.create_index("patient_names_of_code", "patient_names", ["org", "code"])
    op.create_table(
        "care_team",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("until", moment),
        sa.PrimaryKeyConstraint("org", "code", "member"),
    )
    op.create_index("care_team_of_member", "care_team", ["org", "member"])


def _handoffs() -> None:
    """Handoffs, and the series of their numbers."""
    op.create_table(
        "handoffs",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("to_member", sa.Text(), nullable=False),
        sa.Column("to_role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rung", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("declined", sa.JSON(), nullable=False),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("sealed_ipass", sa.Text(), nullable=False),
        sa.Column("sealed_talk", sa.Text(), nullable=False),
        sa.Column("offered_at", moment, nullable=False),
        sa.Column("changed_at", moment),
        sa.Column("answered_at", moment),
        sa.Column("asked_at", moment),
        sa.Column("answer_by", moment),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("due_at", moment),
        sa.Column("nagged", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "number"),
    )
    op.create_index("handoffs_due", "handoffs", ["org", "due_at"], sqlite_where=due, postgresql_where=due)
    op.create_index("handoffs_of_patient", "handoffs", ["org", "patient"])
    op.create_index("handoffs_of_receiver", "handoffs", ["org", "receiver", "open"])
    op.create_index("handoffs_of_sender", "handoffs", ["org", "sender", "open"])
    op.create_index("handoffs_open", "handoffs", ["org", "team", "open", "offered_at"])
    op.create_table(
        "counters",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "name"),
    )


def _journal() -> None:
    """The journal, and where its chain ends."""
    op.create_table(
        "journal",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("became", sa.Text(), nullable=False),
        sa.Column("note_digest", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "seq"),
    )
    op.create_index("journal_of_patient", "journal", ["org", "patient", "seq"])
    op.create_index("journal_of_subject", "journal", ["org", "subject", "seq"])
    op.create_table(
        "journal_notes",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("sealed_note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "seq"),
        sa.ForeignKeyConstraint(["org", "seq"], ["journal.org", "journal.seq"]),
    )
    op.create_table(
        "heads",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("posts", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org"),
    )


def _outbox() -> None:
    """Posts in line, their lanes, and where living cards stand."""
    op.create_table(
        "outgoing",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sealed_payload", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("send_after", moment, nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_at", moment),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "id"),
    )
    op.create_index("outgoing_of_message", "outgoing", ["org", "platform", "message"])
    op.create_index("outgoing_of_subject", "outgoing", ["org", "subject", "state"])
    op.create_index(
        "outgoing_unsent",
        "outgoing",
        ["org", "platform", "target", "seq"],
        sqlite_where=unsent,
        postgresql_where=unsent,
    )
    op.create_table(
        "lanes",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("next_at", moment),
        sa.Column("claimed_by", sa.Text(), nullable=False),
        sa.Column("claimed_until", moment),
        sa.PrimaryKeyConstraint("org", "platform", "target"),
    )
    op.create_index("lanes_next", "lanes", ["org", "platform", "next_at"])
    op.create_table(
        "shown",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("detail", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "subject", "platform", "target"),
    )


def _memory() -> None:
    """What is remembered between messages."""
    op.create_table(
        "requests",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("sealed_reply", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "event_id"),
    )
    op.create_index("requests_at", "requests", ["org", "at"])
    op.create_table(
        "drafts",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("sealed_values", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("org", "platform", "address", "member"),
    )
    op.create_table(
        "cursors",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "name"),
    )
    op.create_table(
        "practice_messages",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("only", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("sealed_text", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("edited_at", moment),
        sa.PrimaryKeyConstraint("org", "id"),
    )
    op.create_index("practice_of_room", "practice_messages", ["org", "room", "seq"])
    op.create_index("practice_changed", "practice_messages", ["org", "changed"])


def _guard_on_sqlite() -> None:
    """Rows of the journal are neither changed nor removed nor replaced; notes are sealed anew but stay."""
    for table, change in (("journal", "UPDATE"), ("journal", "DELETE"), ("journal_notes", "DELETE")):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )
    # INSERT OR REPLACE removes the old row without asking the trigger on DELETE.
    for table in ("journal", "journal_notes"):
        same = f"SELECT 1 FROM {table} WHERE org = NEW.org AND seq = NEW.seq"  # noqa: S608 (both names are ours)
        op.execute(
            f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table} WHEN EXISTS ({same}) "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )


def _guard_on_postgresql() -> None:
    """The same, and no TRUNCATE."""
    op.execute(
        "CREATE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$"
    )
    for table, changes in (("journal", "UPDATE OR DELETE"), ("journal_notes", "DELETE")):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_change BEFORE {changes} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change()"
        )
