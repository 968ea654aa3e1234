"""One person's sign-up for one event, the group she came in, and an address that is being changed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, literal_column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventreg.clock import now_utc
from eventreg.database import Base, UTCDateTime
from eventreg.events.models import Event
from eventreg.organisers.models import Account


class Registration(Base):
    """A person signed up for an event.

    Unique by (event, address, name): several persons may share an office's mailbox. A cancelled registration stays
    (it can be undone); signing up again with the same name and address brings the same row back to life.
    States: registrations.standing_rules. Whoever `holds_place` is counted in the event's `places_taken`: the
    confirmed, a waiting person who was offered a place, and an unconfirmed one for whom it is held.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("event_id", "address_key", "name_key"),
        CheckConstraint(
            "state IN ('unconfirmed', 'pending', 'confirmed', 'waitlisted', 'declined', 'cancelled')", name="state"
        ),
        CheckConstraint("state <> 'confirmed' OR holds_place", name="confirmed_holds_place"),
        CheckConstraint(
            "state NOT IN ('pending', 'declined', 'cancelled') OR NOT holds_place", name="others_hold_no_place"
        ),
        CheckConstraint("(state = 'waitlisted') = (waiting_order IS NOT NULL)", name="waiting_order"),
        CheckConstraint(
            "state = 'waitlisted' AND holds_place = (offer_until IS NOT NULL) "
            "OR state <> 'waitlisted' AND offer_until IS NULL",
            name="offer",
        ),
        CheckConstraint("(state = 'unconfirmed') = (hold_until IS NOT NULL)", name="hold"),
        CheckConstraint("category IN ('participant', 'speaker', 'guest', 'media')", name="category"),
        Index("ix_registrations_list", "event_id", "state", "sort_key"),
        Index("ix_registrations_quota", "event_id", "quota_key"),
        Index("ix_registrations_waiting", "event_id", "waiting_order"),
        Index("ix_registrations_offer", "offer_until"),
        Index("ix_registrations_hold", "hold_until"),
        Index("ix_registrations_address", "address_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    state: Mapped[str] = mapped_column(String(12), default="confirmed")
    holds_place: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(120))  # as the person typed it, tidied
    name_key: Mapped[str] = mapped_column(String(240))  # registrations.name_rules.name_key
    surname: Mapped[str] = mapped_column(String(120))  # guessed; the organiser may correct it
    sort_key: Mapped[str] = mapped_column(String(500))  # registrations.name_rules.sort_key
    academic_title: Mapped[str] = mapped_column(String(60), default="")  # 'dr hab.', on lists and badges
    category: Mapped[str] = mapped_column(String(12), default="participant")
    email: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254))  # lower case: the same mailbox
    quota_key: Mapped[str] = mapped_column(String(254))  # plus and dot variants folded: caps count on it
    language: Mapped[str] = mapped_column(String(2), default="pl")  # of the page signed up on: mails speak it
    source: Mapped[str] = mapped_column(String(10), default="web")  # web, panel (by hand), import
    channel: Mapped[str] = mapped_column(String(12), default="")  # by hand: telephone, letter, mail, in_person, walk_in
    case_number: Mapped[str] = mapped_column(String(60), default="")  # of the letter in the office's register
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("information_clauses.id"))  # the version shown
    group_id: Mapped[int | None] = mapped_column(ForeignKey("registration_groups.id", ondelete="SET NULL"), index=True)
    stands_for_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id", ondelete="SET NULL"), index=True)
    uid: Mapped[str] = mapped_column(String(120), unique=True)  # of the invitation, for life
    ical_sequence: Mapped[int] = mapped_column(default=0)  # of the last invitation, update or cancel written
    sent_sequence: Mapped[int | None] = mapped_column()  # of the last one that left; None: none did
    sent_sequence_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    link_key: Mapped[str] = mapped_column(String(40), unique=True)  # in the signed link to the own page
    waiting_order: Mapped[int | None] = mapped_column()  # in line: the smallest comes first
    offer_until: Mapped[datetime | None] = mapped_column(UTCDateTime)  # a place is offered and held until then
    hold_until: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the address has to be confirmed until then
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # since when the place is hers: she was invited
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # or declined
    cancelled_by: Mapped[str | None] = mapped_column(String(12))  # place_keeping.cancelled_values
    reason: Mapped[str] = mapped_column(String(400), default="")  # of a decision or cancellation; the person reads it
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attended: Mapped[bool | None] = mapped_column()  # None: nobody has said
    note: Mapped[str] = mapped_column(String(2000), default="")  # for the office's eyes
    # Both rise with every UPDATE of the row, whoever writes it: calendars are told by them that something changed.
    revision: Mapped[int] = mapped_column(default=1, onupdate=literal_column("revision + 1"))
    updated_at: Mapped[datetime | None] = mapped_column(UTCDateTime, onupdate=now_utc)  # None: not since it was made

    event: Mapped[Event] = relationship()
    group: Mapped["RegistrationGroup | None"] = relationship()
    stands_for: Mapped["Registration | None"] = relationship(remote_side="Registration.id")
    decided_by: Mapped[Account | None] = relationship()


class RegistrationGroup(Base):
    """The people whom one mailbox signed up for an event in one go; the contact has a page of her own for them."""

    __tablename__ = "registration_groups"
    __table_args__ = (
        UniqueConstraint("event_id", "address_key"),
        Index("ix_registration_groups_quota", "event_id", "quota_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254), index=True)
    quota_key: Mapped[str] = mapped_column(String(254))  # plus and dot variants folded: the contact's cap counts on it
    language: Mapped[str] = mapped_column(String(2), default="pl")
    link_key: Mapped[str] = mapped_column(String(40), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    event: Mapped[Event] = relationship()


class PersonalCalendar(Base):
    """The address of a calendar with all events of one person, as address and name tell her (abuse 32).

    Revoking it gives it a new key, switching it off deletes the row.
    """

    __tablename__ = "personal_calendars"
    __table_args__ = (UniqueConstraint("address_key", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_key: Mapped[str] = mapped_column(String(254))
    name_key: Mapped[str] = mapped_column(String(240))
    link_key: Mapped[str] = mapped_column(String(40), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AddressChange(Base):
    """A new address for a registration; it counts when both mailboxes have confirmed (abuse 27)."""

    __tablename__ = "address_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"), index=True)
    new_email: Mapped[str] = mapped_column(String(254))
    old_link_key: Mapped[str] = mapped_column(String(40), unique=True)
    new_link_key: Mapped[str] = mapped_column(String(40), unique=True)
    old_confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    new_confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ImportDraft(Base):
    """An uploaded list whose preview is being looked at; deleted when it is imported, given up or a day old."""

    __tablename__ = "import_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
