"""The PDF of a case: the time of its parts and the size of the file, for a draft of one page and a case with results.

Run by ``make bench ARGS=paper``. The document is what the page of the case says (queries and words), typesetting is
what typst does with it; the request is both with the door, the access log and the session.
"""

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from bench.worklist import people  # noqa: E402
from register.access import cases_for  # noqa: E402
from register.audit import acting_as  # noqa: E402
from register.web.documents import typeset  # noqa: E402
from register.web.physician.printing import TEMPLATE, document  # noqa: E402
from register.web.physician.progress import with_progress  # noqa: E402
from tests import factories  # noqa: E402
from tests.signing_in import sign_in  # noqa: E402

ROUNDS = 20


def main() -> None:
    """Print a line for each case."""
    physician, reviewer = people()
    with acting_as(physician):
        cases = {
            "a draft": factories.draft(physician),
            "a case with results": factories.ready_to_close(physician, reviewer),
        }
    client = Client()
    sign_in(client, physician)
    plain = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    print(f"{'case':22} {'request ms':>11} {'document':>9} {'typst':>7} {'kB':>6}")
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=plain), acting_as(physician):
        for name, made in cases.items():
            case = with_progress(cases_for(physician)).get(pk=made.pk)
            said = document(case, physician.display_name)
            size = len(typeset(TEMPLATE, said))
            request = _middle(lambda made=made: client.get(f"/zaken/{made.pk}/pdf/"))  # type: ignore[misc]
            words = _middle(lambda case=case: document(case, physician.display_name))  # type: ignore[misc]
            setting = _middle(lambda said=said: typeset(TEMPLATE, said))  # type: ignore[misc]
            print(f"{name:22} {request:>11.0f} {words:>9.0f} {setting:>7.0f} {size / 1000:>6.0f}")


def _middle(work: Callable[[], Any]) -> float:
    """The median time in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
