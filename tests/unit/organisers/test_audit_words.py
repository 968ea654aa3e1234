"""Every action that the code records has words in the trail."""

import ast
from pathlib import Path

from eventreg.organisers.audit_words import ACTIONS

ROOT = Path(__file__).resolve().parents[3] / "eventreg"


def recorded_actions() -> set[str]:
    """The literal actions given to audit.record(...), and to functions that pass one on."""
    found = set()
    for path in ROOT.rglob("*.py"):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                ("audit.record", "change_password", "turn_off_second_factor", "_password_by_link")
            ):
                found |= {
                    argument.value
                    for argument in node.args[1:4]
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                }
    return found


def test_every_recorded_action_has_words() -> None:
    recorded = recorded_actions()
    assert {"event_published", "signed_out", "password_changed", "clause_saved"} <= recorded
    assert recorded - set(ACTIONS) == set()
