"""Gettext catalogues, and the collecting of their strings."""
