"""The project's own yardsticks: how long things take and how much memory, on SQLite and on PostgreSQL.

`make bench` runs all of them, `make bench ARGS=reminders` one. Figures are printed, never asserted: they belong to the
machine. A yardstick is a function in YARDSTICKS (bench/__main__.py) that is given an application whose database is
empty, and yields lines.
"""
