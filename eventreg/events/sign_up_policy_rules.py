"""How an event takes sign-ups: waiting list, approval, who may come, reminders; limits, and mail domains."""

import re
from dataclasses import dataclass, fields
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email

from eventreg.registrations.address_rules import AddressRefusal, check_address

MOST_OFFER_HOURS = 80
"""Working hours for taking an offered place: two working weeks."""

MOST_CONFIRM_HOURS = 168
"""Hours for confirming the address: a week."""

MOST_IN_A_GROUP = 10
"""People that one person may sign up in one go."""

MOST_REMIND_DAYS = 30
MOST_REMIND_HOURS = 48

DOMAINS_LENGTH = 1000
"""Characters of the stored list of domains."""

PHONE_LENGTH = 60
URL_LENGTH = 500

_BELOW = "*."
_SEPARATORS = re.compile(r"[\s,;]+")


class WaitingList(StrEnum):
    """When sign-ups go to the waiting list."""

    OFF = "off"
    WHEN_FULL = "when_full"
    ALWAYS = "always"  # the organiser gives all the places


class Promotion(StrEnum):
    """How a freed place goes to the next in line."""

    AT_ONCE = "at_once"
    OFFER = "offer"  # held for her until she takes it or `offer_hours` are over
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpPolicy:
    """What an organiser sets on the page 'Sign-up rules'. Names are those of the columns of Event."""

    waiting_list: str = WaitingList.WHEN_FULL
    promotion: str = Promotion.AT_ONCE
    offer_hours: int = 16  # working hours
    approval: bool = False
    allowed_domains: str = ""  # as `stored_domains` writes them; empty: everybody
    confirm_hours: int | None = None  # None: addresses need not be confirmed
    group_limit: int = MOST_IN_A_GROUP
    remind_days: int | None = 1
    remind_hours: int | None = 2
    day_phone: str = ""
    materials_url: str = ""
    sends_thanks: bool = False


POLICY_NAMES = tuple(field.name for field in fields(SignUpPolicy))


def changed_names(before: SignUpPolicy, after: SignUpPolicy) -> tuple[str, ...]:
    """The settings that differ, in the order of the page."""
    return tuple(name for name in POLICY_NAMES if getattr(before, name) != getattr(after, name))


@dataclass(frozen=True, slots=True)
class BadDomain:
    """Something in the list that is no domain: its line, counted from 1, and how it was typed."""

    line: int
    typed: str


def read_domains(typed: str) -> tuple[str, ...] | BadDomain:
    """The domains of a list with blanks, commas, semicolons or new lines between them; each once, in the order given.

    In ASCII and lower case: 'um.krakow.pl' is that domain alone, '*.gov.pl' every domain below gov.pl and not gov.pl
    itself. '@um.krakow.pl' means the same as without the sign. Or the first thing that is no domain.
    """
    found: dict[str, None] = {}
    for number, line in enumerate(typed.splitlines(), start=1):
        for word in filter(None, _SEPARATORS.split(line)):
            domain = _read_domain(word)
            if domain is None:
                return BadDomain(number, word)
            found[domain] = None
    return tuple(found)


def stored_domains(domains: tuple[str, ...]) -> str:
    """The list as the column keeps it; may be longer than DOMAINS_LENGTH, which the caller refuses."""
    return " ".join(domains)


def is_domain_allowed(email: str, allowed_domains: str) -> bool:
    """Whether an address, as `check_address` gave it, is of a domain on the stored list; an empty list lets all in."""
    allowed = allowed_domains.split()
    if not allowed:
        return True
    domain = email.rpartition("@")[2].lower()
    return any(domain.endswith(one.removeprefix("*")) if one.startswith(_BELOW) else domain == one for one in allowed)


def endings_of(allowed_domains: str) -> tuple[str, ...]:
    """The stored list as people read it, what an address must end with: '@um.krakow.pl', '.gov.pl'."""
    return tuple(
        f".{_as_read(one.removeprefix(_BELOW))}" if one.startswith(_BELOW) else f"@{_as_read(one)}"
        for one in allowed_domains.split()
    )


def _read_domain(word: str) -> str | None:
    """One entry in its stored form, or None. A domain is what an address may have after the '@'."""
    below = _BELOW if word.startswith(_BELOW) else ""
    name = word.removeprefix("@").removeprefix(below).removesuffix(".")
    if "@" in name:
        return None
    # No mail goes to 'pl' itself, so '*.pl' is tried with a domain below it.
    below_it = "x." if below and "." not in name else ""
    checked = check_address(f"x@{below_it}{name}")
    if isinstance(checked, AddressRefusal):
        return None
    return below + checked.partition("@")[2].removeprefix(below_it)


def _as_read(domain: str) -> str:
    """With its national letters: 'xn--krakw-3ta.pl' as 'kraków.pl'."""
    try:
        return validate_email(f"x@x.{domain}", check_deliverability=False).domain.removeprefix("x.")
    except EmailNotValidError:
        return domain
