"""How gunicorn serves the register: ``gunicorn --config python:config.gunicorn config.wsgi:application``."""

import logging.config
from typing import Any

from gunicorn import glogging

from config.logging import LOGGING
from config.start import get_ready


class Logger(glogging.Logger):
    """The register's own lines, also for requests that are too broken to reach it. No request is logged by address."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        logging.config.dictConfig(LOGGING)


def post_worker_init(worker: Any) -> None:
    """Each worker prepares itself after its fork: a thread of the process before it would not come along."""
    get_ready()


worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
graceful_timeout = 5
preload_app = True
control_socket_disable = True
accesslog = None
logger_class = Logger
