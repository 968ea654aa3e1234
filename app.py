"""The WSGI entry."""

from eventreg.application import create_app
from eventreg.config import Config

app = create_app(Config.from_environ())
