"""The tables of `storage.tables_issues`.

Patients who are there already are looked at from now on, one after the other: twenty a second, so that what
is more pressing need not wait until a large organisation has been gone through.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0009"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")  # microseconds since 1970
IN_TURN = {
    "sqlite": "CAST(strftime('%s', 'now') AS INTEGER) * 1000000 + 50000 * {turn}",
    "postgresql": "now() + INTERVAL '50 milliseconds' * {turn}",
}


def upgrade() -> None:
    """Makes them."""
    op.create_table(
        "issues",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("why_at", moment, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("sealed_said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "patient", "kind", "source"),
    )
    op.create_index("issues_of_team", "issues", ["org", "team"])
    op.create_table(
        "outlooks",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("look_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("org", "patient"),
    )
    op.create_index("outlooks_next", "outlooks", ["org", "look_at"])
    op.create_index("outlooks_of_team", "outlooks", ["org", "team", "look_at"])
    op.create_table(
        "questions",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("amended_at", moment, nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("sealed_said", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "number"),
    )
    op.create_index("questions_of_patient", "questions", ["org", "patient", "state"])
    op.create_index("questions_of_message", "questions", ["org", "link"])
    op.create_table(
        "contacts",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("org", "number"),
    )
    op.create_index("contacts_of_patient", "contacts", ["org", "patient", "reached", "at"])
    op.create_table(
        "reports",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("sealed_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "number"),
    )
    op.create_index("reports_of_patient", "reports", ["org", "patient"])
    at = IN_TURN[op.get_bind().dialect.name].format(turn="(ROW_NUMBER() OVER (ORDER BY org, code))")
    in_turn = f"SELECT org, code, team, {at} FROM patients"  # noqa: S608 (nothing of it is anybody's input)
    op.execute(f"INSERT INTO outlooks (org, patient, team, look_at) {in_turn}")
