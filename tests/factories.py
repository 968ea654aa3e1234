"""Rows for tests, with sensible values for everything a test does not care about."""

import secrets
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import func, select, update

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.external_calendars.models import ExternalCalendar, ExternalEvent
from eventreg.organisers.models import ADMINISTRATOR, Account, Membership, Organiser, Role
from eventreg.outbox.models import Mail
from eventreg.privacy.models import InformationClause
from eventreg.registrations.address_rules import address_key, quota_key
from eventreg.registrations.models import Registration
from eventreg.registrations.name_rules import name_key, sort_key, surname_of
from eventreg.registrations.registration_mails import tell_standing

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

Row = TypeVar("Row")


class Factory:
    """Makes and stores rows. `now` is the moment the test lives in."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.count = 0

    def _store(self, row: Row) -> Row:
        with transaction() as session:
            session.add(row)
        return row

    def _number(self) -> int:
        self.count += 1
        return self.count

    def organiser(self, **values: Any) -> Organiser:
        """An organiser with an information clause."""
        number = self._number()
        organiser = Organiser(
            **{
                "slug": f"organiser-{number}",
                "name": f"Urząd Przykładowy {number}",
                "kind": "public_body",
                "contact_email": f"biuro{number}@example.org",
                "created_at": self.now,
                **values,
            }
        )
        self._store(organiser)
        clause = self._store(
            InformationClause(
                organiser_id=organiser.id,
                version=1,
                text_pl="Klauzula.",
                text_en="Clause.",
                created_at=self.now,
            )
        )
        with transaction():
            organiser = db.session.merge(organiser)
            organiser.current_clause_id = clause.id
        return organiser

    def account(self, organiser: Organiser | None = None, role: str = "owner", **values: Any) -> Account:
        """Somebody who can sign in, with a role for the organiser."""
        number = self._number()
        account = self._store(
            Account(
                **{
                    "email": f"konto{number}@example.org",
                    "name": f"Osoba {number}",
                    "fs_uniquifier": secrets.token_hex(16),
                    "created_at": self.now,
                    **values,
                }
            )
        )
        if organiser is not None:
            self._store(Membership(account_id=account.id, organiser_id=organiser.id, role=role))
        return account

    def administrator(self, **values: Any) -> Account:
        """The one who cares for the site."""
        account = self.account(**values)
        with transaction() as session:
            role = session.scalar(select(Role).where(Role.name == ADMINISTRATOR)) or Role(name=ADMINISTRATOR)
            session.add(role)
            account = session.merge(account)
            account.roles.append(role)
        return account

    def event(self, organiser: Organiser | None = None, **values: Any) -> Event:
        """A published workshop in seventeen days, 12:00-13:30 in Proszowice, 30 places."""
        number = self._number()
        organiser = organiser or self.organiser()
        start = self.now.replace(hour=11, minute=0) + timedelta(days=17)
        event = Event(
            **{
                "slug": f"warsztaty-{number}",
                "uid": f"event-{secrets.token_hex(16)}@localhost",
                "organiser_id": organiser.id,
                "state": "published",
                "kind": "workshop",
                "title": f"Warsztaty {number}",
                "starts_at": start,
                "ends_at": start + timedelta(minutes=90),
                "venue": "Urząd Miasta Proszowice",
                "street": "ul. 3 Maja 72",
                "postal_code": "32-100",
                "city": "Proszowice",
                "capacity": 30,
                "waiting_list": "off",
                "created_at": self.now,
                "updated_at": self.now,
                "published_at": None if values.get("state") == "draft" else self.now,
                **values,
            }
        )
        return self._store(event)

    def external_calendar(self, organiser: Organiser | None = None, **values: Any) -> ExternalCalendar:
        """A calendar that was read an hour ago and whose events are all shown."""
        number = self._number()
        organiser = organiser or self.organiser()
        calendar = ExternalCalendar(
            **{
                "organiser_id": organiser.id,
                "name": f"Związek Miast {number}",
                "feed_url": f"https://zwiazek{number}.example.org/kalendarz.ics",
                "shows": "all",
                "outcome": "read",
                "checked_at": self.now - timedelta(hours=1),
                "succeeded_at": self.now - timedelta(hours=1),
                "next_check_at": self.now + timedelta(minutes=5),
                "created_at": self.now - timedelta(days=1),
                **values,
            }
        )
        return self._store(calendar)

    def external_event(self, calendar: ExternalCalendar, **values: Any) -> ExternalEvent:
        """An event of somebody else in eighteen days, 12:00-13:30 in Tarnów, shown to visitors."""
        number = self._number()
        start = values.get("starts_at", self.now.replace(hour=11, minute=0) + timedelta(days=18))
        event = ExternalEvent(
            **{
                "calendar_id": calendar.id,
                "source_key": f"{number:064d}",
                "uid": f"external-{secrets.token_hex(16)}@localhost",
                "title": f"Zjazd {number}",
                "place": "Rynek 1, Tarnów",
                "url": f"https://zwiazek.example.org/wydarzenia/{number}",
                "starts_at": start,
                "ends_at": start + timedelta(minutes=90),
                "shown": True,
                "changed_at": self.now,
                **values,
            }
        )
        return self._store(event)

    def registration(self, event: Event, **values: Any) -> Registration:
        """A confirmed person who holds a place (unless the state says otherwise)."""
        number = self._number()
        holds_place = values.get("holds_place", values.get("state", "confirmed") == "confirmed")
        name = values.pop("name", f"Anna Kowalska {chr(ord('a') + number % 26)}{number}")
        email = values.pop("email", f"osoba{number}@example.org")
        surname = surname_of(name)
        registration = Registration(
            **{
                "event_id": event.id,
                "state": "confirmed",
                "holds_place": holds_place,
                "name": name,
                "name_key": name_key(name),
                "surname": surname,
                "sort_key": sort_key(surname, name),
                "email": email,
                "address_key": address_key(email),
                "quota_key": quota_key(email),
                "uid": f"{secrets.token_hex(16)}@localhost",
                "link_key": secrets.token_urlsafe(16),
                "created_at": self.now,
                "confirmed_at": self.now,
                **values,
            }
        )
        with transaction() as session:
            session.add(registration)
            waits = registration.state == "waitlisted" and not holds_place
            session.execute(
                Event.__table__.update()  # type: ignore[attr-defined]  # a Table
                .where(Event.id == event.id)
                .values(
                    places_taken=Event.places_taken + int(holds_place),
                    waiting_count=Event.waiting_count + int(waits),
                )
            )
        db.session.refresh(event)
        return registration


def sign_in(app: "Flask", account: Account) -> "FlaskClient":
    """A client with the session of an account, as if the person had signed in just now."""
    client = app.test_client()
    with client.session_transaction("/panel/") as session:
        session["_user_id"] = account.fs_uniquifier
        session["_fresh"] = True
        session["_permanent"] = True
        session["fs_cc"] = "set"
        session["fs_paa"] = time.time()
        session["identity.id"] = account.fs_uniquifier
    return client


def confirm_sign_up(event: Event, registration: Registration, now: datetime) -> int:
    """Queue the first mail of a registration, as signing up does; the id of the mail."""
    with transaction() as session:
        session.execute(update(Registration).where(Registration.id == registration.id).values(ical_sequence=0))
        session.refresh(registration)
        tell_standing(event, [registration], now, is_new=True)
        return session.scalars(select(func.max(Mail.id))).one()
