"""Letters that carry the work: drafts, what was done by link, refused addresses, and news that waits."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SYNERGIES = ("same_clients", "team_up", "shared_interest")
KINDS = ("introduced", "withdrawn", "passed", "answered", "thanked")
# What was one switch, "rounds", is one for each kind of letter now.
BY_KIND = "all_done organising recap round_opened"
DAILY_BY_KIND = "all_done daily organising recap round_opened"
NEW_KINDS = ("how_did_it_go", "drafted", "weekly", "undeliverable")


def upgrade() -> None:
    for name in ("commitment", "introduction"):
        _add(name, sa.Column("by_link", sa.Boolean(), nullable=False, server_default=sa.false()))
    _add(
        "commitment",
        sa.Column("draft_subject", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("draft_text", sa.Text(), nullable=False, server_default=""),
    )
    with op.batch_alter_table("commitment") as table:
        table.add_column(sa.Column("draft_synergy", _one_of("synergy", SYNERGIES), nullable=True))
        table.add_column(sa.Column("drafted_at", MOMENT, nullable=True))
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("mail_refused_at", MOMENT, nullable=True))
        table.create_index(op.f("ix_person_mail_refused_at"), ["mail_refused_at"])
    _add("person", sa.Column("mail_refused_words", sa.String(length=300), nullable=False, server_default=""))
    op.add_column("round", sa.Column("due_moved_at", MOMENT, nullable=True))
    with op.batch_alter_table("news") as table:
        table.add_column(sa.Column("round_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("about_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("tell_from", MOMENT, nullable=True))
        table.create_foreign_key(op.f("fk_news_round_id_round"), "round", ["round_id"], ["id"], ondelete="CASCADE")
        table.create_foreign_key(
            op.f("fk_news_about_id_person"), "person", ["about_id"], ["id"], ondelete="CASCADE"
        )
        table.create_index(op.f("ix_news_round_id"), ["round_id"])
        table.create_index(op.f("ix_news_about_id"), ["about_id"])
    op.execute("UPDATE news SET tell_from = created_at")
    with op.batch_alter_table("news") as table:
        table.alter_column("tell_from", nullable=False)
        table.drop_constraint("newskind", type_="check")
        table.create_check_constraint("newskind", _is_one_of((*KINDS, *NEW_KINDS)))
    op.create_index(op.f("ix_outbox_state_settled_at"), "outbox", ["state", "settled_at"])
    op.create_table(
        "mail_circle",
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_mail_circle_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_mail_circle_outbox_id_outbox"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("outbox_id", "circle_id", name=op.f("pk_mail_circle")),
    )
    op.create_index(op.f("ix_mail_circle_circle_id"), "mail_circle", ["circle_id"])
    _switch("rounds", BY_KIND)
    _switch("daily rounds", DAILY_BY_KIND)


def downgrade() -> None:
    op.execute(
        "UPDATE person SET letters_off = CASE WHEN letters_off LIKE '%daily%' THEN 'daily rounds' ELSE 'rounds' END "
        "WHERE letters_off NOT IN ('', 'daily')"
    )
    op.drop_table("mail_circle")
    op.drop_column("round", "due_moved_at")
    op.drop_index(op.f("ix_outbox_state_settled_at"), "outbox")
    op.execute("DELETE FROM news WHERE NOT " + _is_one_of(KINDS))
    with op.batch_alter_table("news") as table:
        table.drop_constraint("newskind", type_="check")
        table.create_check_constraint("newskind", _is_one_of(KINDS))
        for name in ("round_id", "about_id"):
            table.drop_index(op.f(f"ix_news_{name}"))
        table.drop_constraint(op.f("fk_news_round_id_round"), type_="foreignkey")
        table.drop_constraint(op.f("fk_news_about_id_person"), type_="foreignkey")
        for name in ("round_id", "about_id", "tell_from"):
            table.drop_column(name)
    with op.batch_alter_table("person") as table:
        table.drop_index(op.f("ix_person_mail_refused_at"))
        table.drop_column("mail_refused_at")
        table.drop_column("mail_refused_words")
    with op.batch_alter_table("commitment") as table:
        table.drop_constraint("synergy", type_="check")
        for name in ("draft_subject", "draft_text", "draft_synergy", "drafted_at", "by_link"):
            table.drop_column(name)
    with op.batch_alter_table("introduction") as table:
        table.drop_column("by_link")


def _add(table_name: str, *columns: sa.Column[object]) -> None:
    """Add columns that rows already there fill with a default which the table then forgets."""
    with op.batch_alter_table(table_name) as table:
        for column in columns:
            table.add_column(column)
    with op.batch_alter_table(table_name) as table:
        for column in columns:
            table.alter_column(column.name, server_default=None)


def _switch(before: str, after: str) -> None:
    person = sa.table("person", sa.column("letters_off", sa.String))
    op.execute(sa.update(person).where(person.c.letters_off == before).values(letters_off=after))


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def _is_one_of(values: tuple[str, ...]) -> str:
    return "kind IN (" + ", ".join(f"'{value}'" for value in values) + ")"
