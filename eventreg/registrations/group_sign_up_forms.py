"""The form for signing up several people: a contact, and a set of fields for each person."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, StringField

from eventreg.events.models import Event
from eventreg.events.sign_up_policy_rules import MOST_IN_A_GROUP
from eventreg.events.sign_up_policy_words import allowed_domains_words
from eventreg.questions.answer_forms import AnswersForm, with_questions
from eventreg.questions.queries import live_questions
from eventreg.registrations.group_sign_up_rules import GroupPerson, GroupRefusal, GroupRefused, GroupRequest
from eventreg.registrations.sign_up_forms import AddressCheck, PersonForm, TrapCheck

FIRST_ROWS = 3
"""Sets of fields on the form when it is opened; one that stays empty is passed over."""

AS_MANY, ALL = "as_many", "all"


class GroupPersonForm(PersonForm, AnswersForm):
    """One person; without an own address her messages go to the contact."""

    email = StringField(_l("Own e-mail address"))

    def validate_email(self, field: StringField) -> None:
        """WTForms calls it; raises ValidationError in the reader's language."""
        if (field.data or "").strip():
            super().validate_email(field)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed or chosen."""
        return not any(value.strip() for field in self for value in field.raw_data or [] if isinstance(value, str))


class ContactForm(AddressCheck, TrapCheck, FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Who is written to, and what holds when places run short. `website` is a trap (abuse 18)."""

    class Meta:
        """No token: visitors have no session; http_headers refuses cross-site posts."""

        csrf = False

    email = StringField(_l("Contact e-mail address"))
    places = RadioField(
        _l("If there are not enough places for everybody"),
        choices=[(AS_MANY, _l("As many people as there are places")), (ALL, _l("Everybody or nobody"))],
        default=AS_MANY,
        validate_choice=False,
    )
    website = StringField(_l("Please leave this field empty"))


class GroupForm:
    """The whole form of one event; `sent` None opens it anew."""

    def __init__(self, event: Event, language: str, sent: "MultiDict[str, str] | None" = None) -> None:
        self.event = event
        self.limit = event.group_limit
        self.contact = ContactForm(formdata=sent)
        self.asked_for_more = sent is not None and "add" in sent
        person_form = with_questions(GroupPersonForm, live_questions(event.id), language)
        self.people: list[GroupPersonForm] = [
            person_form(formdata=sent, prefix=f"p{number}") for number in range(1, self._rows(sent or {}) + 1)
        ]

    def _rows(self, sent: Mapping[str, str]) -> int:
        """How many sets of fields there are; what was typed stays even above a limit that was lowered meanwhile."""
        typed = sent.get("rows", "")
        rows = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else FIRST_ROWS
        rows = max(min(rows, MOST_IN_A_GROUP), 1) if sent else min(FIRST_ROWS, self.limit)
        return rows + 1 if self.asked_for_more and rows < self.limit else rows

    @property
    def filled(self) -> list[tuple[int, GroupPersonForm]]:
        """The people who were typed, with the number of their set of fields (from 1)."""
        return [(number, one) for number, one in enumerate(self.people, start=1) if not one.is_empty]

    @property
    def can_grow(self) -> bool:
        """Whether one more person may be added."""
        return len(self.people) < self.limit

    def validate(self) -> bool:
        """Check everything that was typed; errors stand at their fields."""
        results = [self.contact.validate(), *(one.validate() for _number, one in self.filled)]
        if not self.filled:
            self.people[0].name.errors = [_("Please give the name of at least one person.")]
            return False
        if len(self.filled) > self.limit:
            self._too_many()
            return False
        return all(results)

    def to_request(self, language: str) -> GroupRequest:
        """The sign-up, after validation."""
        people = tuple(
            GroupPerson(one.checked_name, one.checked_email, one.given_answers()) for _number, one in self.filled
        )
        return GroupRequest(self.contact.checked_email, language, people, self.contact.places.data == ALL)

    def errors(self) -> list[tuple[str, str]]:
        """Of the people's fields, for the summary: (what is wrong with whom, where)."""
        return [
            (_("Person %(number)d: %(problem)s", number=number, problem=message), f"#{place}")
            for number, one in enumerate(self.people, start=1)
            for message, place in [
                *((message, one.name.id) for message in one.form_errors),
                *((field.errors[0], field.id) for field in one if field.errors),
            ]
        ]

    def explain(self, refused: GroupRefused) -> None:
        """Say at its place why the group was refused."""
        person = None if refused.person is None else self.filled[refused.person][1]
        match refused.reason:
            case GroupRefusal.OPTION_FULL if person is not None:
                person.refuse_full(self.event.id, refused.detail)
            case GroupRefusal.TWICE if person is not None:
                person.name.errors = [_("This person stands in the form twice.")]
            case GroupRefusal.NOT_ENOUGH_PLACES:
                self.contact.places.errors = [_not_enough_words()]
            case GroupRefusal.TOO_MANY:
                self._too_many()
            case GroupRefusal.DOMAIN | GroupRefusal.ADDRESS_CAP:
                field = self.contact.email if person is None or not person.checked_email else person.email
                field.errors = [_address_words(refused.reason, self.event)]
            case _:
                self.contact.form_errors = [_closed_words(refused.reason)]

    def _too_many(self) -> None:
        self.contact.form_errors = [
            ngettext(
                "At most %(num)d person can be signed up in one go. Please send the others with another form.",
                "At most %(num)d people can be signed up in one go. Please send the others with another form.",
                self.limit,
            )
        ]


def _not_enough_words() -> str:
    return _(
        "There are not enough places for so many people, so nobody has been signed up. Please choose 'As many people "
        "as there are places' or sign up fewer people."
    )


def _address_words(reason: GroupRefusal, event: Event) -> str:
    if reason is GroupRefusal.DOMAIN:
        return allowed_domains_words(event.allowed_domains)
    return _(
        "As many people as the organiser allows are signed up with this address already. "
        "Please use another address or write to the organiser."
    )


def _closed_words(reason: GroupRefusal) -> str:
    if reason is GroupRefusal.FULL:
        return _("All places are taken, so the registration could not be accepted.")
    if reason is GroupRefusal.ONE_BY_ONE:
        return _("For this event everybody signs up alone.")
    return _("Registrations for this event are not being accepted now.")
