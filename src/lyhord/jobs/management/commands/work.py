"""`work`: a process that runs jobs."""

import logging
import signal
import threading
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lyhord.jobs import store
from lyhord.jobs.worker import Worker

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Run jobs until SIGTERM or SIGINT, then finish the one at hand and hand back the rest."""

    help = "Runs the jobs of the queue and keeps the schedule; start as many as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queues", default="", help="only these queues, separated by commas")
        parser.add_argument("--threads", type=int, default=1, help="jobs at the same time in this process")
        parser.add_argument("--lease", type=float, default=store.LEASE.total_seconds(), help="seconds")
        parser.add_argument("--until-empty", action="store_true", help="end when no job is due")

    def handle(self, **options: Any) -> None:
        stop, failed = threading.Event(), threading.Event()
        queues = [name for name in options["queues"].split(",") if name] or None

        def work() -> None:
            try:
                worker = Worker(queues=queues, lease=timedelta(seconds=options["lease"]), stop=stop)
                worker.run(until_empty=options["until_empty"])
            except Exception:
                logger.exception("A worker failed")
                failed.set()
                stop.set()  # a process with half its threads helps nobody: end, and be started again

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        threads = [threading.Thread(target=work, name=f"worker {number}") for number in range(options["threads"])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed.is_set():
            raise CommandError("a worker failed; the log says why")
