"""Wiring: configuration, database, extensions, views, commands."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Flask
from sqlalchemy import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from eventreg import cli, error_pages, http_headers, links, logs
from eventreg.calendars import calendar_views, list_feed_views, subscribe_views
from eventreg.config import Config
from eventreg.database import db
from eventreg.events import (
    event_editing_views,
    event_history_views,
    event_life_views,
    event_list_views,
    event_page_views,
    own_events_views,
    sign_up_policy_views,
    sitemap_views,
)
from eventreg.events.unchanged_answers import UnchangedAnswers
from eventreg.exports import export_views
from eventreg.extensions import babel, compress, csrf, limiter, migrate
from eventreg.external_calendars import external_calendar_views
from eventreg.i18n import LANGUAGES, install_language_prefix, request_language
from eventreg.messages import message_sending_views, message_views
from eventreg.organisers import (
    account_administration_views,
    audit_views,
    organiser_editing_views,
    organiser_page_views,
    own_account_views,
    panel_guard_views,
    panel_home_views,
    people_views,
    sign_in,
    sign_in_views,
)
from eventreg.organisers.sign_in_rules import SESSION_LIFETIME
from eventreg.outbox import mail_log_views, smtp_delivery
from eventreg.panel_session import PanelSessionInterface
from eventreg.privacy import clause_views, privacy_views
from eventreg.questions import question_editing_views, question_totals_views
from eventreg.registrations import (
    address_changing_views,
    approval_views,
    attendee_answers_views,
    attendee_list_views,
    attendee_views,
    finding_links_views,
    group_page_views,
    group_sign_up_views,
    import_views,
    moving_views,
    own_corrections_views,
    own_data_views,
    own_page_views,
    personal_calendar_views,
    sign_up_views,
    substitution_views,
    waiting_list_views,
)
from eventreg.series import series_editing_views, series_views
from eventreg.site import declaration_views, health_views, site_administration_views

ROOT = Path(__file__).resolve().parent.parent

BLUEPRINTS: tuple[Blueprint, ...] = (
    health_views.blueprint,
    event_list_views.blueprint,
    event_page_views.blueprint,
    series_views.blueprint,
    organiser_page_views.blueprint,
    subscribe_views.blueprint,
    sitemap_views.blueprint,
    sign_up_views.blueprint,
    own_page_views.blueprint,
    group_sign_up_views.blueprint,
    group_page_views.blueprint,
    substitution_views.blueprint,
    own_corrections_views.blueprint,
    address_changing_views.blueprint,
    own_data_views.blueprint,
    personal_calendar_views.blueprint,
    finding_links_views.blueprint,
    calendar_views.blueprint,
    list_feed_views.blueprint,
    sign_in_views.blueprint,
    panel_home_views.blueprint,
    own_account_views.blueprint,
    people_views.blueprint,
    clause_views.blueprint,
    audit_views.blueprint,
    organiser_editing_views.blueprint,
    account_administration_views.blueprint,
    site_administration_views.blueprint,
    privacy_views.blueprint,
    declaration_views.blueprint,
    attendee_list_views.blueprint,
    attendee_views.blueprint,
    attendee_answers_views.blueprint,
    approval_views.blueprint,
    waiting_list_views.blueprint,
    moving_views.blueprint,
    import_views.blueprint,
    export_views.blueprint,
    question_editing_views.blueprint,
    question_totals_views.blueprint,
    own_events_views.blueprint,
    event_editing_views.blueprint,
    event_life_views.blueprint,
    event_history_views.blueprint,
    sign_up_policy_views.blueprint,
    message_views.blueprint,
    message_sending_views.blueprint,
    mail_log_views.blueprint,
    series_editing_views.blueprint,
    external_calendar_views.blueprint,
)
"""Every room's views. Panel blueprints are listed in tests/views/organisers with who may open them."""


def create_app(config: Config) -> Flask:
    """The application for a configuration. Touches neither the network nor the database."""
    logs.set_up()
    app = Flask(
        "eventreg",
        root_path=str(ROOT / "eventreg"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "eventreg" / "static"),
    )
    app.config.from_mapping(_flask_settings(config))
    app.extensions["eventreg.config"] = config
    app.session_interface = PanelSessionInterface()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _install_extensions(app, config)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    cli.install(app)
    app.wsgi_app = UnchangedAnswers(app.wsgi_app, app)  # type: ignore[method-assign]  # Flask's documented way
    app.wsgi_app = install_language_prefix(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way
    if config.trusted_proxies:
        hops = config.trusted_proxies
        # Few proxies overwrite X-Forwarded-Prefix: a visitor could choose where a cached page's links lead (abuse 40).
        prefix = hops if urlsplit(config.base_url).path else 0
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=prefix)  # type: ignore[method-assign]  # same
    return app


def _flask_settings(config: Config) -> dict[str, object]:
    return {
        "SECRET_KEY": config.secret_key,
        "SECRET_KEY_FALLBACKS": list(config.secret_key_fallbacks),
        "BASE_URL": config.base_url,
        "TRUSTED_HOSTS": list(config.trusted_hosts),
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),  # addresses carry a mark of the content
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(config),
        "BABEL_DEFAULT_LOCALE": "pl",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Warsaw",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "eventreg" / "translations"),
        "SESSION_COOKIE_NAME": "eventreg_panel",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.is_https,
        "PERMANENT_SESSION_LIFETIME": SESSION_LIFETIME,
        "WTF_CSRF_CHECK_DEFAULT": False,  # public posts: http_headers; the panel: panel_guard_views
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
        "RATELIMIT_ENABLED": config.rate_limits,
        "RATELIMIT_STORAGE_URI": config.redis_url or "memory://",
        "RATELIMIT_STRATEGY": "fixed-window",
        "RATELIMIT_STORAGE_OPTIONS": {"wrap_exceptions": True},
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,  # without Redis each process counts for itself
        "COMPRESS_REGISTER": False,  # public pages and files ask for it; pages with secrets never do (BREACH)
    }


def _engine_options(config: Config) -> dict[str, object]:
    quiet = {"hide_parameters": True}  # or a failed statement would print people's names and addresses (abuse 26)
    if make_url(config.database_url).get_backend_name() == "sqlite":
        return {**quiet, "connect_args": {"check_same_thread": False}}
    return {**quiet, "pool_size": 10, "max_overflow": 10, "pool_pre_ping": True, "pool_timeout": 10}


def _install_extensions(app: Flask, config: Config) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=request_language)
    logs.install(app)
    limiter.init_app(app)  # before CSRF, or refused posts would not be counted
    http_headers.install(app)
    csrf.init_app(app)
    compress.init_app(app)
    app.view_functions["static"] = compress.compressed()(app.view_functions["static"])
    links.install(app)
    smtp_delivery.install(app, config)
    error_pages.install(app)
    sign_in.install_security(app, config)
    panel_guard_views.install(app)
    app.jinja_env.globals.update(site_name=config.site_name, languages=LANGUAGES)
