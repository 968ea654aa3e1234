"""The configuration: one frozen value, read strictly from the environment.

Every secret NAME may also be given as NAME_FILE, the path of a file that holds it (as container platforms do).
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import click

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  # compared with, not bound to
"""Values of HOST that mean every address of the machine."""

_HOST = re.compile(r"(?:[a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[1-9][0-9]{0,4})?")


class ConfigError(click.ClickException):
    """A value of the environment that cannot be used; says which variable and why.

    A ClickException, so that every command ends with that one line instead of a stack trace.
    """

    def __init__(self, variable: str, reason: str) -> None:
        super().__init__(f"{variable}: {reason}")
        self.variable = variable
        self.reason = reason


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed over."""

    host: str
    port: int
    username: str | None
    password: str | None = field(repr=False)
    tls: str  # 'starttls', 'ssl' or 'none'


@dataclass(frozen=True)
class Config:
    """All that can be set from outside; see the table in README.md."""

    database_url: str = field(repr=False)
    data_dir: Path
    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(repr=False)
    base_url: str
    site_name: str
    redis_url: str | None = field(repr=False)
    mail_server: MailServer | None
    mail_from: str
    mail_per_minute: int
    rate_limits: bool
    workers: int
    trusted_proxies: int
    trusted_hosts: tuple[str, ...]
    internal_calendar_hosts: tuple[str, ...]
    host: str
    port: int

    @property
    def is_sqlite(self) -> bool:
        """True in the embedded default."""
        return self.database_url.startswith("sqlite")

    @property
    def is_https(self) -> bool:
        """True when visitors come over HTTPS: cookies are then Secure."""
        return self.base_url.startswith("https://")

    @staticmethod
    def from_environ(environ: Mapping[str, str] = os.environ) -> "Config":
        """Read and check the whole environment.

        Raises ConfigError naming the first variable that cannot be used. Creates the data folder, and in it the
        secret key when none is given.
        """
        reader = _Reader(environ)
        data_dir = _data_folder(environ.get("EVENTREG_DATA_DIR", "./instance"))
        host = environ.get("HOST", "127.0.0.1")
        port = reader.whole_number("PORT", 8000, 1, 65535)
        base_url = reader.base_url(f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}")
        return Config(
            database_url=reader.database_url(f"sqlite:///{data_dir / 'eventreg.sqlite3'}"),
            data_dir=data_dir,
            secret_key=reader.secret("EVENTREG_SECRET_KEY", 16) or _generated_key(data_dir),
            secret_key_fallbacks=tuple(
                (reader.secret("EVENTREG_SECRET_KEY_FALLBACKS") or "").replace(",", " ").split()
            ),
            base_url=base_url,
            site_name=environ.get("EVENTREG_SITE_NAME", "").strip() or "Współpraca zagraniczna",
            redis_url=reader.redis_url(),
            mail_server=reader.mail_server(),
            mail_from=reader.mail_from(base_url),
            mail_per_minute=reader.whole_number("EVENTREG_MAIL_PER_MINUTE", 600, 1, 100_000),
            rate_limits=reader.one_of("EVENTREG_RATE_LIMITS", "on", ("on", "off")) == "on",
            workers=reader.whole_number("EVENTREG_WORKERS", 1, 1, 64),
            trusted_proxies=reader.whole_number("EVENTREG_TRUSTED_PROXIES", 0, 0, 10),
            trusted_hosts=reader.trusted_hosts(base_url, host),
            internal_calendar_hosts=reader.internal_calendar_hosts(),
            host=host,
            port=port,
        )


class _Reader:
    """Parses one variable at a time; each method raises ConfigError with the variable's name."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def secret(self, name: str, least: int = 0) -> str | None:
        """The secret NAME, or what the file NAME_FILE holds; `least` is the smallest length in characters."""
        value = self.environ.get(name) or None
        path = self.environ.get(f"{name}_FILE")
        if path:
            if value:
                raise ConfigError(name, f"is given twice, also as {name}_FILE")
            try:
                value = Path(path).read_text(encoding="utf-8").strip() or None
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigError(f"{name}_FILE", f"cannot be read ({type(error).__name__})") from error
        if value is not None and len(value) < least:
            raise ConfigError(name, f"is too short: at least {least} characters")
        return value

    def whole_number(self, name: str, default: int, least: int, most: int) -> int:
        raw = self.environ.get(name, "").strip()
        if not raw:
            return default
        if not raw.isascii() or not raw.isdigit() or not least <= int(raw) <= most:
            raise ConfigError(name, f"must be a whole number from {least} to {most}, not {raw!r}")
        return int(raw)

    def one_of(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.environ.get(name, "").strip().lower() or default
        if value not in choices:
            raise ConfigError(name, f"must be one of {', '.join(choices)}, not {value!r}")
        return value

    def base_url(self, default: str) -> str:
        value = (self.environ.get("EVENTREG_BASE_URL", "").strip() or default).rstrip("/")
        try:
            parts = urlsplit(value)
            _ = parts.port
        except ValueError as error:
            raise ConfigError("EVENTREG_BASE_URL", f"is no address ({error})") from error
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ConfigError("EVENTREG_BASE_URL", "must look like https://events.example.org")
        return value

    def database_url(self, default: str) -> str:
        value = self.secret("EVENTREG_DATABASE_URL") or default
        for plain in ("postgresql://", "postgres://"):
            if value.startswith(plain):
                return "postgresql+psycopg://" + value.removeprefix(plain)
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ConfigError("EVENTREG_DATABASE_URL", "must begin with sqlite:/// or postgresql://")
        return value

    def redis_url(self) -> str | None:
        value = self.secret("EVENTREG_REDIS_URL")
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ConfigError("EVENTREG_REDIS_URL", "must begin with redis://, rediss:// or unix://")
        return value

    def mail_server(self) -> MailServer | None:
        host = self.environ.get("EVENTREG_MAIL_SERVER", "").strip()
        tls = self.one_of("EVENTREG_MAIL_TLS", "starttls", ("starttls", "ssl", "none"))
        port = self.whole_number("EVENTREG_MAIL_PORT", {"starttls": 587, "ssl": 465, "none": 25}[tls], 1, 65535)
        username = self.secret("EVENTREG_MAIL_USERNAME")
        password = self.secret("EVENTREG_MAIL_PASSWORD")
        if username and not password:
            raise ConfigError("EVENTREG_MAIL_PASSWORD", "is missing although EVENTREG_MAIL_USERNAME is set")
        return MailServer(host, port, username, password, tls) if host else None

    def mail_from(self, base_url: str) -> str:
        default = f"no-reply@{urlsplit(base_url).hostname}"
        value = self.environ.get("EVENTREG_MAIL_FROM", "").strip() or default
        local, at, domain = value.rpartition("@")
        if not at or not local or not domain or any(c in value for c in " \r\n\t<>,;"):
            raise ConfigError("EVENTREG_MAIL_FROM", "must be one plain e-mail address")
        return value

    def trusted_hosts(self, base_url: str, host: str) -> tuple[str, ...]:
        given = self.environ.get("EVENTREG_TRUSTED_HOSTS", "").replace(",", " ").split()
        if given:
            return tuple(given)
        names = [urlsplit(base_url).hostname or "", host, "localhost", "127.0.0.1", "[::1]"]
        return tuple(dict.fromkeys(name for name in names if name not in ("", *EVERYWHERE)))

    def internal_calendar_hosts(self) -> tuple[str, ...]:
        given = self.environ.get("EVENTREG_INTERNAL_CALENDAR_HOSTS", "").lower().replace(",", " ").split()
        for entry in given:
            if not _HOST.fullmatch(entry):
                raise ConfigError("EVENTREG_INTERNAL_CALENDAR_HOSTS", f"must be host or host:port, not {entry!r}")
        return tuple(dict.fromkeys(given))


def _data_folder(raw: str) -> Path:
    folder = Path(raw).expanduser().resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError("EVENTREG_DATA_DIR", f"cannot be made ({error.strerror}): {folder}") from error
    if not os.access(folder, os.W_OK):
        raise ConfigError("EVENTREG_DATA_DIR", f"cannot be written: {folder}")
    return folder


def _generated_key(data_dir: Path) -> str:
    """The key of this installation; two processes that start at once agree on one (the link wins or is refused)."""
    path = data_dir / "secret_key"
    if not path.exists():
        fresh = data_dir / f"secret_key.{secrets.token_hex(8)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    key = path.read_text(encoding="ascii").strip()
    if len(key) < 16:
        raise ConfigError("EVENTREG_SECRET_KEY", f"the generated key file is damaged: {path}")
    return key
