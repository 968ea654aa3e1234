"""eventreg: event and workshop registration for public offices.

The house: `config clock database extensions i18n links http_headers panel_session logs` are the ground;
each folder is a room of the field (organisers, series, events, registrations, outbox, calendars, exports,
privacy, site) whose files are named after what happens in them; `application.py` wires it all, `worker.py`
delivers, `cli.py` holds the commands. Layers and the import rule stand in docs/architecture.md and are proven by
tests/architecture.
"""

__version__ = "0.1.0"
