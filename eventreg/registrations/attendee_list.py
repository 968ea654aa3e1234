"""What the panel's list of registrations shows: figures, the chart, one page of people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from eventreg.database import db
from eventreg.events.listing_rules import matches_search, page_count, search_words
from eventreg.events.models import Event
from eventreg.registrations import queries
from eventreg.registrations.attendee_list_rules import (
    ROWS_PER_PAGE,
    Bar,
    first_day_of_chart,
    read_page,
    sign_ups_per_day,
)
from eventreg.registrations.models import Registration
from eventreg.registrations.person_page import state_of_invitation


@dataclass(frozen=True, slots=True)
class ListWish:
    """What somebody wants to see: part of names or addresses, a state and a category or all, the order, the page."""

    search: str
    state: str | None
    newest_first: bool
    page: str
    category: str | None = None
    lacks_invitation: bool = False  # only those whose newest invitation has not left yet


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands above the list."""

    by_state: Mapping[str, int]  # how many people stand where; a state without anybody is left out
    offered: int  # places held for people in line to whom they are offered
    held: int  # places held until an address is confirmed
    chart: list[Bar]
    lacking_invitation: int = 0  # people whose newest invitation, update or cancel has not left yet

    @property
    def confirmed(self) -> int:
        """People who have their places."""
        return self.by_state.get("confirmed", 0)


@dataclass(frozen=True, slots=True)
class ListLine:
    """One row: the person, how many share the address, occasion and state of her newest mail, her position in line."""

    registration: Registration
    sharing: int
    last_mail: tuple[str, str] | None
    position: int = 0  # in line, from 1; 0: not in line

    @property
    def lacks_invitation(self) -> bool:
        """Whether her newest invitation, update or cancel has not left yet."""
        return state_of_invitation(self.registration).lacks_newest


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of the list; `found` counts all pages."""

    lines: list[ListLine]
    found: int
    page: int
    pages: int


def figures_of(event: Event, now: datetime) -> Figures:
    """Counts by state and sign-ups per day."""
    counts, holding = queries.state_counts(event.id), queries.state_counts(event.id, placed_only=True)
    moments = queries.sign_up_moments(event.id, first_day_of_chart(now, event.time_zone))
    return Figures(
        by_state=counts,
        offered=holding.get("waitlisted", 0),
        held=holding.get("unconfirmed", 0),
        chart=sign_ups_per_day(moments, now, event.time_zone),
        lacking_invitation=count_lacking_invitation(event.id),
    )


def count_lacking_invitation(event_id: int) -> int:
    """How many people's newest invitation, update or cancel has not left yet."""
    lacking = select(func.count()).where(Registration.event_id == event_id, _lacks_newest_invitation())
    return db.session.scalar(lacking) or 0


def _lacks_newest_invitation() -> ColumnElement[bool]:
    """What `InvitationState.lacks_newest` (registrations.invitation_standing_rules) says of a row."""
    return or_(
        Registration.sent_sequence < Registration.ical_sequence,
        and_(Registration.state == "confirmed", Registration.sent_sequence.is_(None)),
    )


def page_of_list(event: Event, wish: ListWish) -> ListPage:
    """The wished page. A search folds case and diacritics, so it happens here and not in the database."""
    only = [_lacks_newest_invitation()] if wish.lacks_invitation else []
    marks = queries.list_marks(event.id, wish.state, wish.category, *only, newest_first=wish.newest_first)
    words = search_words(wish.search)
    ids = [id_ for id_, name, email in marks if not words or matches_search(words, (name, email))]
    pages = page_count(len(ids), ROWS_PER_PAGE)
    page = read_page(wish.page, pages)
    shown = ids[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]
    return ListPage(_lines(event, shown), len(ids), page, pages)


def _lines(event: Event, ids: list[int]) -> list[ListLine]:
    registrations = queries.registrations_by_ids(ids)
    sharing = queries.live_counts_of_addresses(event.id, [row.address_key for row in registrations])
    mails = queries.last_mails(event.id, registrations)
    in_line = any(row.state == "waitlisted" and not row.holds_place for row in registrations)
    positions = queries.waiting_positions(event.id) if in_line else {}
    return [
        ListLine(row, sharing.get(row.address_key, 0), mails.get(row.id), positions.get(row.id, 0))
        for row in registrations
    ]
