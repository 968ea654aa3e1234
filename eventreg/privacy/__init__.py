"""The information clause (RODO art. 13) and the privacy page."""
