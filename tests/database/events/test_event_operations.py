"""The operations of an event's life, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from eventreg.database import db, transaction
from eventreg.events.event_cancelling import AlreadyOver, Cancelled, cancel_event
from eventreg.events.event_changes import Changed, ChangedMeanwhile, Gone, NothingChanged, change_event
from eventreg.events.event_creating import Created, SlugTaken, copy_event, create_event
from eventreg.events.event_deleting import Archived, CancelFirst, Deleted, Restored, remove_event, restore_event
from eventreg.events.event_life_rules import PublishingObstacle
from eventreg.events.event_loading import fields_of
from eventreg.events.event_publishing import (
    NotPublishable,
    NotPublished,
    Published,
    Withdrawn,
    publish_event,
    withdraw_event,
)
from eventreg.events.event_rules import EventFields
from eventreg.events.models import Event, EventChange, FormerSlug
from eventreg.organisers.models import AuditEntry
from eventreg.outbox.models import Mail
from eventreg.registrations.models import Registration
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")

FIELDS = EventFields(
    slug="nowe-warsztaty",
    title="Nowe warsztaty",
    kind="workshop",
    starts_at=datetime(2026, 12, 9, 11, 0, tzinfo=UTC),
    ends_at=datetime(2026, 12, 9, 12, 30, tzinfo=UTC),
    city="Proszowice",
)


def fresh(event_id: int) -> Event:
    db.session.rollback()
    db.session.expire_all()
    found = db.session.get(Event, event_id)
    assert found is not None
    return found


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def register(event_id: int) -> list[str]:
    return list(
        db.session.scalars(select(EventChange.what).where(EventChange.event_id == event_id).order_by(EventChange.id))
    )


def mails() -> int:
    return db.session.scalar(select(func.count()).select_from(Mail)) or 0


def test_a_new_event_is_a_draft(factory: Factory, now: datetime) -> None:
    account = factory.account(organiser := factory.organiser())
    made = create_event(organiser.id, FIELDS, account.id, now)
    assert isinstance(made, Created)
    event = fresh(made.event.id)
    assert (event.state, event.revision, event.sequence, event.published_at) == ("draft", 1, 0, None)
    assert fields_of(event) == FIELDS
    assert event.uid.startswith("event-")
    assert event.uid.endswith("@localhost")
    assert actions() == ["event_created"]


def test_an_address_is_used_once_and_a_former_one_too(factory: Factory, now: datetime) -> None:
    event = factory.event(slug="stary-adres")
    moved = change_event(event.id, replace(fields_of(event), slug="nowy-adres"), event.revision, False, None, now)
    assert isinstance(moved, Changed)
    organiser_id = event.organiser_id
    for slug in ("stary-adres", "nowy-adres"):
        assert create_event(organiser_id, replace(FIELDS, slug=slug), None, now) == SlugTaken(slug)
    assert list(db.session.execute(select(FormerSlug.slug, FormerSlug.event_id))) == [("stary-adres", event.id)]


def test_an_event_may_take_its_own_former_address_back(factory: Factory, now: datetime) -> None:
    event = factory.event(slug="pierwszy")
    for slug in ("drugi", "pierwszy"):
        present = fresh(event.id)
        change = change_event(event.id, replace(fields_of(present), slug=slug), present.revision, False, None, now)
        assert isinstance(change, Changed)
    assert fresh(event.id).slug == "pierwszy"
    assert list(db.session.scalars(select(FormerSlug.slug))) == ["drugi"]


def test_a_draft_leaves_no_former_address(factory: Factory, now: datetime) -> None:
    event = factory.event(slug="szkic", state="draft")
    change_event(event.id, replace(fields_of(event), slug="inny"), 1, False, None, now)
    assert db.session.scalar(select(func.count()).select_from(FormerSlug)) == 0


def test_a_change_of_time_raises_the_sequence_and_stands_in_the_register(factory: Factory, now: datetime) -> None:
    event = factory.event()
    account = factory.account(event.organiser)
    later = replace(
        fields_of(event), starts_at=event.starts_at + timedelta(hours=1), ends_at=event.ends_at + timedelta(hours=1)
    )
    outcome = change_event(event.id, later, event.revision, False, account.id, now)
    assert isinstance(outcome, Changed)
    assert outcome.mails == 0
    changed = fresh(event.id)
    assert (changed.revision, changed.sequence, changed.updated_at) == (2, 1, now)
    (line,) = changed.changes
    assert (line.what, line.account_id, line.at) == ("time", account.id, now)
    assert line.before is not None
    assert line.after is not None
    assert line.before["starts_at"] == (later.starts_at - timedelta(hours=1)).isoformat()
    assert line.after["starts_at"] == later.starts_at.isoformat()
    assert mails() == 0


def test_another_capacity_raises_the_revision_only(factory: Factory, now: datetime) -> None:
    event = factory.event()
    factory.registration(event)
    event = fresh(event.id)
    outcome = change_event(event.id, replace(fields_of(event), capacity=1), event.revision, False, None, now)
    assert isinstance(outcome, Changed)
    changed = fresh(event.id)
    assert (changed.revision, changed.sequence, changed.capacity, changed.places_taken) == (2, 0, 1, 1)
    assert register(event.id) == []


def test_a_draft_keeps_no_register(factory: Factory, now: datetime) -> None:
    event = factory.event(state="draft")
    change_event(event.id, replace(fields_of(event), city="Kraków"), 1, True, None, now)
    assert register(event.id) == []
    assert fresh(event.id).city == "Kraków"


def test_the_participants_are_told_once_per_mailbox(factory: Factory, now: datetime) -> None:
    event = factory.event()
    factory.registration(event, email="a@example.org")
    factory.registration(event, email="sekretariat@example.org", name="Jan Nowak")
    factory.registration(event, email="sekretariat@example.org", name="Ewa Nowak")
    factory.registration(event, state="cancelled")
    event = fresh(event.id)
    outcome = change_event(event.id, replace(fields_of(event), room="sala 2"), event.revision, True, None, now)
    assert isinstance(outcome, Changed)
    assert outcome.mails == 2
    told = db.session.execute(select(Mail.to_address, Mail.occasion).order_by(Mail.to_address)).all()
    assert [tuple(row) for row in told] == [
        ("a@example.org", "event_changed"),
        ("sekretariat@example.org", "event_changed"),
    ]
    assert db.session.scalars(select(AuditEntry.detail)).one() == {"fields": ["room"], "mails": 2}


def test_who_saves_second_overwrites_nothing(factory: Factory, now: datetime) -> None:
    event = factory.event()
    seen = fields_of(event)
    first = change_event(event.id, replace(seen, city="Kraków"), 1, False, None, now)
    second = change_event(event.id, replace(seen, venue="Hala"), 1, True, None, now)
    assert isinstance(first, Changed)
    assert isinstance(second, ChangedMeanwhile)
    assert (second.event.city, second.event.revision) == ("Kraków", 2)
    assert (fresh(event.id).venue, actions()) == ("Urząd Miasta Proszowice", ["event_changed"])


def test_saving_what_stands_there_writes_nothing(factory: Factory, now: datetime) -> None:
    event = factory.event()
    assert isinstance(change_event(event.id, fields_of(event), 1, True, None, now), NothingChanged)
    assert fresh(event.id).revision == 1
    assert actions() == []


def test_an_archived_event_is_not_changed(factory: Factory, now: datetime) -> None:
    event = factory.event(state="archived")
    assert isinstance(change_event(event.id, replace(fields_of(event), city="X"), 1, False, None, now), Gone)
    assert isinstance(change_event(event.id + 99, fields_of(event), 1, False, None, now), Gone)


def test_places_taken_survives_a_change(factory: Factory, now: datetime) -> None:
    """The column belongs to sign-ups: a change of the event never writes an old number back."""
    event = factory.event()
    stale = fields_of(event)
    factory.registration(event)
    change_event(event.id, replace(stale, city="Kraków"), 1, False, None, now)
    assert fresh(event.id).places_taken == 1


def test_publishing_and_withdrawing(factory: Factory, now: datetime) -> None:
    event = factory.event(state="draft")
    account = factory.account(event.organiser, name="Anna Kowalska")
    assert isinstance(publish_event(event.id, account, now), Published)
    published = fresh(event.id)
    assert (published.state, published.published_at, published.publisher_name) == ("published", now, "Anna Kowalska")
    assert register(event.id) == []
    later = now + timedelta(hours=1)
    assert isinstance(withdraw_event(event.id, account.id, later), Withdrawn)
    assert isinstance(withdraw_event(event.id, account.id, later), NotPublished)
    assert isinstance(publish_event(event.id, account, later + timedelta(hours=1)), Published)
    assert fresh(event.id).published_at == now
    assert register(event.id) == ["withdrawn", "published"]
    assert actions() == ["event_published", "event_withdrawn", "event_published"]


def test_publishing_is_refused_with_its_reasons(factory: Factory, now: datetime) -> None:
    organiser = factory.organiser()
    account = factory.account(organiser)
    with transaction() as session:
        session.merge(organiser).current_clause_id = None
    event = factory.event(
        organiser, state="draft", starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1)
    )
    outcome = publish_event(event.id, account, now)
    assert outcome == NotPublishable((PublishingObstacle.NO_CLAUSE, PublishingObstacle.ALREADY_OVER))
    assert fresh(event.id).state == "draft"
    assert actions() == []


def test_cancelling_tells_everybody_and_keeps_the_registrations(factory: Factory, now: datetime) -> None:
    event = factory.event()
    people = [factory.registration(event) for _ in range(3)]
    outcome = cancel_event(event.id, "Choroba prowadzącego", None, now)
    assert isinstance(outcome, Cancelled)
    assert outcome.mails == 3
    cancelled = fresh(event.id)
    assert (cancelled.state, cancelled.cancel_reason, cancelled.cancelled_at) == (
        "cancelled",
        "Choroba prowadzącego",
        now,
    )
    assert (cancelled.sequence, cancelled.revision) == (1, 2)
    assert register(event.id) == ["cancelled"]
    states = db.session.scalars(select(Registration.state).where(Registration.id.in_([one.id for one in people])))
    assert set(states) == {"confirmed"}
    assert set(db.session.scalars(select(Mail.occasion))) == {"event_cancelled"}


def test_only_a_published_event_to_come_is_cancelled(factory: Factory, now: datetime) -> None:
    draft = factory.event(state="draft")
    assert isinstance(cancel_event(draft.id, "", None, now), NotPublished)
    over = factory.event(starts_at=now - timedelta(hours=2), ends_at=now)
    assert isinstance(cancel_event(over.id, "", None, now), AlreadyOver)
    assert isinstance(cancel_event(over.id + 99, "", None, now), Gone)
    assert mails() == 0


def test_an_event_without_registrations_is_deleted_with_its_register(factory: Factory, now: datetime) -> None:
    event = factory.event()
    change_event(event.id, replace(fields_of(event), city="Kraków", slug="inny"), 1, False, None, now)
    assert isinstance(remove_event(event.id, None, now), Deleted)
    for table in (Event, EventChange, FormerSlug):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert actions()[-1] == "event_deleted"
    assert isinstance(remove_event(event.id, None, now), Gone)


def test_an_event_with_registrations_is_archived_and_can_come_back(factory: Factory, now: datetime) -> None:
    event = factory.event(starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    factory.registration(event)
    assert isinstance(remove_event(event.id, None, now), Archived)
    assert fresh(event.id).state == "archived"
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 1
    assert isinstance(remove_event(event.id, None, now), Gone)
    assert isinstance(restore_event(event.id, None, now), Restored)
    assert fresh(event.id).state == "draft"
    assert isinstance(restore_event(event.id, None, now), Gone)


def test_people_are_not_left_untold_by_deleting(factory: Factory, now: datetime) -> None:
    event = factory.event()
    factory.registration(event)
    assert isinstance(remove_event(event.id, None, now), CancelFirst)
    assert fresh(event.id).state == "published"
    cancel_event(event.id, "", None, now)
    assert isinstance(remove_event(event.id, None, now), Archived)


def test_a_copy_is_a_draft_without_people(factory: Factory, now: datetime) -> None:
    event = factory.event(slug="warsztaty", online_url="https://example.org/x", attendance="hybrid")
    factory.registration(event)
    made = copy_event(event.id, None, "Jan Nowak", now)
    assert made is not None
    copied = fresh(made.id)
    assert (copied.slug, copied.state, copied.places_taken, copied.published_at) == ("warsztaty-2", "draft", 0, None)
    assert (copied.title, copied.editor_name, copied.online_url) == (event.title, "Jan Nowak", "")
    assert copied.uid != event.uid
    second = copy_event(event.id, None, "", now)
    assert second is not None
    assert second.slug == "warsztaty-3"
    assert copy_event(event.id + 99, None, "", now) is None


def test_an_operation_joins_an_open_transaction(factory: Factory, now: datetime) -> None:
    event = factory.event()

    def cancel_and_fail() -> None:
        with transaction():
            cancel_event(event.id, "", None, now)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        cancel_and_fail()
    assert fresh(event.id).state == "published"
    assert mails() == 0
