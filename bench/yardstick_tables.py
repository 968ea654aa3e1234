"""The three tables of the yardsticks' sign-up."""

from sqlalchemy import JSON, Column, DateTime, Integer, MetaData, String, Table

EVENT = 1
"""The event that everybody signs up for."""

_METADATA = MetaData()
YARD_EVENTS = Table(
    "yard_events",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("capacity", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
)
PEOPLE = Table(
    "yard_people",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("event_id", Integer, nullable=False),
    Column("name", String(120), nullable=False),
    Column("email", String(254), nullable=False),
    Column("link_key", String(40), nullable=False, unique=True),
    Column("at", DateTime(timezone=True), nullable=False),
)
MAILS = Table(
    "yard_mails",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("to_address", String(254), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
create_all = _METADATA.create_all
