"""Two addresses for whoever watches the server: is it alive, and is it ready to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comity.platform.work.selectors import queue_length

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process lives; touches nothing."""
    del request
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 where the database answers and its tables are up to date, else 503 with the reason in one word."""
    del request
    try:
        executor = MigrationExecutor(connection)
        pending = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if pending:
            return JsonResponse({"status": "waiting", "reason": "migrations"}, status=503)
        return JsonResponse({"status": "ready", "queue": queue_length()})
    except DatabaseError:
        return JsonResponse({"status": "waiting", "reason": "database"}, status=503)
