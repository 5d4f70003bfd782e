"""Rounds for a year: exceptions, pauses, absences, archives, calendars, and what changed lately."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.DateTime(), nullable=False),
        sa.Column("opens_local", sa.DateTime(), nullable=True),
        sa.Column("due_local", sa.DateTime(), nullable=True),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_exception_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exception")),
        sa.UniqueConstraint("circle_id", "slot", name=op.f("uq_exception_circle_id_slot")),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_id"], ["person.id"], name=op.f("fk_change_about_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_change_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_change_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change_about_id"), "change", ["about_id"])
    op.create_index(op.f("ix_change_by_id"), "change", ["by_id"])
    op.create_index(op.f("ix_change_circle_id_at"), "change", ["circle_id", "at"])
    with op.batch_alter_table("circle") as table:
        table.add_column(sa.Column("erase_at", MOMENT, nullable=True))
        table.add_column(sa.Column("paused_until", sa.Date(), nullable=True))
        table.add_column(sa.Column("held_at", MOMENT, nullable=True))
        table.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("edited_at", MOMENT, nullable=True))
        table.create_index(op.f("ix_circle_erase_at"), ["erase_at"])
    with op.batch_alter_table("circle") as table:
        table.alter_column("edition", server_default=None)
    with op.batch_alter_table("membership") as table:
        table.add_column(sa.Column("took_over_at", MOMENT, nullable=True))
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("note", sa.String(length=300), nullable=False, server_default=""))
        table.create_foreign_key(
            op.f("fk_outbox_by_id_person"), "person", ["by_id"], ["id"], ondelete="SET NULL"
        )
        table.create_index(op.f("ix_outbox_by_id"), ["by_id"])
    with op.batch_alter_table("outbox") as table:
        table.alter_column("note", server_default=None)
    with op.batch_alter_table("roster_member") as table:
        table.add_column(sa.Column("gone", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("roster_member") as table:
        table.alter_column("gone", server_default=None)
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("away_from", sa.Date(), nullable=True))
        table.add_column(sa.Column("away_until", sa.Date(), nullable=True))
        table.add_column(sa.Column("away_turns_at", MOMENT, nullable=True))
        table.add_column(sa.Column("seen_at", MOMENT, nullable=True))
        table.add_column(sa.Column("calendar_ref", sa.String(length=24), nullable=True))
        table.create_index(op.f("ix_person_away_turns_at"), ["away_turns_at"])
        table.create_unique_constraint(op.f("uq_person_calendar_ref"), ["calendar_ref"])
    op.execute(
        "UPDATE person SET seen_at = COALESCE("
        "(SELECT MAX(session.used_at) FROM session WHERE session.person_id = person.id), created_at)"
    )


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.drop_constraint(op.f("uq_person_calendar_ref"), type_="unique")
        table.drop_index(op.f("ix_person_away_turns_at"))
        for name in ("away_from", "away_until", "away_turns_at", "seen_at", "calendar_ref"):
            table.drop_column(name)
    with op.batch_alter_table("roster_member") as table:
        table.drop_column("gone")
    with op.batch_alter_table("outbox") as table:
        table.drop_index(op.f("ix_outbox_by_id"))
        table.drop_constraint(op.f("fk_outbox_by_id_person"), type_="foreignkey")
        table.drop_column("by_id")
        table.drop_column("note")
    with op.batch_alter_table("membership") as table:
        table.drop_column("took_over_at")
    with op.batch_alter_table("circle") as table:
        table.drop_index(op.f("ix_circle_erase_at"))
        for name in ("erase_at", "paused_until", "held_at", "edition", "edited_at"):
            table.drop_column(name)
    op.drop_table("change")
    op.drop_table("exception")
