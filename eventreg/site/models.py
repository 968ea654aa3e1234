"""What belongs to the site as a whole: who runs it, and what its accessibility declaration says."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.database import Base, UTCDateTime

THE_ROW = 1
"""The table has this one row or none."""


class SiteSettings(Base):
    """One row: the operator, additions to the privacy page, the accessibility declaration."""

    __tablename__ = "site_settings"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("declaration_status IN ('full', 'partial', 'none')", name="declaration_status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=THE_ROW)
    operator_name: Mapped[str] = mapped_column(String(200), default="")  # full legal name of who runs the site
    operator_address: Mapped[str] = mapped_column(String(300), default="")
    operator_email: Mapped[str] = mapped_column(String(254), default="")
    operator_phone: Mapped[str] = mapped_column(String(60), default="")
    privacy_pl: Mapped[str] = mapped_column(Text, default="")  # Markdown, added to the privacy page
    privacy_en: Mapped[str] = mapped_column(Text, default="")

    published_on: Mapped[date | None] = mapped_column(Date)  # when the site went public
    updated_on: Mapped[date | None] = mapped_column(Date)  # its last substantial change
    declaration_status: Mapped[str] = mapped_column(String(10), default="partial")
    exceptions_pl: Mapped[str] = mapped_column(Text, default="")  # Markdown: what is not accessible, and why
    exceptions_en: Mapped[str] = mapped_column(Text, default="")
    declared_on: Mapped[date | None] = mapped_column(Date)
    reviewed_on: Mapped[date | None] = mapped_column(Date)
    assessor: Mapped[str] = mapped_column(String(200), default="")  # empty: self-assessment
    contact_person: Mapped[str] = mapped_column(String(200), default="")  # person or unit
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(60), default="")
    architecture_pl: Mapped[str] = mapped_column(Text, default="")  # Markdown: the seat of the operator
    architecture_en: Mapped[str] = mapped_column(Text, default="")
    apps_pl: Mapped[str] = mapped_column(Text, default="")  # Markdown; empty: no mobile application
    apps_en: Mapped[str] = mapped_column(Text, default="")
    samples_loaded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # once loaded, never again
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
