"""What a full house is built with: events, the people who come, and the addresses of the pages about them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.links import signed_token
from eventreg.organisers.models import Account, Organiser
from eventreg.questions.question_rules import GivenAnswer
from eventreg.registrations.models import Registration
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import SignUpRequest
from tests.factories import Factory

PLAIN_LETTERS = str.maketrans("ąćęłńóśźżŁŚŻĆ", "acelnoszzLSZC")


@dataclass(frozen=True)
class House:
    """Addresses of pages, by a name for the one who reads which of them is wrong."""

    public: dict[str, str]
    panel: dict[str, str]


class Builder:
    """Fills the site and notes where its pages are."""

    def __init__(self, organiser: Organiser, account: Account, now: datetime) -> None:
        self.factory = Factory(now)
        self.organiser_id, self.account_id, self.now = organiser.id, account.id, now
        self.public: dict[str, str] = {}
        self.panel: dict[str, str] = {}

    def event(self, slug: str, title: str, **values: object) -> Event:
        """An event with its public page; of the organiser whose panel is looked at."""
        organiser = db.session.get_one(Organiser, self.organiser_id)
        event = self.factory.event(organiser, slug=f"house-{slug}", title=title, **values)
        self.public[f"event, {slug}"] = f"/events/{event.slug}"
        return event

    def come(self, event: Event, *names: str, answers: tuple[GivenAnswer, ...] = ()) -> list[Registration]:
        """People who sign up through the public form."""
        for name in names:
            email = name.split()[-1].lower().translate(PLAIN_LETTERS) + "@example.org"
            sign_up(event.id, SignUpRequest(name, email, "pl", answers=answers), self.now)
        db.session.rollback()
        found = db.session.scalars(
            select(Registration).where(Registration.event_id == event.id).order_by(Registration.id)
        )
        return list(found)[-len(names) :]

    def own(self, what: str, registration: Registration) -> str:
        """The personal page of somebody."""
        address = f"/registrations/{signed_token('registration', registration.link_key)}"
        self.public[f"own page, {what}"] = address
        return address

    def of_event(self, event: Event, **paths: str) -> None:
        """Pages of the panel about an event."""
        for what, path in paths.items():
            self.panel[f"{what}, {event.slug}"] = f"/panel/events/{event.slug}/{path}"
