"""Collecting what the going-live list is judged by."""

from datetime import datetime

from flask import current_app

from eventreg.config import Config
from eventreg.outbox.heartbeat import worker_state
from eventreg.privacy.queries import organisers_without_clause
from eventreg.site.declaration_rules import missing_parts, review_is_due
from eventreg.site.going_live_rules import SiteState
from eventreg.site.queries import (
    accounts_with_generated_password,
    administrator_addresses,
    administrators_without_second_factor,
    organiser_count,
    sample_rows,
)
from eventreg.site.site_settings import declaration, operator


def site_state(now: datetime) -> SiteState:
    """The facts about configuration, data and settings, as of now."""
    config: Config = current_app.extensions["eventreg.config"]
    present, runs_it = declaration("pl"), operator()
    return SiteState(
        sample_rows=sample_rows(),
        generated_passwords=tuple(accounts_with_generated_password()),
        administrators=tuple(administrator_addresses()),
        organisers=organiser_count(),
        organisers_without_clause=tuple(organiser.name for organiser in organisers_without_clause()),
        operator_gaps=tuple(
            name for name in ("operator_name", "operator_address", "operator_email") if not getattr(runs_it, name)
        ),
        declaration_gaps=tuple(missing_parts(present)),
        declaration_review_due=review_is_due(present, now.date()),
        base_url=config.base_url,
        has_mail_server=config.mail_server is not None,
        mail_from=config.mail_from,
        worker_seen=worker_state(now).is_alive,
        rate_limits=config.rate_limits,
        workers=config.workers,
        has_redis=config.redis_url is not None,
        administrators_without_second_factor=tuple(administrators_without_second_factor()),
    )
