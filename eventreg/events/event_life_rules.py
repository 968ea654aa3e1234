"""When an event may be published, what is missing on its page, and what deleting it means."""

from datetime import datetime
from enum import StrEnum

from eventreg.events.event_rules import EventFields


class PublishingObstacle(StrEnum):
    """Why an event cannot be published as it stands."""

    NO_CLAUSE = "no_clause"
    ALREADY_OVER = "already_over"
    SIGN_UP_CLOSED = "sign_up_closed"
    NOT_A_DRAFT = "not_a_draft"


class PublishingWarning(StrEnum):
    """What is allowed, but should be put right."""

    NO_ACCESSIBILITY = "no_accessibility"
    NO_RESPONSIBLE_PERSON = "no_responsible_person"
    NO_PROGRAMME = "no_programme"
    NO_ACCESS_DEADLINE = "no_access_deadline"


def publishing_obstacles(
    event: EventFields, state: str, has_clause: bool, now: datetime
) -> tuple[PublishingObstacle, ...]:
    """What forbids publishing, most important first.

    RODO art. 13: nobody may be asked for a name before the information clause stands on the page.
    """
    obstacles = []
    if state != "draft":
        obstacles.append(PublishingObstacle.NOT_A_DRAFT)
    takes_sign_ups = event.sign_up_mode == "here"
    if takes_sign_ups and not has_clause:
        obstacles.append(PublishingObstacle.NO_CLAUSE)
    if event.ends_at <= now:
        obstacles.append(PublishingObstacle.ALREADY_OVER)
    elif takes_sign_ups and event.sign_up_closes_at is not None and event.sign_up_closes_at <= now:
        obstacles.append(PublishingObstacle.SIGN_UP_CLOSED)
    return tuple(obstacles)


def publishing_warnings(event: EventFields, has_publication_record: bool) -> tuple[PublishingWarning, ...]:
    """What the law wants told on the page and is not yet there (duties.md); it does not stop publishing.

    `has_publication_record` is whether the organiser shows a 'metryczka' at all.
    """
    warnings = []
    at_a_place = event.attendance in ("place", "hybrid")
    if at_a_place and not event.venue_accessibility.strip():
        warnings.append(PublishingWarning.NO_ACCESSIBILITY)
    if event.access_contact_until is None:
        warnings.append(PublishingWarning.NO_ACCESS_DEADLINE)
    if has_publication_record and not event.responsible_person.strip():
        warnings.append(PublishingWarning.NO_RESPONSIBLE_PERSON)
    if not event.programme.strip():
        warnings.append(PublishingWarning.NO_PROGRAMME)
    return tuple(warnings)


class RemovalKind(StrEnum):
    """What 'delete' means for an event."""

    DELETE = "delete"
    ARCHIVE = "archive"
    CANCEL_FIRST = "cancel_first"


def removal_of(
    state: str, registrations: int, live_registrations: int, ends_at: datetime, now: datetime
) -> RemovalKind:
    """How an event may go: without registrations it is deleted; with some it is kept in the archive.

    While people are signed up for a published event that is still to come, it has to be cancelled first, so
    that they are told.
    """
    if registrations == 0:
        return RemovalKind.DELETE
    if state == "published" and live_registrations and ends_at > now:
        return RemovalKind.CANCEL_FIRST
    return RemovalKind.ARCHIVE
