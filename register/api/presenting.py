"""Published values as the objects of the API."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework.request import Request

from register.reporting.published import Released


def release_object(release: Released, request: Request) -> dict[str, Any]:
    """A release as JSON; the files of a retracted release are not offered."""
    files = () if release.retracted else release.files
    address = request.build_absolute_uri(reverse("api:release", args=[release.id]))
    return {
        "id": release.id,
        "url": address,
        "title": release.title,
        "status": release.status,
        "definition": release.definition,
        "ruleVersion": release.rule_version,
        "periodFrom": release.period_from,
        "periodTo": release.period_to,
        "cutoff": moment(release.cut_off),
        "publishedAt": moment(release.published_at),
        "supersedes": release.supersedes or None,
        "threshold": release.threshold,
        "rules": release.rules,
        "toxCompleteness": release.tox_completeness,
        "notes": release.note,
        "retractionReason": release.retraction_reason or None,
        "manifestSha256": release.manifest_sha256,
        "access": "public" if release.public and settings.PUBLIC_FIGURES else "token",
        "files": [
            {
                "table": None if file.of_release else file.table,
                "name": file.name,
                "url": f"{address}/{file.path}",
                "mediaType": file.media_type,
                "bytes": file.size,
                "sha256": file.sha256,
            }
            for file in files
        ],
    }


def moment(at: datetime) -> str:
    """A moment in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
