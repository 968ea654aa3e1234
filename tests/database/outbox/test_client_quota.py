"""Abuse 15: what one client can make the site send, whatever the event; an office is one client."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from eventreg.client_marks import asking_client
from eventreg.database import db, transaction
from eventreg.outbox import client_quota
from eventreg.outbox.models import ClientForms, Mail
from eventreg.outbox.retry_rules import CLIENT_WINDOW, FORMS_PER_CLIENT
from eventreg.registrations.group_sign_up import sign_up_group
from eventreg.registrations.group_sign_up_rules import GroupPerson, GroupRequest
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import Confirmed, SignUpRequest, Source
from tests.factories import Factory


@pytest.fixture
def limited(each_database: Flask) -> Iterator[Flask]:
    """Rate limits on, as on a real site."""
    each_database.config["RATELIMIT_ENABLED"] = True
    yield each_database
    each_database.config["RATELIMIT_ENABLED"] = False


@contextmanager
def form_from(app: Flask, address: str, path: str = "/events/x", method: str = "POST") -> Iterator[None]:
    with app.app_context(), app.test_request_context(path, method=method, environ_base={"REMOTE_ADDR": address}):
        yield


def ask(number: int) -> SignUpRequest:
    return SignUpRequest(f"Anna Nowak {chr(97 + number)}", f"osoba{number}@example.org", "pl", source=Source.WEB)


def forms() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(ClientForms.forms)))


def waits(now: datetime) -> list[timedelta]:
    db.session.rollback()
    return [mail.next_try_at - now for mail in db.session.scalars(select(Mail).order_by(Mail.id))]


def test_abuse_15_above_the_clients_quota_the_mail_waits_and_the_sign_up_stands(
    limited: Flask, factory: Factory, now: datetime
) -> None:
    event_id = factory.event().id
    with form_from(limited, "198.51.100.7"):
        assert isinstance(sign_up(event_id, ask(1), now), Confirmed)
    with transaction() as session:
        session.execute(update(ClientForms).values(forms=FORMS_PER_CLIENT - 1))
    for number in (2, 3):
        with form_from(limited, "198.51.100.7"):
            assert isinstance(sign_up(event_id, ask(number), now), Confirmed)
    with form_from(limited, "198.51.100.8"):
        assert isinstance(sign_up(event_id, ask(4), now), Confirmed)
    assert waits(now) == [timedelta(0), timedelta(0), CLIENT_WINDOW, timedelta(0)]


def test_abuse_15_it_counts_over_all_events(limited: Flask, factory: Factory, now: datetime) -> None:
    for number in range(3):
        with form_from(limited, "198.51.100.7"):
            sign_up(factory.event().id, ask(number), now)
    assert forms() == [3]


def test_a_group_counts_once(limited: Flask, factory: Factory, now: datetime) -> None:
    people = tuple(GroupPerson(f"Anna Nowak {letter}", f"{letter}@example.org") for letter in "abcdef")
    with form_from(limited, "198.51.100.7"):
        sign_up_group(factory.event().id, GroupRequest("sekretariat@example.org", "pl", people, True), now)
    assert forms() == [1]
    assert len(waits(now)) == 7


def test_the_panel_the_worker_and_load_tests_are_no_clients(limited: Flask, factory: Factory, now: datetime) -> None:
    event_id = factory.event().id
    sign_up(event_id, ask(1), now)
    with form_from(limited, "198.51.100.7", "/panel/events/x/registrations/add"):
        sign_up(event_id, ask(2), now)
    limited.config["RATELIMIT_ENABLED"] = False
    with form_from(limited, "198.51.100.7"):
        sign_up(event_id, ask(3), now)
    assert forms() == []


def test_abuse_26_what_is_kept_names_no_client_and_is_gone_after_a_day(
    limited: Flask, factory: Factory, now: datetime
) -> None:
    with form_from(limited, "198.51.100.7"):
        sign_up(factory.event().id, ask(1), now)
        today, tomorrow = asking_client(now), asking_client(now + timedelta(days=1))
    assert today != tomorrow
    db.session.rollback()
    kept = db.session.scalars(select(ClientForms)).one()
    assert kept.mark == today
    assert len(kept.mark) == 32
    assert client_quota.forget_clients(now + timedelta(hours=23)) == 0
    assert client_quota.forget_clients(now + timedelta(hours=26)) == 1
    assert forms() == []
