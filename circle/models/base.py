"""What every table shares: constraint names, moments in UTC, worded states and public ids."""

import secrets
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, TypeDecorator
from sqlalchemy import Enum as StoredEnum
from sqlalchemy.orm import DeclarativeBase

PUBLIC_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"


class Base(DeclarativeBase):
    """The root of all models; every constraint gets a name, so that migrations can speak of it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment: kept in UTC, returned in UTC on SQLite and PostgreSQL alike."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def worded(kind: type[Enum]) -> StoredEnum:
    """Store an enum by its value, in a plain column, guarded by a check."""
    return StoredEnum(
        kind,
        native_enum=False,
        length=20,
        create_constraint=True,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def public_id() -> str:
    """Return a random id of 60 bits that is easy to read aloud and fit for a URL."""
    return "".join(secrets.choice(PUBLIC_ALPHABET) for _ in range(12))


def as_row(model: type[Base]) -> Any:
    """Return the table of a model, for statements that read plain rows."""
    return model.__table__
