"""The mail itself: the MIME tree that Gmail, Outlook and Thunderbird understand, and no way to inject.

calendar.md 1, 2 and 4a; RFC 5322, 6047; abuse case 2. The same input gives the same bytes on every try:
even the boundaries are derived from the Message-ID.
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from typing import Any

from eventreg.calendars.calendar_text_rules import UnsafeAddressError, checked_address

_POLICY = SMTP
_FORBIDDEN = ("Cc", "Cs", "Zl", "Zp")
_SAFE_IN_FILE_NAMES = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
_WITHOUT_DECOMPOSITION = str.maketrans("łŁøØđĐßæÆœŒ", "lLoOdDsaAoO")
CALENDAR_FILE_NAME = "invite.ics"


class HeaderInjectionError(ValueError):
    """A field of the mail holds what could end a header line; the mail is not built. `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(f"control character or unsafe address in {field}")
        self.field = field


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A display name (may be empty) with its one address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Headers:
    """All that stands above the body. `message_id` with its angle brackets; `language` 'pl' or 'en'."""

    message_id: str
    date: datetime
    sender: Mailbox
    reply_to: Mailbox
    recipient: Mailbox
    subject: str
    language: str


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """The invitation as its bytes; `method` is the METHOD in them."""

    method: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """One `.ics` file to pass on (METHOD:PUBLISH), for a mailbox that several people share."""

    file_name: str
    content: bytes


def build_message(
    headers: Headers,
    text: str,
    html: str,
    *,
    calendar: CalendarPart | None = None,
    files: tuple[CalendarFile, ...] = (),
) -> EmailMessage:
    """The finished mail.

    With `calendar`: mixed(alternative(plain, html, calendar), invite.ics). With `files`:
    mixed(alternative(plain, html), one .ics each). Else alternative(plain, html).

    Raises HeaderInjectionError.
    """
    message = EmailMessage(policy=_POLICY)
    _write_headers(message, headers)
    bodies: list[Any] = [_text_part(text, "plain"), _text_part(html, "html")]
    attached: list[Any] = [_file_part(file.file_name, file.content) for file in files]
    if calendar is not None:
        bodies.append(_calendar_part(calendar))
        attached.insert(0, _file_part(CALENDAR_FILE_NAME, calendar.content))
    if attached:
        message["Content-Type"] = "multipart/mixed"
        alternative: Any = MIMEPart(policy=_POLICY)
        alternative["Content-Type"] = "multipart/alternative"
        alternative.set_boundary(_boundary(headers.message_id, "alternative"))
        message.attach(alternative)
    else:
        message["Content-Type"] = "multipart/alternative"
        alternative = message
    message.set_boundary(_boundary(headers.message_id, "outer"))
    for part in bodies:
        alternative.attach(part)
    for part in attached:
        message.attach(part)
    return message


def file_name_for(name: str, number: int) -> str:
    """A plain ASCII name for a person's .ics file: 'Lukasz-Wojcik.ics', or 'invitation-2.ics'."""
    folded = unicodedata.normalize("NFKD", name.translate(_WITHOUT_DECOMPOSITION))
    words = "".join(c if c in _SAFE_IN_FILE_NAMES and c != "." else " " for c in folded if c.isascii())
    return f"{'-'.join(words.split())[:60] or f'invitation-{number}'}.ics"


def _write_headers(message: EmailMessage, headers: Headers) -> None:
    message["Message-ID"] = _checked_message_id(headers.message_id)
    message["Date"] = headers.date
    message["From"] = _address(headers.sender, "From")
    message["Reply-To"] = _address(headers.reply_to, "Reply-To")
    message["To"] = _address(headers.recipient, "To")
    message["Subject"] = _checked(headers.subject, "Subject")
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # Exchange knows only this one
    message["Content-Language"] = _checked(headers.language, "Content-Language")
    message["MIME-Version"] = "1.0"


def _checked(value: str, field: str) -> str:
    if any(unicodedata.category(c) in _FORBIDDEN for c in value):
        raise HeaderInjectionError(field)
    return value


def _checked_message_id(value: str) -> str:
    inner = value.removeprefix("<").removesuffix(">")
    try:
        checked_address(inner)
    except UnsafeAddressError as error:
        raise HeaderInjectionError("Message-ID") from error
    if value != f"<{inner}>":
        raise HeaderInjectionError("Message-ID")
    return value


def _address(mailbox: Mailbox, field: str) -> Address:
    name = _checked(mailbox.name, field)
    try:
        local, _, domain = checked_address(mailbox.address).rpartition("@")
        return Address(display_name=name, username=local, domain=domain)
    except (UnsafeAddressError, ValueError) as error:
        raise HeaderInjectionError(field) from error


def _text_part(content: str, subtype: str) -> MIMEPart:
    """Quoted-printable: survives servers that know no 8BITMIME, and keeps lines short."""
    part = MIMEPart(policy=_POLICY)
    part.set_content(content, subtype=subtype, charset="utf-8", cte="quoted-printable")
    return part


def _calendar_part(calendar: CalendarPart) -> MIMEPart:
    part = MIMEPart(policy=_POLICY)
    part.set_content(
        calendar.content,
        maintype="text",
        subtype="calendar",
        cte="base64",
        params={"method": _checked(calendar.method, "method"), "charset": "UTF-8"},
    )
    return part


def _file_part(file_name: str, content: bytes) -> MIMEPart:
    if not file_name or not _SAFE_IN_FILE_NAMES.issuperset(file_name) or file_name.startswith("."):
        raise HeaderInjectionError("file name")
    part = MIMEPart(policy=_POLICY)
    part.set_content(
        content,
        maintype="application",
        subtype="ics",
        cte="base64",
        disposition="attachment",
        filename=file_name,
        params={"name": file_name},
    )
    return part


def _boundary(message_id: str, level: str) -> str:
    """'=_' cannot occur in quoted-printable or base64 text, so no content can end a part."""
    return f"=_{hashlib.sha256(f'{level}{message_id}'.encode()).hexdigest()[:32]}"
