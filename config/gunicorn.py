"""How gunicorn serves the register: ``gunicorn --config python:config.gunicorn config.wsgi:application``."""

import logging.config
from typing import Any

from gunicorn import glogging

from config.logging import LOGGING


class Logger(glogging.Logger):
    """The register's own lines, also for requests that are too broken to reach it. No request is logged by address."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        logging.config.dictConfig(LOGGING)


worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
graceful_timeout = 5
preload_app = True
control_socket_disable = True
accesslog = None
logger_class = Logger
