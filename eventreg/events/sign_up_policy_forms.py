"""The form of the page 'Sign-up rules', turned into a `SignUpPolicy`."""

from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField, ValidationError

from eventreg.events import sign_up_policy_rules as rules
from eventreg.events.event_forms import is_web_address
from eventreg.events.sign_up_policy_rules import BadDomain, SignUpPolicy, read_domains, stored_domains
from eventreg.events.sign_up_policy_words import POLICY_WORDS, PROMOTION_WORDS, WAITING_LIST_WORDS
from eventreg.organisers.panel_forms import PanelForm, length, stripped

_LONGEST_SHOWN = 60
"""Characters of a wrong entry that its message repeats."""


class _WholeNumber:
    """A whole number from 1 to `most`, or ValidationError. An optional field may be empty."""

    def __init__(self, most: int, *, optional: bool = False) -> None:
        self.most, self.optional = most, optional

    def __call__(self, form: PanelForm, field: StringField) -> None:
        """WTForms calls it."""
        if self.optional and not field.data:
            return
        digits = field.data or ""
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= 4
        if not is_number or not 1 <= int(digits) <= self.most:
            raise ValidationError(
                _("Please give a whole number from 1 to %(most)d, or leave the field empty.", most=self.most)
                if self.optional
                else _("Please give a whole number from 1 to %(most)d.", most=self.most)
            )


def _line(name: str, *validators: Any) -> StringField:
    return StringField(POLICY_WORDS[name], filters=[_one_line], validators=list(validators))


def _one_line(value: object) -> str:
    return " ".join(stripped(value).split())


class SignUpPolicyForm(PanelForm):
    """All rules of signing up. `policy` holds the result once `validate()` said yes."""

    policy: SignUpPolicy

    revision = HiddenField()
    waiting_list = RadioField(POLICY_WORDS["waiting_list"], choices=list(WAITING_LIST_WORDS.items()))
    promotion = RadioField(POLICY_WORDS["promotion"], choices=list(PROMOTION_WORDS.items()))
    offer_hours = _line("offer_hours", _WholeNumber(rules.MOST_OFFER_HOURS))
    approval = BooleanField(POLICY_WORDS["approval"])
    allowed_domains = TextAreaField(POLICY_WORDS["allowed_domains"], filters=[stripped])
    confirm_hours = _line("confirm_hours", _WholeNumber(rules.MOST_CONFIRM_HOURS, optional=True))
    group_limit = _line("group_limit", _WholeNumber(rules.MOST_IN_A_GROUP))
    remind_days = _line("remind_days", _WholeNumber(rules.MOST_REMIND_DAYS, optional=True))
    remind_hours = _line("remind_hours", _WholeNumber(rules.MOST_REMIND_HOURS, optional=True))
    day_phone = _line("day_phone", length(rules.PHONE_LENGTH))
    materials_url = _line("materials_url", length(rules.URL_LENGTH), is_web_address)
    sends_thanks = BooleanField(POLICY_WORDS["sends_thanks"])

    def validate_allowed_domains(self, field: TextAreaField) -> None:
        """Domains alone; the message names the line of the first entry that is none."""
        read = read_domains(field.data or "")
        if isinstance(read, BadDomain):
            raise ValidationError(
                _(
                    "Line %(line)d: “%(typed)s” is not a mail domain. Please write it like um.krakow.pl or *.gov.pl",
                    line=read.line,
                    typed=read.typed[:_LONGEST_SHOWN],
                )
            )
        if len(stored_domains(read)) > rules.DOMAINS_LENGTH:
            raise ValidationError(
                _(
                    "The list is too long: at most %(most)d characters. For many domains of one kind please write one "
                    "entry such as *.gov.pl",
                    most=rules.DOMAINS_LENGTH,
                )
            )

    def validate(self, extra_validators: object = None) -> bool:
        """Checks every field; leaves the result in `policy`."""
        fine: bool = super().validate(extra_validators)
        if fine:
            domains = read_domains(self.allowed_domains.data or "")
            assert not isinstance(domains, BadDomain)  # validated a moment ago
            self.policy = SignUpPolicy(
                waiting_list=self.waiting_list.data,
                promotion=self.promotion.data,
                offer_hours=int(self.offer_hours.data or 0),
                approval=self.approval.data,
                confirm_hours=_number(self.confirm_hours.data),
                allowed_domains=stored_domains(domains),
                group_limit=int(self.group_limit.data or 0),
                remind_days=_number(self.remind_days.data),
                remind_hours=_number(self.remind_hours.data),
                day_phone=self.day_phone.data or "",
                materials_url=self.materials_url.data or "",
                sends_thanks=self.sends_thanks.data,
            )
        return fine

    def known_revision(self) -> int:
        """The revision of the event that the person saw; 0, which no event has, for a forged one."""
        typed = str(self.revision.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 9 else 0

    @classmethod
    def of(cls, policy: SignUpPolicy, revision: int) -> "SignUpPolicyForm":
        """The form filled in, one domain per line."""
        values = {name: getattr(policy, name) for name in rules.POLICY_NAMES}
        values["allowed_domains"] = policy.allowed_domains.replace(" ", "\n")
        return cls(formdata=None, data={**values, "revision": str(revision)})


def _number(typed: str | None) -> int | None:
    return int(typed) if typed else None
