"""Sample data: loaded once into an empty database, marked as such, and taken away for good on request."""

import secrets
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import delete, func, or_, select, update

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.events.public_version import note_public_change
from eventreg.external_calendars.models import ExternalCalendar
from eventreg.links import new_link_key
from eventreg.organisers.models import AuditEntry, Membership, Organiser
from eventreg.outbox.filing import remove_filed
from eventreg.outbox.models import Mail
from eventreg.privacy.clauses import sample_clause, save_clause
from eventreg.privacy.models import InformationClause
from eventreg.registrations.address_rules import address_key, quota_key
from eventreg.registrations.models import Registration
from eventreg.registrations.name_rules import name_key, sort_key, surname_of
from eventreg.series.models import Edition, Series
from eventreg.site import sample_text_rules as samples
from eventreg.site.models import THE_ROW, SiteSettings


def is_empty() -> bool:
    """Whether nothing was ever kept here: no organiser, and no samples loaded before."""
    loaded = db.session.scalar(select(SiteSettings.samples_loaded_at).where(SiteSettings.id == THE_ROW))
    return loaded is None and not db.session.scalar(select(func.count()).select_from(Organiser))


def load(now: datetime) -> bool:
    """Load the samples with upcoming events counted from `now`; False when the database is not empty."""
    with transaction() as session:
        if not is_empty():
            return False
        settings = session.get(SiteSettings, THE_ROW) or SiteSettings(id=THE_ROW)
        settings.samples_loaded_at = settings.changed_at = now
        session.add(settings)
        organisers = {sample.slug: _organiser(sample, now) for sample in samples.ORGANISERS}
        series = _series(organisers["biuro-wspolpracy"])
        for sample in samples.EVENTS:
            _event(sample, organisers[sample.organiser], series, now)
        return True


def remove() -> int:
    """Take every sample row away for good; returns how many events went. Real rows are not touched.

    A sample organiser that got real events of its own stays, as an ordinary organiser. Files of mails go last, when
    the rows are gone for certain.
    """
    filed: list[str] = []
    with transaction() as session:
        events = select(Event.id).where(Event.is_sample)
        people = select(Registration.id).where(Registration.event_id.in_(events))
        theirs = or_(Mail.event_id.in_(events), Mail.registration_id.in_(people))
        filed += session.scalars(delete(Mail).where(theirs).returning(Mail.message_id))
        session.execute(delete(Registration).where(Registration.event_id.in_(events)))
        gone = session.execute(delete(Event).where(Event.is_sample).returning(Event.id)).all()
        in_use = select(Event.series_id).where(Event.series_id.is_not(None))
        session.execute(
            delete(Edition).where(
                Edition.series_id.in_(select(Series.id).where(Series.is_sample, Series.id.not_in(in_use)))
            )
        )
        session.execute(delete(Series).where(Series.is_sample, Series.id.not_in(in_use)))
        busy = select(Event.organiser_id).union(select(Series.organiser_id), select(ExternalCalendar.organiser_id))
        leaving = select(Organiser.id).where(Organiser.is_sample, Organiser.id.not_in(busy))
        filed += session.scalars(delete(Mail).where(Mail.organiser_id.in_(leaving)).returning(Mail.message_id))
        for table in (Membership, InformationClause):
            session.execute(delete(table).where(table.organiser_id.in_(leaving)))
        session.execute(update(AuditEntry).where(AuditEntry.organiser_id.in_(leaving)).values(organiser_id=None))
        session.execute(delete(Organiser).where(Organiser.id.in_(leaving)))
        session.execute(update(Organiser).where(Organiser.is_sample).values(is_sample=False))
        note_public_change()
    remove_filed(filed)
    return len(gone)


def _host() -> str:
    return urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"


def _organiser(sample: samples.SampleOrganiser, now: datetime) -> Organiser:
    organiser = Organiser(
        slug=sample.slug,
        name=sample.name,
        legal_name=sample.legal_name,
        kind=sample.kind,
        contact_email=sample.contact_email,
        contact_phone=sample.contact_phone,
        address=sample.address,
        about=sample.about,
        is_sample=True,
        created_at=now,
    )
    db.session.add(organiser)
    db.session.flush()
    save_clause(organiser.id, sample_clause(organiser), None, now)
    return organiser


def _series(organiser: Organiser) -> Series:
    series = Series(
        slug=samples.SERIES_SLUG,
        organiser_id=organiser.id,
        title=samples.SERIES_TITLE,
        about=samples.SERIES_ABOUT,
        is_sample=True,
    )
    series.editions = [
        Edition(year=year, city=city, host=host, theme=theme) for year, city, host, theme in samples.PAST_EDITIONS
    ]
    db.session.add(series)
    db.session.flush()
    return series


def _event(sample: samples.SampleEvent, organiser: Organiser, series: Series, now: datetime) -> None:
    starts_at, ends_at = samples.span_of(sample, now.astimezone(samples.WARSAW).date())
    event = Event(
        slug=sample.slug,
        uid=f"event-{secrets.token_hex(16)}@{_host()}",
        organiser_id=organiser.id,
        state="published",
        kind=sample.kind,
        title=sample.title,
        summary=sample.summary,
        programme=sample.programme,
        audience=sample.audience,
        cost=sample.cost,
        funding=sample.funding,
        partners=sample.partners,
        starts_at=starts_at,
        ends_at=ends_at,
        attendance=sample.attendance,
        venue=sample.venue,
        room=sample.room,
        street=sample.street,
        postal_code=sample.postal_code,
        city=sample.city,
        country=sample.country,
        online_url=sample.online_url,
        venue_accessibility=sample.venue_accessibility,
        capacity=sample.capacity,
        remind_days=None,  # nobody is written to at addresses that do not exist
        remind_hours=None,
        is_sample=True,
        created_at=now,
        updated_at=now,
        published_at=now,
    )
    if sample.series:
        edition = Edition(series_id=series.id, year=starts_at.year, city=sample.edition_city)
        db.session.add(edition)
        db.session.flush()
        event.series_id, event.edition_id = series.id, edition.id
    event.places_taken = len(sample.people)
    db.session.add(event)
    db.session.flush()
    db.session.add_all(_person(event, organiser, name, number, now) for number, name in enumerate(sample.people, 1))


def _person(event: Event, organiser: Organiser, name: str, number: int, now: datetime) -> Registration:
    email = f"osoba{number}@example.org"
    surname = surname_of(name)
    return Registration(
        event_id=event.id,
        holds_place=True,
        name=name,
        name_key=name_key(name),
        surname=surname,
        sort_key=sort_key(surname, name),
        email=email,
        address_key=address_key(email),
        quota_key=quota_key(email),
        source="panel",
        clause_id=organiser.current_clause_id,
        uid=f"{secrets.token_hex(16)}@{_host()}",
        link_key=new_link_key(),
        created_at=now,
        confirmed_at=now,
    )
