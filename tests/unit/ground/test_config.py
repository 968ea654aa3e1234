"""Bad configuration stops the start with a message that names the variable."""

from pathlib import Path

import pytest

from eventreg.config import Config, ConfigError


def read(folder: Path, **environ: str) -> Config:
    return Config.from_environ({"EVENTREG_DATA_DIR": str(folder), **environ})


def test_the_embedded_default_needs_nothing(tmp_path: Path) -> None:
    config = read(tmp_path / "new")
    assert config.database_url == f"sqlite:///{tmp_path / 'new' / 'eventreg.sqlite3'}"
    assert config.base_url == "http://127.0.0.1:8000"
    assert config.trusted_hosts == ("127.0.0.1", "localhost", "[::1]")
    assert (config.mail_server, config.rate_limits, config.workers) == (None, True, 1)
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert read(tmp_path / "new").secret_key == config.secret_key
    assert len(config.secret_key) >= 48


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("EVENTREG_BASE_URL", "events.example.org"),
        ("EVENTREG_BASE_URL", "ftp://example.org"),
        ("EVENTREG_BASE_URL", "http://example.org:port"),
        ("EVENTREG_DATABASE_URL", "mysql://localhost/x"),
        ("EVENTREG_REDIS_URL", "localhost:6379"),
        ("EVENTREG_MAIL_TLS", "maybe"),
        ("EVENTREG_MAIL_PORT", "-1"),
        ("EVENTREG_MAIL_FROM", "Biuro <biuro@example.org>"),
        ("EVENTREG_MAIL_FROM", "biuro"),
        ("EVENTREG_MAIL_PER_MINUTE", "0"),
        ("EVENTREG_MAIL_PER_MINUTE", "many"),
        ("EVENTREG_RATE_LIMITS", "sometimes"),
        ("EVENTREG_WORKERS", "0"),
        ("EVENTREG_TRUSTED_PROXIES", "all"),
        ("EVENTREG_INTERNAL_CALENDAR_HOSTS", "https://intranet.example.org"),
        ("EVENTREG_INTERNAL_CALENDAR_HOSTS", "intranet.example.org:"),
        ("EVENTREG_INTERNAL_CALENDAR_HOSTS", "10.0.0.0/8"),
        ("EVENTREG_SECRET_KEY", "short"),
        ("EVENTREG_DATA_DIR", "/proc/nowhere"),
        ("EVENTREG_SECRET_KEY_FILE", "/no/such/file"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, **{variable: value})
    assert refused.value.variable == variable
    assert str(refused.value).startswith(f"{variable}: ")


def test_hosts_whose_calendars_may_be_followed_in_the_own_network(tmp_path: Path) -> None:
    assert read(tmp_path).internal_calendar_hosts == ()
    given = read(tmp_path, EVENTREG_INTERNAL_CALENDAR_HOSTS="Intranet, 10.0.0.7:8090,[fd00::7]:443")
    assert given.internal_calendar_hosts == ("intranet", "10.0.0.7:8090", "[fd00::7]:443")


def test_a_password_without_its_file_and_a_secret_given_twice(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="EVENTREG_MAIL_PASSWORD"):
        read(tmp_path, EVENTREG_MAIL_SERVER="mail.example.org", EVENTREG_MAIL_USERNAME="biuro")
    (tmp_path / "key").write_text("a-secret-from-a-file-123\n")
    config = read(tmp_path, EVENTREG_SECRET_KEY_FILE=str(tmp_path / "key"))
    assert config.secret_key == "a-secret-from-a-file-123"
    with pytest.raises(ConfigError, match="given twice"):
        read(tmp_path, EVENTREG_SECRET_KEY="x" * 20, EVENTREG_SECRET_KEY_FILE=str(tmp_path / "key"))


def test_postgresql_addresses_get_their_driver(tmp_path: Path) -> None:
    url = read(tmp_path, EVENTREG_DATABASE_URL="postgres://u:p@db/eventreg").database_url
    assert url == "postgresql+psycopg://u:p@db/eventreg"


def test_secrets_do_not_show_when_the_configuration_is_printed(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        EVENTREG_SECRET_KEY="very-secret-key-000",
        EVENTREG_MAIL_SERVER="mail.example.org",
        EVENTREG_MAIL_USERNAME="biuro",
        EVENTREG_MAIL_PASSWORD="hush-hush",
        EVENTREG_DATABASE_URL="postgresql://u:dbpass@db/x",
    )
    for secret in ("very-secret-key-000", "hush-hush", "dbpass"):
        assert secret not in repr(config)
