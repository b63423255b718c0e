"""`seed_demo`: the two demo municipalities."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lyhord.demo.people import PASSWORD, PEOPLE
from lyhord.demo.seed import seed_demo


class Command(BaseCommand):
    """Fills an empty database with Motala and Mjölby; does nothing when they are there."""

    help = "Fyll databasen med två exempelkommuner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=24, help="så många ärenden genast")
        parser.add_argument("--later", type=int, default=216, help="så många till efter en stund")

    def handle(self, *args: Any, **options: Any) -> None:
        if not seed_demo(cases=options["cases"], later=options["later"]):
            self.stdout.write("Exempelkommunerna finns redan.")
            return
        self.stdout.write(f"Logga in som personal med lösenordet {PASSWORD}:")
        for slug, people in PEOPLE.items():
            for person in people:
                self.stdout.write(f"  {slug:8} {person.role:15} {person.email}")
