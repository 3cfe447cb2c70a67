"""For the machines that look after this one: is it alive, is it ready, which version is it. No person, no case."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
def livez(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and every migration is applied, else 503 with what is wrong."""
    problem = _database_problem()
    if problem:
        return JsonResponse({"status": "unavailable", "database": problem}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})


@require_safe
@login_not_required
def version_of_register(request: HttpRequest) -> JsonResponse:
    """The version of the register that runs here."""
    return JsonResponse({"version": _version(), "api": settings.API_VERSION})


def _database_problem() -> str:
    try:
        executor = MigrationExecutor(connections["default"])
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "no connection"
    return "migrations are waiting" if waiting else ""


def _version() -> str:
    try:
        return version("drug-death-register")
    except PackageNotFoundError:
        return _version_in(settings.BASE_DIR / "pyproject.toml")


def _version_in(file: Path) -> str:
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(line.partition("=")[2].strip().strip('"') for line in lines if line.startswith("version"))
