"""Series and their editions: rows in, rows out."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.series.models import Edition, Series


def series_by_slug(slug: str) -> Series | None:
    """The series at an address, with its editions."""
    return db.session.scalar(select(Series).where(Series.slug == slug).options(selectinload(Series.editions)))


def all_series() -> Sequence[Series]:
    """Every series with its editions, by title."""
    return db.session.scalars(select(Series).options(selectinload(Series.editions)).order_by(Series.title)).all()


def editions_without_events() -> Sequence[Edition]:
    """Editions of which only year and place are kept, from before this program; the latest first."""
    return db.session.scalars(
        select(Edition)
        .where(~select(Event.id).where(Event.edition_id == Edition.id).exists())
        .options(joinedload(Edition.series))
        .order_by(Edition.year.desc(), Edition.id.desc())
    ).all()
