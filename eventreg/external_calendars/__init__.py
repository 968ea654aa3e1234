"""Events that others hold, read from their calendars: what an organiser follows, and what of it is shown."""
