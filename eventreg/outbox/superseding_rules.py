"""Which unsent mails a newer one may replace.

A mail that tells where a person stands is old news when a newer one tells it; these tell something that no other does.
"""

NEVER_SUPERSEDED = (
    "group_signed_up",
    "event_message",
    "address_change_asked",
    "address_changed",  # takes the entry out of the old mailbox's calendar
    "substitute_invited",  # tells where the data came from (RODO art. 14)
    "links_found",
    "personal_calendar",
)
