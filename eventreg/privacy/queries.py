"""Information clauses: rows in, rows out."""

from eventreg.database import db
from eventreg.privacy.models import InformationClause


def clause_by_id(clause_id: int | None) -> InformationClause | None:
    """One version of a clause; None for None."""
    return None if clause_id is None else db.session.get(InformationClause, clause_id)
