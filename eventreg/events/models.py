"""The event and the record of its publication."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventreg.database import Base, UTCDateTime
from eventreg.organisers.models import Account, Organiser
from eventreg.series.models import Edition, Series


class Event(Base):
    """A workshop, conference, mission, visit ... that people come to.

    `revision` rises with every saved change (caches hang on it); `sequence` only with what calendars must be told
    (RFC 5545, 3.8.7.4). `places_taken` counts live registrations that hold a place and is changed by conditional
    UPDATE alone, never from a loaded object.
    """

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'cancelled', 'archived')", name="state"),
        CheckConstraint(
            "kind IN ('workshop', 'training', 'conference', 'mission', 'visit', 'meeting', 'exchange', 'webinar')",
            name="kind",
        ),
        CheckConstraint("attendance IN ('place', 'online', 'hybrid')", name="attendance"),
        CheckConstraint("sign_up_mode IN ('here', 'elsewhere', 'open_entry')", name="sign_up_mode"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("places_taken >= 0", name="places_taken"),
        CheckConstraint("capacity IS NULL OR capacity >= 1", name="capacity"),
        CheckConstraint("cap_per_address >= 1", name="cap_per_address"),
        CheckConstraint("waiting_count >= 0", name="waiting_count"),
        CheckConstraint("waiting_list IN ('off', 'when_full', 'always')", name="waiting_list"),
        CheckConstraint("promotion IN ('at_once', 'offer', 'by_hand')", name="promotion"),
        Index("ix_events_listing", "state", "listed", "ends_at"),
        Index("ix_events_organiser", "organiser_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    uid: Mapped[str] = mapped_column(String(120), unique=True)  # the event's own UID in feeds
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organisers.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id", ondelete="SET NULL"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    listed: Mapped[bool] = mapped_column(default=True)  # False: only who has the address sees it; in no list or feed
    kind: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(2), default="pl")  # of what the organiser wrote

    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(400), default="")  # one sentence under the title
    programme: Mapped[str] = mapped_column(Text, default="")  # Markdown: programme, people, all the long text
    audience: Mapped[str] = mapped_column(String(300), default="")  # for whom
    cost: Mapped[str] = mapped_column(String(200), default="")  # empty: free of charge
    funding: Mapped[str] = mapped_column(String(400), default="")  # 'co-financed by ...'
    partners: Mapped[str] = mapped_column(String(400), default="")  # co-organisers, in one line

    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    time_zone: Mapped[str] = mapped_column(String(60), default="Europe/Warsaw")
    all_day: Mapped[bool] = mapped_column(default=False)

    attendance: Mapped[str] = mapped_column(String(8), default="place")
    venue: Mapped[str] = mapped_column(String(200), default="")
    room: Mapped[str] = mapped_column(String(200), default="")  # room, floor, entrance
    street: Mapped[str] = mapped_column(String(200), default="")
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    country: Mapped[str] = mapped_column(String(100), default="")  # empty: Poland
    online_url: Mapped[str] = mapped_column(String(500), default="")  # told to participants only
    venue_accessibility: Mapped[str] = mapped_column(Text, default="")  # act of 19 July 2019, art. 6(3)
    access_contact_until: Mapped[datetime | None] = mapped_column(UTCDateTime)  # until when to tell one's needs

    capacity: Mapped[int | None] = mapped_column()  # None: as many as come
    places_taken: Mapped[int] = mapped_column(default=0)
    sign_up_mode: Mapped[str] = mapped_column(String(12), default="here")
    sign_up_url: Mapped[str] = mapped_column(String(500), default="")  # where, when elsewhere
    sign_up_opens_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # None: from publication on
    sign_up_closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # None: until the start
    cap_per_address: Mapped[int] = mapped_column(default=10)  # live registrations one mailbox may hold

    # How sign-ups are taken (events.sign_up_policy_rules); set on a page of its own.
    waiting_count: Mapped[int] = mapped_column(default=0)  # people in line without an offer; kept like places_taken
    waiting_list: Mapped[str] = mapped_column(String(10), default="when_full")
    promotion: Mapped[str] = mapped_column(String(10), default="at_once")  # how a freed place goes to the next in line
    offer_hours: Mapped[int] = mapped_column(default=16)  # working hours to take an offered place
    approval: Mapped[bool] = mapped_column(default=False)  # sign-ups wait for the organiser's decision
    confirm_hours: Mapped[int | None] = mapped_column()  # a place is held so long for the address to be confirmed
    allowed_domains: Mapped[str] = mapped_column(String(1000), default="")  # 'um.krakow.pl *.gov.pl'; empty: all
    group_limit: Mapped[int] = mapped_column(default=10)  # people in one go; 1: everybody alone
    # Days and hours before the start; None: no such reminder. A None that is given must not become the default.
    remind_days: Mapped[int | None] = mapped_column(Integer().evaluates_none(), default=1)
    remind_hours: Mapped[int | None] = mapped_column(Integer().evaluates_none(), default=2)
    day_phone: Mapped[str] = mapped_column(String(60), default="")  # whom to ring on the day
    materials_url: Mapped[str] = mapped_column(String(500), default="")
    sends_thanks: Mapped[bool] = mapped_column(default=False)  # after the event, to those who came

    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")  # empty: the organiser's
    contact_phone: Mapped[str] = mapped_column(String(60), default="")

    responsible_person: Mapped[str] = mapped_column(String(200), default="")  # metryczka: who answers for the content
    editor_name: Mapped[str] = mapped_column(String(200), default="")  # metryczka: who entered it
    publisher_name: Mapped[str] = mapped_column(String(200), default="")  # metryczka: who pressed 'publish'
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancel_reason: Mapped[str] = mapped_column(String(400), default="")
    revision: Mapped[int] = mapped_column(default=1)
    sequence: Mapped[int] = mapped_column(default=0)
    is_sample: Mapped[bool] = mapped_column(default=False)

    organiser: Mapped[Organiser] = relationship(lazy="joined", innerjoin=True)
    series: Mapped[Series | None] = relationship()
    edition: Mapped[Edition | None] = relationship()
    changes: Mapped[list["EventChange"]] = relationship(
        back_populates="event", order_by="EventChange.id.desc()", cascade="all, delete-orphan"
    )


class FormerSlug(Base):
    """An address an event once had; it redirects for good."""

    __tablename__ = "former_slugs"

    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)


class EventChange(Base):
    """One substantive change after publication (time, place, title, programme, state); rows are only added.

    The publication record's 'Rejestr zmian': access to public information act, art. 8(6).
    """

    __tablename__ = "event_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    what: Mapped[str] = mapped_column(String(20))  # published, withdrawn, cancelled, time, place, title, programme ...
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # the old values of the changed fields
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    event: Mapped[Event] = relationship(back_populates="changes")
    account: Mapped[Account | None] = relationship()


class PublicVersion(Base):
    """One row: a new random mark whenever anything that lists and calendars tell was saved (events.public_version)."""

    __tablename__ = "public_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(32))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
