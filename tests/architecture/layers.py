"""Which file stands on which layer of the house plan (docs/architecture.md)."""

GROUND = {
    "eventreg",
    "eventreg.client_marks",
    "eventreg.clock",
    "eventreg.config",
    "eventreg.database",
    "eventreg.extensions",
    "eventreg.http_headers",
    "eventreg.i18n",
    "eventreg.links",
    "eventreg.logs",
    "eventreg.panel_session",
    "eventreg.writer_lane",
}

PURE = {
    "eventreg.calendars.atom_feed",
    "eventreg.calendars.feed",
    "eventreg.calendars.ical_feed",
    "eventreg.calendars.invitation",
    "eventreg.calendars.personal_entry",
    "eventreg.calendars.json_feed",
    "eventreg.exports.attendee_table",
    "eventreg.exports.csv_writing",
    "eventreg.exports.xlsx_writing",
    "eventreg.outbox.facts_reading",
    "eventreg.outbox.mail_facts",
    "eventreg.outbox.message_building",
}

ADAPTERS = {
    "eventreg.events.public_version",
    "eventreg.external_calendars.calendar_fetching",
    "eventreg.outbox.bulk_pace",
    "eventreg.outbox.client_quota",
    "eventreg.outbox.filing",
    "eventreg.outbox.holding",
    "eventreg.outbox.mail_quotas",
    "eventreg.outbox.queue",
    "eventreg.outbox.sent_sequences",
    "eventreg.outbox.smtp_delivery",
    "eventreg.registrations.place_keeping",
}

EDGE = {"eventreg.error_pages"}

WIRING = {
    "eventreg.application",
    "eventreg.cli",
    "eventreg.serving",
    "eventreg.supervising",
    "eventreg.worker",
}

PURE_LIBRARIES = {
    "babel",
    "email_validator",
    "holidays",
    "icalendar",
    "markdown_it",
    "nh3",
    "openpyxl",
    "segno",
    "xlsxwriter",
    "tzdata",
}
"""What rules may import beside the standard library and each other."""

SHARED_NAMES = {"__init__", "models", "queries", "access", "commands"}
"""The only file names that may occur twice."""


def layer_of(module: str) -> int:
    """The layer (0 ground ... 8 wiring) of a module named like `eventreg.events.models`."""
    name = module.rsplit(".", 1)[-1]
    if module in GROUND or (module.count(".") == 1 and name in _ROOMS):
        return 0
    if module in PURE or name.endswith("_rules"):
        return 1
    if name == "models":
        return 2
    if name == "queries" or module in ADAPTERS:
        return 3
    if name.endswith("_mails"):
        return 4
    if name.endswith("_forms") or name == "access":
        return 6
    if name.endswith("_views") or name == "commands" or module in EDGE:
        return 7
    if module in WIRING:
        return 8
    return 5


_ROOMS = {
    "calendars",
    "events",
    "exports",
    "external_calendars",
    "messages",
    "organisers",
    "outbox",
    "privacy",
    "questions",
    "registrations",
    "series",
    "site",
    "translations",
}
