"""The one mark by which lists and calendars see that something changed."""

import pytest

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.events.public_version import note_public_change, public_version
from eventreg.organisers.models import Organiser
from eventreg.registrations.models import Registration
from eventreg.series.models import Edition, Series
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")


def _change(factory: Factory, which: str) -> None:
    with transaction() as session:
        event = session.query(Event).one()
        if which == "event":
            event.title = "Inny tytuł"
        elif which == "organiser":
            session.get_one(Organiser, event.organiser_id).name = "Inny urząd"
        elif which == "series":
            session.add(Series(slug="cykl", organiser_id=event.organiser_id, title="Cykl"))
        elif which == "edition":
            session.add(Edition(series_id=session.query(Series).one().id, year=2020))
        elif which == "deleted":
            session.delete(event)
        elif which == "past the ORM":
            note_public_change()


@pytest.mark.parametrize("which", ["event", "organiser", "series", "edition", "deleted", "past the ORM"])
def test_whatever_lists_tell_changes_the_mark(factory: Factory, which: str) -> None:
    factory.event()
    if which == "edition":
        _change(factory, "series")
    before = public_version()
    db.session.rollback()
    _change(factory, which)
    assert public_version().mark != before.mark


def test_a_sign_up_and_an_unchanged_row_leave_the_mark(factory: Factory) -> None:
    event = factory.event()
    before = public_version()
    factory.registration(event)
    with transaction() as session:
        row = session.get_one(Event, event.id)
        row.title = str(row.title)
    assert public_version() == before


def _change_and_fail(event_id: int) -> None:
    with transaction() as session:
        session.get_one(Event, event_id).title = "Nie zapisane"
        session.flush()
        raise ZeroDivisionError


def test_what_is_rolled_back_leaves_the_mark_and_the_next_transaction_alone(factory: Factory) -> None:
    event = factory.event()
    before = public_version()
    with pytest.raises(ZeroDivisionError):
        _change_and_fail(event.id)
    with transaction() as session:
        session.get_one(Registration, factory.registration(event).id).note = "x"
    assert public_version() == before
