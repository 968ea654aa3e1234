"""Setting how an event takes sign-ups, on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from eventreg.database import db, transaction
from eventreg.events.event_changes import ChangedMeanwhile, Gone, NothingChanged
from eventreg.events.event_creating import copy_event
from eventreg.events.event_loading import policy_of
from eventreg.events.models import Event, EventChange
from eventreg.events.sign_up_policy import PolicySet, set_sign_up_policy
from eventreg.events.sign_up_policy_rules import SignUpPolicy
from eventreg.organisers.models import AuditEntry
from eventreg.outbox.models import Mail
from eventreg.registrations.models import Registration
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")

EVERYTHING = SignUpPolicy(
    waiting_list="always",
    promotion="by_hand",
    offer_hours=40,
    approval=True,
    allowed_domains="um.krakow.pl *.gov.pl",
    confirm_hours=24,
    group_limit=1,
    remind_days=None,
    remind_hours=48,
    day_phone="600 000 000",
    materials_url="https://example.org/materialy",
    sends_thanks=True,
)


def fresh(event_id: int) -> Event:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Event, event_id)


def waiting_event(factory: Factory, people: int, **values: object) -> Event:
    """An event of one place that is taken, with people in line."""
    event = factory.event(capacity=1, **values)
    factory.registration(event)
    for order in range(1, people + 1):
        factory.registration(event, state="waitlisted", waiting_order=order, confirmed_at=None)
    return fresh(event.id)


def set_capacity(event: Event, capacity: int) -> None:
    with transaction() as session:
        session.execute(update(Event).where(Event.id == event.id).values(capacity=capacity))


def states(event_id: int) -> list[tuple[str, bool]]:
    """State of the people in line and whether a place is offered, in the order in which they came."""
    db.session.rollback()
    rows = db.session.execute(
        select(Registration.state, Registration.offer_until)
        .where(Registration.event_id == event_id)
        .order_by(Registration.id)
    )
    return [(row.state, row.offer_until is not None) for row in rows][1:]


def test_every_setting_is_kept_and_the_trail_names_what_changed(factory: Factory, now: datetime) -> None:
    event = factory.event(waiting_list="when_full", updated_at=now - timedelta(days=1))
    account = factory.account(event.organiser)
    outcome = set_sign_up_policy(event.id, EVERYTHING, event.revision, account.id, now)
    assert isinstance(outcome, PolicySet)
    assert outcome.promoted == 0
    saved = fresh(event.id)
    assert policy_of(saved) == EVERYTHING
    assert (saved.revision, saved.sequence, saved.updated_at) == (2, 0, now)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.account_id, entry.event_id) == ("sign_up_rules_changed", account.id, event.id)
    assert entry.detail is not None
    assert entry.detail["fields"] == list(outcome.changed)
    assert "um.krakow.pl" not in str(entry.detail)
    assert len(outcome.changed) == 12
    assert db.session.scalars(select(EventChange)).all() == []


def test_saving_what_stands_there_changes_nothing(factory: Factory, now: datetime) -> None:
    event = factory.event()
    assert isinstance(set_sign_up_policy(event.id, policy_of(event), 1, None, now), NothingChanged)
    assert fresh(event.id).revision == 1
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_a_stale_page_writes_nothing(factory: Factory, now: datetime) -> None:
    event = factory.event()
    first = set_sign_up_policy(event.id, replace(policy_of(event), approval=True), 1, None, now)
    assert isinstance(first, PolicySet)
    outcome = set_sign_up_policy(event.id, EVERYTHING, 1, None, now)
    assert isinstance(outcome, ChangedMeanwhile)
    saved = fresh(event.id)
    assert (saved.approval, saved.waiting_list, saved.revision) == (True, "off", 2)


def test_an_archived_or_deleted_event_takes_no_rules(factory: Factory, now: datetime) -> None:
    event = factory.event(state="archived")
    assert isinstance(set_sign_up_policy(event.id, EVERYTHING, 1, None, now), Gone)
    assert isinstance(set_sign_up_policy(event.id + 1000, EVERYTHING, 1, None, now), Gone)
    assert fresh(event.id).approval is False


@pytest.mark.parametrize("change", [{"waiting_list": "always"}, {"promotion": "by_hand"}])
def test_free_places_go_to_the_people_in_line_when_the_rules_leave_them_to_it(
    factory: Factory, now: datetime, change: dict[str, str]
) -> None:
    event = waiting_event(factory, 3, **{"waiting_list": "when_full", "promotion": "at_once", **change})
    set_capacity(event, 3)
    policy = replace(policy_of(event), waiting_list="when_full", promotion="at_once")
    outcome = set_sign_up_policy(event.id, policy, event.revision, None, now)
    assert isinstance(outcome, PolicySet)
    assert outcome.promoted == 2
    assert states(event.id) == [("confirmed", False), ("confirmed", False), ("waitlisted", False)]
    after = fresh(event.id)
    assert (after.places_taken, after.waiting_count) == (3, 1)
    assert len(db.session.scalars(select(Mail)).all()) == 2
    assert db.session.scalars(select(AuditEntry.detail)).one()["promoted"] == 2


def test_free_places_are_offered_when_the_rules_say_so(factory: Factory, now: datetime) -> None:
    event = waiting_event(factory, 2, waiting_list="always")
    set_capacity(event, 2)
    policy = replace(policy_of(event), waiting_list="when_full", promotion="offer", offer_hours=8)
    outcome = set_sign_up_policy(event.id, policy, event.revision, None, now)
    assert isinstance(outcome, PolicySet)
    assert outcome.promoted == 1
    assert states(event.id) == [("waitlisted", True), ("waitlisted", False)]


def test_switching_the_waiting_list_off_throws_nobody_out(factory: Factory, now: datetime) -> None:
    event = waiting_event(factory, 2, waiting_list="when_full")
    outcome = set_sign_up_policy(event.id, replace(policy_of(event), waiting_list="off"), event.revision, None, now)
    assert isinstance(outcome, PolicySet)
    assert outcome.promoted == 0
    assert states(event.id) == [("waitlisted", False), ("waitlisted", False)]
    assert db.session.scalars(select(Mail)).all() == []


def test_a_copy_takes_the_rules_over_but_for_the_materials(factory: Factory, now: datetime) -> None:
    event = factory.event()
    set_sign_up_policy(event.id, EVERYTHING, 1, None, now)
    copy = copy_event(event.id, None, "", now)
    assert copy is not None
    copied = fresh(copy.id)
    assert policy_of(copied) == replace(EVERYTHING, materials_url="")
    assert (copied.revision, copied.waiting_count, copied.places_taken) == (1, 0, 0)
