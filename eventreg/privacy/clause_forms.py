"""What comes in when an owner edits the information clause."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, TextAreaField, ValidationError

from eventreg.organisers.account_forms import one_line
from eventreg.organisers.panel_forms import PanelForm, length, needed, stripped
from eventreg.privacy.clause_rules import (
    DEFAULT_RETENTION_MONTHS,
    LEAST_RETENTION_MONTHS,
    LONGEST_CLAUSE,
    MOST_RETENTION_MONTHS,
    ClauseFacts,
    empty_placeholders,
    has_note,
    unknown_placeholders,
)
from eventreg.privacy.clauses import ClauseSource


class ClauseForm(PanelForm):
    """The facts, and the texts with their placeholders."""

    controller = StringField(
        _l("Controller"),
        filters=[one_line],
        validators=[needed(_l("Please enter the full legal name of the controller.")), length(200)],
    )
    address = StringField(
        _l("Address of the controller"),
        filters=[one_line],
        validators=[needed(_l("Please enter the address of the controller.")), length(300)],
    )
    contact = StringField(
        _l("Contact for personal data"),
        filters=[one_line],
        validators=[needed(_l("Please enter an e-mail address or a telephone number.")), length(200)],
    )
    officer = StringField(_l("Data protection officer"), filters=[one_line], validators=[length(300)])
    task = StringField(_l("Provision that sets the task"), filters=[one_line], validators=[length(500)])
    recipients = StringField(_l("Further recipients"), filters=[one_line], validators=[length(500)])
    retention_months = IntegerField(
        _l("Months that the list is kept after the event"), default=DEFAULT_RETENTION_MONTHS
    )
    text_pl = TextAreaField(
        _l("Text in Polish"),
        filters=[stripped],
        validators=[needed(_l("Please enter the text in Polish.")), length(LONGEST_CLAUSE)],
    )
    text_en = TextAreaField(_l("Text in English"), filters=[stripped], validators=[length(LONGEST_CLAUSE)])

    def validate_retention_months(self, field: IntegerField) -> None:
        """A whole number of months within bounds."""
        field.errors = []  # what WTForms says of letters in a number, we say ourselves
        if field.data is None or not LEAST_RETENTION_MONTHS <= field.data <= MOST_RETENTION_MONTHS:
            raise ValidationError(
                _(
                    "Please enter a whole number from %(least)d to %(most)d.",
                    least=LEAST_RETENTION_MONTHS,
                    most=MOST_RETENTION_MONTHS,
                )
            )

    def validate_text_pl(self, field: TextAreaField) -> None:
        """Only placeholders that will be filled."""
        self._check_placeholders(field.data or "", "pl")

    def validate_text_en(self, field: TextAreaField) -> None:
        """Only placeholders that will be filled."""
        self._check_placeholders(field.data or "", "en")

    def facts(self) -> ClauseFacts:
        """The facts as typed; out-of-bounds months count as the default."""
        months = self.retention_months.data or DEFAULT_RETENTION_MONTHS
        return ClauseFacts(
            controller=self.controller.data or "",
            address=self.address.data or "",
            contact=self.contact.data or "",
            officer=self.officer.data or "",
            task=self.task.data or "",
            recipients=self.recipients.data or "",
            retention_months=min(max(months, LEAST_RETENTION_MONTHS), MOST_RETENTION_MONTHS),
        )

    def to_source(self) -> ClauseSource:
        """Facts and texts."""
        return ClauseSource(self.facts(), self.text_pl.data or "", self.text_en.data or "")

    def show(self, source: ClauseSource) -> None:
        """Puts a clause into the fields."""
        self.process(
            formdata=None,
            data={
                **{name: getattr(source.facts, name) for name in ClauseFacts.__dataclass_fields__},
                "text_pl": source.text_pl,
                "text_en": source.text_en,
            },
        )

    def _check_placeholders(self, text: str, language: str) -> None:
        if has_note(text):
            raise ValidationError(
                _("The draft's note in square brackets is still there. Please decide, and delete the note.")
            )
        unknown = unknown_placeholders(text)
        if unknown:
            raise ValidationError(
                _("Nothing is known to put in the place of {%(name)s}. Please correct or delete it.", name=unknown[0])
            )
        empty = empty_placeholders(text, self.facts(), language)
        if empty:
            label = str(self[empty[0]].label.text) if empty[0] in self._fields else empty[0]
            raise ValidationError(
                _("The text uses {%(name)s}, but the field “%(label)s” is empty.", name=empty[0], label=label)
            )
