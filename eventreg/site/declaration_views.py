"""The public accessibility declaration."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from eventreg.events.markdown_rules import to_html
from eventreg.i18n import request_language
from eventreg.site.declaration_rules import day_in_words, missing_parts
from eventreg.site.site_settings import declaration

blueprint = Blueprint("declaration", __name__)


@blueprint.get("/accessibility")
def accessibility_declaration() -> ResponseReturnValue:
    """The declaration with the ids that the ministry's programs look for."""
    language = request_language()
    present = declaration(language)
    return render_template(
        "public/accessibility_declaration.html",
        declaration=present,
        is_complete=not missing_parts(present),
        day=lambda day: day_in_words(day, language),
        html=lambda text: to_html(text, first_heading=3),
    )
