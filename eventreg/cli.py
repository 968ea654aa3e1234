"""The commands of `flask`: each room brings its own."""

from flask import Flask


def install(app: Flask) -> None:
    """Register all commands on the application."""
