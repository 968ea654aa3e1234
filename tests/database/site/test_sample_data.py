"""Sample data: once, into an empty database, marked as such; taken away for good without touching anything real."""

from datetime import datetime

import pytest
from sqlalchemy import func, select

from eventreg.database import Base, db
from eventreg.events.models import Event
from eventreg.organisers.models import Organiser
from eventreg.outbox.delivering import Delivery, deliver_due
from eventreg.outbox.filing import filed_mail
from eventreg.outbox.models import Mail
from eventreg.registrations.models import Registration
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import Confirmed, SignUpRequest
from eventreg.series.models import Edition, Series
from eventreg.site import sample_data
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")


def count(model: type[Base]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_they_are_loaded_once_into_an_empty_database(now: datetime) -> None:
    assert sample_data.load(now)
    assert not sample_data.load(now)
    assert (count(Event), count(Organiser), count(Edition)) == (5, 2, 5)
    upcoming = db.session.scalars(select(Event).where(Event.starts_at > now).order_by(Event.starts_at)).all()
    assert [(event.kind, event.capacity) for event in upcoming] == [
        ("workshop", 30),
        ("mission", 12),
        ("meeting", None),
        ("conference", 200),
    ]
    assert all(event.is_sample for event in upcoming)
    for event in db.session.scalars(select(Event)):
        people = select(func.count()).select_from(Registration).where(Registration.event_id == event.id)
        assert event.places_taken == db.session.scalar(people)
        assert event.organiser.current_clause_id is not None


def test_a_database_that_somebody_uses_gets_no_samples(factory: Factory, now: datetime) -> None:
    factory.organiser()
    assert not sample_data.load(now)
    assert count(Event) == 0


def test_removed_samples_stay_away(now: datetime) -> None:
    sample_data.load(now)
    event = db.session.scalars(select(Event).where(Event.kind == "workshop", Event.starts_at > now)).one()
    signed_up = sign_up(event.id, SignUpRequest("Anna Kowalska", "anna@example.org", "pl"), now)
    assert isinstance(signed_up, Confirmed)
    assert sample_data.remove() == 5
    assert [count(model) for model in (Event, Organiser, Series, Edition, Registration)] == [0, 0, 0, 0, 0]
    assert not sample_data.load(now)


def test_what_is_real_stays(factory: Factory, now: datetime) -> None:
    sample_data.load(now)
    organiser = db.session.scalars(select(Organiser).where(Organiser.slug == "omp")).one()
    real = factory.event(organiser)
    person = factory.registration(real)
    sample_data.remove()
    db.session.rollback()
    assert [event.id for event in db.session.scalars(select(Event))] == [real.id]
    assert db.session.get(Registration, person.id) is not None
    assert [(o.slug, o.is_sample) for o in db.session.scalars(select(Organiser))] == [("omp", False)]


def test_filed_mails_of_sample_people_go_with_them(factory: Factory, now: datetime) -> None:
    sample_data.load(now)
    sample = db.session.scalars(select(Event).where(Event.kind == "workshop", Event.starts_at > now)).one()
    real = factory.event()
    for event in (sample, real):
        sign_up(event.id, SignUpRequest("Anna Kowalska", "anna@example.org", "pl"), now)
    deliver_due(Delivery(worker="here:1:x", clock=lambda: now))
    ids = {mail.event_id: mail.message_id for mail in db.session.scalars(select(Mail))}
    assert filed_mail(ids[sample.id]) is not None
    kept = ids[real.id]
    gone = ids[sample.id]
    sample_data.remove()
    assert filed_mail(gone) is None
    assert filed_mail(kept) is not None
    assert count(Mail) == 1
