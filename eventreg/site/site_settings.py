"""Setting what belongs to the whole site, and reading it as frozen values."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TypeVar

from flask import current_app

from eventreg.config import Config
from eventreg.database import transaction
from eventreg.organisers import audit
from eventreg.site.declaration_rules import Declaration
from eventreg.site.models import THE_ROW, SiteSettings
from eventreg.site.queries import stored_settings


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the site."""

    operator_name: str = ""
    operator_address: str = ""
    operator_email: str = ""
    operator_phone: str = ""
    privacy_pl: str = ""
    privacy_en: str = ""


@dataclass(frozen=True, slots=True)
class DeclarationSettings:
    """The fields of the accessibility declaration, both languages."""

    published_on: date | None = None
    updated_on: date | None = None
    declaration_status: str = "partial"
    exceptions_pl: str = ""
    exceptions_en: str = ""
    declared_on: date | None = None
    reviewed_on: date | None = None
    assessor: str = ""
    contact_person: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    architecture_pl: str = ""
    architecture_en: str = ""
    apps_pl: str = ""
    apps_en: str = ""


Group = TypeVar("Group", Operator, DeclarationSettings)


def operator() -> Operator:
    """Who runs the site, as stored."""
    return _read(Operator, stored_settings())


def declaration_settings() -> DeclarationSettings:
    """The declaration's fields, as stored."""
    return _read(DeclarationSettings, stored_settings())


def declaration(language: str) -> Declaration:
    """The declaration in a language; texts that exist only in Polish are given in Polish."""
    config: Config = current_app.extensions["eventreg.config"]
    found = declaration_settings()

    def text(name: str) -> str:
        return str(getattr(found, f"{name}_{language}", "") or getattr(found, f"{name}_pl"))

    return Declaration(
        entity=operator().operator_name,
        site_name=config.site_name,
        url=config.base_url + "/",
        published_on=found.published_on,
        updated_on=found.updated_on,
        status=found.declaration_status,
        exceptions=text("exceptions"),
        declared_on=found.declared_on,
        reviewed_on=found.reviewed_on,
        assessor=found.assessor,
        contact_person=found.contact_person,
        contact_email=found.contact_email,
        contact_phone=found.contact_phone,
        architecture=text("architecture"),
        apps=text("apps"),
    )


def change_site(values: Operator | DeclarationSettings, by_account_id: int | None, now: datetime) -> list[str]:
    """Stores one group of settings; returns the names of what changed (none: nothing is written)."""
    with transaction() as session:
        row = session.get(SiteSettings, THE_ROW)
        if row is None:
            row = SiteSettings(id=THE_ROW, **asdict(Operator()), **asdict(DeclarationSettings()), changed_at=now)
            session.add(row)
        changed = [name for name, value in asdict(values).items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, getattr(values, name))
        if changed:
            row.changed_at = now
            audit.record(by_account_id, "site_settings_changed", detail={"fields": changed}, now=now)
        return changed


def _read(group: type[Group], row: SiteSettings | None) -> Group:
    if row is None:
        return group()
    return group(**{name: getattr(row, name) for name in group.__dataclass_fields__})
