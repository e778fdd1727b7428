"""What somebody holds says when it is due, and no more until when it was to be answered."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Notes the moment of those that nobody has been reminded of yet; of the others it is past either way."""
    op.execute(
        "UPDATE handoffs SET answer_by = due_at"
        " WHERE receiver <> '' AND open AND nagged = 0 AND due_at IS NOT NULL"
    )
