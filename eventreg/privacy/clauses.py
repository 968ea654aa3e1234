"""Keeping an organiser's information clause: each save is a version of its own, older ones stay for good.

A registration names the version its person was shown, so no version is ever changed or deleted.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from eventreg.database import transaction
from eventreg.organisers import audit
from eventreg.organisers.models import Organiser
from eventreg.privacy.clause_rules import BodyKind, ClauseFacts, draft_clause, fill_clause, without_notes
from eventreg.privacy.models import InformationClause
from eventreg.privacy.queries import current_clause, latest_version

SAMPLE_OFFICER = "iod@example.org"
SAMPLE_TASK = "art. 7 ust. 1 pkt 20 ustawy z dnia 8 marca 1990 r. o samorządzie gminnym"


@dataclass(frozen=True, slots=True)
class ClauseSource:
    """What the owner edits: the facts, and the texts with their placeholders."""

    facts: ClauseFacts
    text_pl: str
    text_en: str


def clause_to_edit(organiser: Organiser) -> ClauseSource:
    """The present version to go on from, or a draft made from what is known of the organiser."""
    clause = current_clause(organiser)
    if clause is None:
        return drafted(organiser, _known_facts(organiser))
    if clause.source is None:
        return ClauseSource(_known_facts(organiser, clause.retention_months), clause.text_pl, clause.text_en)
    return ClauseSource(ClauseFacts(**clause.source["facts"]), clause.source["text_pl"], clause.source["text_en"])


def drafted(organiser: Organiser, facts: ClauseFacts) -> ClauseSource:
    """The draft in both languages for this type of body."""
    kind = BodyKind(organiser.kind)
    return ClauseSource(facts, draft_clause(kind, facts, "pl"), draft_clause(kind, facts, "en"))


def sample_clause(organiser: Organiser) -> ClauseSource:
    """A draft without open ends, for sample organisers: an invented officer and task, no notes to a lawyer."""
    facts = replace(_known_facts(organiser), officer=SAMPLE_OFFICER, task=SAMPLE_TASK)
    source = drafted(organiser, facts)
    return ClauseSource(facts, without_notes(source.text_pl), without_notes(source.text_en))


def save_clause(organiser_id: int, source: ClauseSource, by_account_id: int | None, now: datetime) -> InformationClause:
    """Stores a new version, which is the one shown from now on. What is shown is frozen: placeholders are filled."""
    with transaction() as session:
        organiser = session.get_one(Organiser, organiser_id, with_for_update=True)
        clause = InformationClause(
            organiser_id=organiser_id,
            version=latest_version(organiser_id) + 1,
            text_pl=fill_clause(source.text_pl, source.facts, "pl"),
            text_en=fill_clause(source.text_en, source.facts, "en"),
            source={
                "facts": asdict(source.facts),
                "text_pl": source.text_pl,
                "text_en": source.text_en,
            },
            retention_months=source.facts.retention_months,
            created_at=now,
            created_by_id=by_account_id,
        )
        session.add(clause)
        session.flush()
        organiser.current_clause_id = clause.id
        audit.record(by_account_id, "clause_saved", organiser_id, detail={"version": clause.version}, now=now)
        return clause


def _known_facts(organiser: Organiser, retention_months: int | None = None) -> ClauseFacts:
    facts = ClauseFacts(
        controller=organiser.legal_name or organiser.name,
        address=organiser.address,
        contact=organiser.contact_email,
    )
    if retention_months is None:
        return facts
    return ClauseFacts(facts.controller, facts.address, facts.contact, retention_months=retention_months)
