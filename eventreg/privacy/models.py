"""The information clause with all its versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.database import Base, UTCDateTime


class InformationClause(Base):
    """One version of an organiser's RODO art. 13 clause; the version shown is stored with each registration.

    Rows are only added: the newest is the one that `Organiser.current_clause_id` names.
    """

    __tablename__ = "information_clauses"
    __table_args__ = (UniqueConstraint("organiser_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organisers.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column()  # 1, 2, 3 ... within the organiser
    text_pl: Mapped[str] = mapped_column(Text)  # Markdown, as shown: placeholders are already filled
    text_en: Mapped[str] = mapped_column(Text, default="")
    # facts and texts before filling, for the next version
    source: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    retention_months: Mapped[int] = mapped_column(default=12)  # how long after the event the list is kept
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
