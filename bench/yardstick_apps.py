"""Small applications to hold our own against: what Flask costs on the same server for the same kind of answer.

Served as `bench.yardstick_apps:one_query`; the database is that of EVENTREG_DATABASE_URL.
"""

import os

from flask import Flask, Response
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text


def one_query_304() -> Flask:
    """A view that makes one query and answers 304, and nothing else."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["EVENTREG_DATABASE_URL"]
    database = SQLAlchemy(app)
    query = text("SELECT mark, changed_at FROM public_version WHERE id = 1")

    @app.get("/unchanged")
    def unchanged() -> Response:
        row = database.session.execute(query).one()
        response = Response(status=304)
        response.set_etag(row.mark)
        return response

    return app


one_query = one_query_304() if "EVENTREG_DATABASE_URL" in os.environ else None
