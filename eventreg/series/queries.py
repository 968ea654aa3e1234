"""Series and their editions: rows in, rows out."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from eventreg.database import db
from eventreg.series.models import Series


def series_by_slug(slug: str) -> Series | None:
    """The series at an address, with its editions."""
    return db.session.scalar(select(Series).where(Series.slug == slug).options(selectinload(Series.editions)))


def all_series() -> Sequence[Series]:
    """Every series with its editions, by title."""
    return db.session.scalars(select(Series).options(selectinload(Series.editions)).order_by(Series.title)).all()
