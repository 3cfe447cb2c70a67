"""A case as it may be handed in: two warnings that may be left by going on, and a code that can be suggested."""

from register.casework import moves, substances
from register.models import Case, User
from tests import factories


def doubtful(by: User) -> Case:
    """Submitted, with a suicide note beside the intent accident, and a conclusion about a drug also given in care."""
    case = factories.filled(by, {"omstandigheden": {"scene_items": "note"}})
    case = substances.add_finding(
        case_id=case.pk,
        substance="ketamine",
        role="sole_cause",
        certainty="probable",
        evidence=("scene",),
        origin="illicit",
        seen_version=case.row_version,
        by=by,
    )
    return moves.submit(case_id=case.pk, seen_version=case.row_version, accepted={}, by=by)
