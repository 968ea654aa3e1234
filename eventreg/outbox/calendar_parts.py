"""What a mail carries for calendars: an invitation or its cancel, or files to pass on (calendar.md 1-6)."""

from eventreg.calendars.invitation import Invitation, Method, Party, cancel_bytes, publish_bytes, request_bytes
from eventreg.calendars.registration_calendar import invitation_for
from eventreg.outbox.mail_facts import InvitationFacts, RegistrationMailFacts
from eventreg.outbox.message_building import CalendarFile, CalendarPart, file_name_for


def calendar_part(facts: RegistrationMailFacts, to_address: str, language: str) -> CalendarPart | None:
    """The invitation itself, when the mailbox belongs to one registration of the event."""
    if facts.shared or len(facts.people) != 1 or facts.people[0].invitation is None:
        return None
    person, asked = facts.people[0], facts.people[0].invitation
    attendee = Party(person.name, to_address)
    entry = _entry(facts, asked, language)
    writers = {Method.REQUEST: request_bytes, Method.CANCEL: cancel_bytes}
    return CalendarPart(asked.method.value, writers[asked.method](entry, attendee))


def calendar_files(facts: RegistrationMailFacts, language: str) -> tuple[CalendarFile, ...]:
    """For a shared mailbox: one file each to pass on (calendar.md 4a)."""
    if not facts.shared:
        return ()
    files: dict[str, CalendarFile] = {}
    for number, person in enumerate(facts.people, start=1):
        if person.invitation is None:
            continue
        name = file_name_for(person.name, number)
        if name in files:
            name = f"{number}-{name}"
        entry = _entry(facts, person.invitation, language)
        is_off = facts.event.cancelled or person.state != "confirmed"
        files[name] = CalendarFile(name, publish_bytes(entry, cancelled=is_off))
    return tuple(files.values())


def _entry(facts: RegistrationMailFacts, asked: InvitationFacts, language: str) -> Invitation:
    return invitation_for(facts.event, facts.organiser, asked.uid, asked.sequence, asked.dtstamp, language)
