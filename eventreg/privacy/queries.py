"""Information clauses: rows in, rows out."""

from collections.abc import Sequence

from sqlalchemy import func, select

from eventreg.database import db
from eventreg.organisers.models import Organiser
from eventreg.privacy.models import InformationClause


def current_clause(organiser: Organiser) -> InformationClause | None:
    """The version shown at present, or None when the organiser has none."""
    if organiser.current_clause_id is None:
        return None
    return db.session.get(InformationClause, organiser.current_clause_id)


def clause_version(organiser_id: int, version: int) -> InformationClause | None:
    """One version of an organiser's clause."""
    return db.session.scalar(
        select(InformationClause).where(
            InformationClause.organiser_id == organiser_id, InformationClause.version == version
        )
    )


def clause_versions(organiser_id: int) -> Sequence[InformationClause]:
    """All versions, the newest first."""
    return db.session.scalars(
        select(InformationClause)
        .where(InformationClause.organiser_id == organiser_id)
        .order_by(InformationClause.version.desc())
    ).all()


def latest_version(organiser_id: int) -> int:
    """The number of the newest version; 0 when there is none."""
    return (
        db.session.scalar(
            select(func.max(InformationClause.version)).where(InformationClause.organiser_id == organiser_id)
        )
        or 0
    )


def organisers_with_clause() -> Sequence[Organiser]:
    """Whose clause the privacy page lists: everybody who has one, by name."""
    return db.session.scalars(
        select(Organiser).where(Organiser.current_clause_id.is_not(None)).order_by(Organiser.name)
    ).all()


def organisers_without_clause() -> Sequence[Organiser]:
    """Who may not ask anybody for data yet, by name."""
    return db.session.scalars(
        select(Organiser).where(Organiser.current_clause_id.is_(None)).order_by(Organiser.name)
    ).all()


def clause_by_id(clause_id: int | None) -> InformationClause | None:
    """One version of a clause; None for None."""
    return None if clause_id is None else db.session.get(InformationClause, clause_id)
