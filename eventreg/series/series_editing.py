"""Making and changing a series and its editions; each one transaction."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import selectinload

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.events.slug_rules import next_free_slug
from eventreg.organisers import audit
from eventreg.series.models import Edition, Series
from eventreg.series.series_rules import EditionFields, SeriesFields, edition_label


@dataclass(frozen=True, slots=True)
class SeriesSlugTaken:
    """Another series has this address."""

    slug: str


@dataclass(frozen=True, slots=True)
class StillUsed:
    """Events belong to it; nothing was deleted."""

    events: int


def own_series(organiser_ids: Sequence[int]) -> Sequence[Series]:
    """The series of these organisers with their editions, by title."""
    return db.session.scalars(
        select(Series)
        .where(Series.organiser_id.in_(organiser_ids))
        .options(selectinload(Series.editions), selectinload(Series.organiser))
        .order_by(Series.title)
    ).all()


def series_choices(organiser_ids: Sequence[int]) -> list[tuple[str, str]]:
    """What an event may belong to: ('3', 'Konferencja'), ('3-7', 'Konferencja: IV, 2015, Kielce') ..."""
    choices = []
    for series in own_series(organiser_ids):
        choices.append((str(series.id), series.title))
        for edition in series.editions:
            label = edition_label(edition.number, edition.year, edition.city)
            choices.append((f"{series.id}-{edition.id}", f"{series.title}: {label}"))
    return choices


def save_series(
    series_id: int | None, organiser_id: int, fields: SeriesFields, account_id: int, now: datetime
) -> Series | SeriesSlugTaken:
    """Make a series (`series_id` None) or change it. A new one with a taken address gets a number behind it."""
    with transaction() as session:
        series = session.get(Series, series_id) if series_id is not None else None
        slug = fields.slug
        if series is None:
            slug = next_free_slug(slug, _TakenSlugs(None))
            series = Series(organiser_id=organiser_id)
        elif slug in _TakenSlugs(series.id):
            return SeriesSlugTaken(slug)
        for name, value in asdict(fields).items():
            setattr(series, name, value)
        series.slug = slug
        session.add(series)
        session.flush()
        audit.record(
            account_id, "series_saved", organiser_id=series.organiser_id, detail={"series": series.slug}, now=now
        )
    return series


def save_edition(
    series: Series, edition_id: int | None, fields: EditionFields, account_id: int, now: datetime
) -> Edition | None:
    """Make an edition (`edition_id` None) or change it; None when the series has no such edition."""
    with transaction() as session:
        edition = Edition(series_id=series.id) if edition_id is None else edition_of(series.id, edition_id)
        if edition is None:
            return None
        for name, value in asdict(fields).items():
            setattr(edition, name, value)
        session.add(edition)
        session.flush()
        audit.record(
            account_id, "edition_saved", organiser_id=series.organiser_id, detail={"edition": edition.id}, now=now
        )
    return edition


def delete_edition(series: Series, edition_id: int, account_id: int, now: datetime) -> bool | StillUsed:
    """Delete an edition without events; False when the series has no such edition."""
    with transaction() as session:
        edition = edition_of(series.id, edition_id)
        if edition is None:
            return False
        used = session.scalar(select(func.count()).where(Event.edition_id == edition_id)) or 0
        if used:
            return StillUsed(used)
        session.delete(edition)
        audit.record(
            account_id, "edition_deleted", organiser_id=series.organiser_id, detail={"edition": edition_id}, now=now
        )
    return True


def delete_series(series_id: int, account_id: int, now: datetime) -> bool | StillUsed:
    """Delete a series without events, with its editions; False when it is gone already."""
    with transaction() as session:
        series = session.get(Series, series_id)
        if series is None:
            return False
        used = session.scalar(select(func.count()).where(Event.series_id == series_id)) or 0
        if used:
            return StillUsed(used)
        audit.record(
            account_id, "series_deleted", organiser_id=series.organiser_id, detail={"series": series.slug}, now=now
        )
        session.delete(series)
    return True


def edition_of(series_id: int, edition_id: int) -> Edition | None:
    """The edition, only if it belongs to the series (abuse 28)."""
    return db.session.scalar(select(Edition).where(Edition.id == edition_id, Edition.series_id == series_id))


@dataclass(frozen=True, slots=True)
class _TakenSlugs:
    """The addresses that other series have."""

    own_id: int | None

    def __contains__(self, slug: object) -> bool:
        taken = exists().where(Series.slug == str(slug), Series.id != (self.own_id or -1))
        return bool(db.session.scalar(select(taken)))
