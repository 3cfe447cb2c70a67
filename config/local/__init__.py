"""The launcher: one command runs the register on one's own machine, one tests it, one checks it.

The verbs are modules: ``python3 -m config.local.run``, ``.test``, ``.check``, ``.fix``, ``.bench``. They start under
any Python 3.11 with nothing installed, prepare ``.venv`` and continue inside it.
"""

import sys

# Here, because this file is read before a module whose syntax an older Python would not understand.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "The register needs Python 3.11 or later and this is Python "
        + ".".join(map(str, sys.version_info[:2]))
        + ": install it (Debian 12: apt-get install python3 python3-venv) or name it, as in "
        + "`make run PYTHON=/usr/bin/python3.11`."
    )
