"""Set up, check and switch a case system: `./lyhord manage case_system motala "RT" --adapter rt --set url=… --on`.

The secret is read from the environment variable LYHORD_CASE_SYSTEM_SECRET, so that it stands in no list of processes.
"""

import json
import os
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lyhord.core.actor import Actor
from lyhord.core.clock import zone
from lyhord.core.errors import LyhordError
from lyhord.core.http import OutwardError
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import system_actions as actions
from lyhord.exchange import systems
from lyhord.exchange.adapter import ADAPTERS, AdapterError
from lyhord.exchange.faults import fault_of
from lyhord.exchange.models import ChangeState, Outgoing, System
from lyhord.exchange.tasks import stored
from lyhord.organisations.models import Organisation

BY = Actor.system("case_system")


class Command(BaseCommand):
    """See the module."""

    help = "Sets up, checks, switches and backfills a case system."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is to be done."""
        parser.add_argument("organisation")
        parser.add_argument("name")
        parser.add_argument("--adapter", choices=ADAPTERS.slugs())
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
        parser.add_argument("--mapping", help="a JSON file: types, handover, states_out, states_in, people")
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--on", action="store_true")
        parser.add_argument("--off", action="store_true")
        parser.add_argument("--resend-failed", action="store_true", help="try once more what has failed for good")
        parser.add_argument("--give-up-failed", action="store_true", help="let it be; what waits behind it goes on")
        parser.add_argument("--backfill", metavar="YYYY-MM-DD")
        parser.add_argument(
            "--dry-run", action="store_true", help="with --backfill: only say which cases would be sent"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, in this order."""
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"no organisation is called {options['organisation']}")
        try:
            with organisation_scope(organisation.pk):
                system = self._saved(options)
            if options["check"]:
                self._check(system)
            with organisation_scope(organisation.pk):
                self._switch(system, options)
        except LyhordError as error:
            raise CommandError(str(error)) from error

    def _saved(self, options: dict[str, Any]) -> System:
        if options["adapter"]:
            mapping = json.loads(Path(options["mapping"]).read_text()) if options["mapping"] else None
            return actions.save_system(
                name=options["name"],
                adapter=options["adapter"],
                settings=dict(one.split("=", 1) for one in options["set"]),
                secret=os.environ.get("LYHORD_CASE_SYSTEM_SECRET", ""),
                mapping=mapping,
                by=BY,
            )
        system = System.objects.filter(name=options["name"]).first()
        if system is None:
            raise CommandError(f"no case system is called {options['name']}: set it up with --adapter")
        return system

    def _check(self, system: System) -> None:
        queues = sorted(set((system.mapping.get("types") or {}).values()))
        try:
            ADAPTERS.get(system.adapter).check(systems.connection_to(system), queues)
        except (AdapterError, OutwardError) as error:
            said = fault_of(stored(error))
            raise CommandError(" ".join(said).strip()) from error
        self.stdout.write("It answers, we may log in, and the queues are there.")

    def _switch(self, system: System, options: dict[str, Any]) -> None:
        if options["on"] or options["off"]:
            system = actions.switch_system(system_id=system.pk, active=bool(options["on"]), by=BY)
        if options["backfill"]:
            since = datetime.fromisoformat(options["backfill"]).replace(tzinfo=zone())
            if options["dry_run"]:
                for case in systems.planned(system, since):
                    self.stdout.write(f"{case.number} {systems.queue_for(system, case)}")
            else:
                count = actions.backfill(system_id=system.pk, since=since, by=BY)
                self.stdout.write(f"{count} cases are on their way.")
        self._failed(system, options)
        rows = Outgoing.objects.filter(link__system=system)
        waiting, failed = (rows.filter(state=one).count() for one in (ChangeState.WAITING, ChangeState.FAILED))
        on = "on" if system.active else "off"
        self.stdout.write(
            f"{system.name}: {on}, {waiting} waiting, {failed} failed. {' '.join(fault_of(system.last_error))}".strip()
        )

    def _failed(self, system: System, options: dict[str, Any]) -> None:
        failed = Outgoing.objects.filter(link__system=system, state=ChangeState.FAILED).select_related("link__case")
        for row in failed.order_by("pk"):
            self.stdout.write(f"{row.link.case.number} {row.kind}: {' '.join(fault_of(row.error)).strip()}")
            if options["resend_failed"]:
                actions.resend_change(outgoing_id=row.pk, by=BY)
            elif options["give_up_failed"]:
                actions.give_up_change(outgoing_id=row.pk, by=BY)
