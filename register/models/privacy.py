"""The privacy class of every column, wherever it comes from.

``identifying``: a person, or text that may hold one. ``quasi``: identifying only together with other columns. ``free``:
no risk of its own. Columns of the record take their class from the data dictionary; the rest stands here. A test proves
that every column has exactly one class.
"""

from django.db import models

from register.quality import dictionary

IDENTIFYING, QUASI, FREE = "identifying", "quasi", "free"

# Columns with the same meaning in every table that has them.
EVERYWHERE = {
    "id": FREE,
    "row_version": FREE,
    "case": FREE,
    "case_version": FREE,
    "release": FREE,
    "at": FREE,
    "created_at": FREE,
    "published_at": FREE,
    "by": IDENTIFYING,
    "created_by": IDENTIFYING,
    "removed_at": FREE,
}

VOCABULARY = (
    "CodeValue",
    "EudaGroup",
    "ForensicService",
    "Icd10Code",
    "Laboratory",
    "Municipality",
    "PopulationCount",
    "Region",
    "Substance",
    "SubstanceGroup",
    "SubstanceSynonym",
    "CaseNumberSeries",
    "PublishedFile",
    "PublishedRelease",
    "ReleaseTable",
)

COLUMNS: dict[str, dict[str, str]] = {
    "Case": {
        "assigned_to": IDENTIFYING,
        "decided_by": IDENTIFYING,
        "changed_at": FREE,
        "submitted_at": FREE,
        "last_touched": FREE,
        "import_key": FREE,
        "state_since": FREE,
        "reopening_asked_by": IDENTIFYING,
        "reviewed_by": IDENTIFYING,
        "reviewed_at": FREE,
        "reviewed_version": FREE,
        "unreviewed_since": FREE,
        "closable_since": FREE,
    },
    "StatusChange": {
        "name": FREE,
        "from_status": FREE,
        "to_status": FREE,
        "role": FREE,
        "reason": IDENTIFYING,
        "version": FREE,
    },
    "AcceptedFinding": {"code": FREE, "field": FREE, "reason": IDENTIFYING},
    "UnreadAnswer": {
        "page": FREE,
        "field": FREE,
        "row": FREE,
        "typed": IDENTIFYING,
        "problem_nl": IDENTIFYING,
        "problem_en": IDENTIFYING,
    },
    "UnfinishedForm": {"form": FREE, "about": FREE, "typed": IDENTIFYING},
    "Assessment": {"coding_confirmed_by": IDENTIFYING},
    "DefinitionResult": {"explanation_nl": FREE, "explanation_en": FREE},
    "Query": {"opened_by": IDENTIFYING, "opened_at": FREE},
    "QueryMessage": {"query": FREE, "role": FREE},
    "ToxSample": {"request": FREE},
    "ToxResult": {"request": FREE, "sample": FREE},
    "Release": {
        "identifier": FREE,
        "title": FREE,
        "status": FREE,
        "target_status": FREE,
        "definition": FREE,
        "year_from": FREE,
        "year_to": FREE,
        "cut_off": FREE,
        "threshold": FREE,
        "rule_version": FREE,
        "hierarchy_version": FREE,
        "population": FREE,
        "embargo_until": FREE,
        "note": FREE,
        "supersedes": FREE,
        "build": FREE,
        "build_message_nl": FREE,
        "build_message_en": FREE,
        "built_at": FREE,
        "report": QUASI,
        "submitted_by": IDENTIFYING,
        "approved_by": IDENTIFYING,
    },
    "ReleaseChange": {"name": FREE, "from_status": FREE, "to_status": FREE, "reason": FREE},
    "PopulationVersion": {
        "code": FREE,
        "source": FREE,
        "published_on": FREE,
        "demo": FREE,
        "reason": FREE,
    },
    "ReleaseCells": {"body": QUASI},
    "ReleaseExtract": {"cases": FREE, "body": QUASI, "sha256": FREE},
    "User": {
        "password": IDENTIFYING,
        "last_login": IDENTIFYING,
        "is_superuser": FREE,
        "username": IDENTIFYING,
        "first_name": IDENTIFYING,
        "last_name": IDENTIFYING,
        "email": IDENTIFYING,
        "is_staff": FREE,
        "is_active": FREE,
        "date_joined": FREE,
        "role": FREE,
        "region": FREE,
        "forensic_service": FREE,
        "ends_on": FREE,
        "language": FREE,
        "theme": FREE,
        "worklist_columns": FREE,
        "groups": FREE,
        "user_permissions": FREE,
        "grant_version": FREE,
        "session_epoch": FREE,
    },
    "Invitation": {
        "name": IDENTIFYING,
        "email": IDENTIFYING,
        "username": IDENTIFYING,
        "language": FREE,
        "role": FREE,
        "region": FREE,
        "forensic_service": FREE,
        "ends_on": FREE,
        "sending": FREE,
        "expires_at": FREE,
        "sent_at": FREE,
        "revoked_at": FREE,
        "accepted_at": FREE,
        "user": IDENTIFYING,
    },
    "AccountChange": {
        "user": IDENTIFYING,
        "name": FREE,
        "reason": IDENTIFYING,
        "role": FREE,
        "region": FREE,
        "forensic_service": FREE,
        "ends_on": FREE,
        "is_active": FREE,
    },
    "ApiToken": {
        "organisation": FREE,
        "digest": IDENTIFYING,
        "scope": FREE,
        "expires_at": FREE,
        "revoked_at": FREE,
        "last_used_at": FREE,
    },
    "Session": {
        "session_key": IDENTIFYING,
        "session_data": IDENTIFYING,
        "expire_date": FREE,
        "person": IDENTIFYING,
        "begun_at": FREE,
        "seen_at": FREE,
        "agent": QUASI,
    },
    "SignInTry": {"key": IDENTIFYING},
    "Save": {
        "actor": IDENTIFYING,
        "use_case": FREE,
        "object_id": FREE,
        "digest": FREE,
        "status": FREE,
        "location": FREE,
        "version": FREE,
    },
    "LogReview": {
        "measure": FREE,
        "span": FREE,
        "person": IDENTIFYING,
        "day": FREE,
        "counted": FREE,
        "outcome": FREE,
        "note": IDENTIFYING,
    },
    "OutboxMessage": {
        "key": FREE,
        "task": FREE,
        "payload": FREE,
        "actor": IDENTIFYING,
        "trace": FREE,
        "available_at": FREE,
        "parked_at": FREE,
        "done_at": FREE,
        "attempts": FREE,
        "last_error": FREE,
    },
    "Heartbeat": {"name": FREE},
    "Presence": {"person": IDENTIFYING},
    "SavedList": {
        "owner": IDENTIFYING,
        "name": IDENTIFYING,
        "base": FREE,
        "region": FREE,
        "substance": FREE,
        "assigned": FREE,
    },
    "SubstanceChange": {"substance": FREE, "act": FREE, "reason": IDENTIFYING, "before": FREE, "after": FREE},
    "NameLink": {"words": IDENTIFYING, "substance": FREE, "rows": FREE, "undone_at": FREE},
    "DuplicatePair": {
        "first": FREE,
        "second": FREE,
        "score": FREE,
        "evidence": QUASI,
        "state": FREE,
        "found_at": FREE,
        "decided_by": IDENTIFYING,
        "decided_at": FREE,
        "reason": IDENTIFYING,
        "first_version": FREE,
        "taken": FREE,
        "copied": FREE,
    },
}


def classes_of(model: type[models.Model], column: str) -> list[str]:
    """Every class that some list gives to ``column`` of ``model``; a sound register gives exactly one."""
    name = model.__name__
    found = [
        spec.privacy
        for spec in dictionary.fields_of(name)
        if column in (spec.field, f"{spec.field}_missing", f"{spec.field}_from", f"{spec.field}_to")
    ]
    if column in COLUMNS.get(name, {}):
        found.append(COLUMNS[name][column])
    if not found and column in EVERYWHERE:
        found.append(EVERYWHERE[column])
    if not found and name in VOCABULARY:
        found.append(FREE)
    return found
