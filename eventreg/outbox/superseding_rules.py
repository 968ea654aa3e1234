"""Which unsent mails a newer one may replace.

A mail that tells where a person stands is old news when a newer one tells it; these tell something that no other does.
"""

NEVER_SUPERSEDED = ("event_message", "address_change_asked", "links_found")
