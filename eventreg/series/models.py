"""Recurring conferences and workshops."""

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventreg.database import Base
from eventreg.organisers.models import Organiser


class Series(Base):
    """A recurring conference or workshop, such as the annual conference of local governments."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organisers.id"))
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="pl")
    about: Mapped[str] = mapped_column(Text, default="")  # Markdown
    is_sample: Mapped[bool] = mapped_column(default=False)

    organiser: Mapped[Organiser] = relationship()
    editions: Mapped[list["Edition"]] = relationship(
        back_populates="series", order_by="Edition.year.desc()", cascade="all, delete-orphan"
    )


class Edition(Base):
    """One holding of a series. Editions from before this program have a year and a city, but no event row."""

    __tablename__ = "editions"
    __table_args__ = (Index("ix_editions_series", "series_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"))
    number: Mapped[int | None] = mapped_column()  # None where the organiser does not count
    year: Mapped[int] = mapped_column()
    city: Mapped[str] = mapped_column(String(100), default="")
    host: Mapped[str] = mapped_column(String(200), default="")
    theme: Mapped[str] = mapped_column(String(300), default="")

    series: Mapped[Series] = relationship(back_populates="editions")
