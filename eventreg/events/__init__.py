"""The event itself: when, where, for whom, state, sign-up window, publication record."""
