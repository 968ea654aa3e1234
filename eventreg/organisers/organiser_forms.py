"""What comes in about an organiser."""

from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField, ValidationError

from eventreg.organisers.account_forms import one_line
from eventreg.organisers.organiser_editing import OrganiserDetails
from eventreg.organisers.panel_forms import PanelForm, is_address, length, needed, stripped

KIND_WORDS = {
    "public_body": _l("Public body"),
    "ngo": _l("Association or foundation"),
    "other": _l("Other"),
}


class OrganiserForm(PanelForm):
    """Everything the administrator sets of an organiser."""

    name = StringField(
        _l("Name of the organiser"), filters=[one_line], validators=[needed(_l("Please enter the name.")), length(200)]
    )
    legal_name = StringField(_l("Full legal name"), filters=[one_line], validators=[length(200)])
    kind = RadioField(_l("Type of body"), choices=list(KIND_WORDS.items()), default="public_body")
    contact_email = StringField(
        _l("Contact e-mail"),
        filters=[stripped],
        validators=[needed(_l("Please enter the address to which participants may write.")), is_address],
    )
    contact_phone = StringField(_l("Contact telephone"), filters=[one_line], validators=[length(60)])
    address = StringField(_l("Postal address"), filters=[one_line], validators=[length(300)])
    website = StringField(_l("Website"), filters=[one_line], validators=[length(300)])
    about = TextAreaField(_l("About the organiser"), filters=[stripped], validators=[length(5000)])
    sends_as_itself = BooleanField(_l("Mails leave from the organiser's own address"))
    has_publication_record = BooleanField(_l("Event pages carry the publication record"), default=True)

    def validate_website(self, field: StringField) -> None:
        """Empty, or a whole http(s) address."""
        if not field.data:
            return
        try:
            parts = urlsplit(field.data)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            raise ValidationError(_("Please give the whole address, beginning with https://"))

    def to_details(self) -> OrganiserDetails:
        """The checked values."""
        return OrganiserDetails(
            name=self.name.data or "",
            legal_name=self.legal_name.data or "",
            kind=self.kind.data,
            contact_email=self.contact_email.data or "",
            contact_phone=self.contact_phone.data or "",
            address=self.address.data or "",
            website=self.website.data or "",
            about=self.about.data or "",
            sends_as_itself=bool(self.sends_as_itself.data),
            has_publication_record=bool(self.has_publication_record.data),
        )
