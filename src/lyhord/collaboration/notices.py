"""What units are told about the common queue: that there is something, never what."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.cases.models import Case
from lyhord.collaboration.models import PoolEntry
from lyhord.notifications.kind import NoticeKind
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url


class PoolOffered(NoticeKind):
    """To the unit that gets what nobody else has: another municipality asks for help."""

    slug: ClassVar[str] = "pool_offered"
    label: ClassVar[str | Promise] = _("Fråga i den gemensamma kön")

    def __init__(self, *, organisation: Organisation, entry: PoolEntry) -> None:
        super().__init__(organisation=organisation, language=(organisation.languages or ["sv"])[0])
        self.entry = entry

    @property
    def about(self) -> tuple[str, int]:
        return "pool_entry", self.entry.pk

    @property
    def dedupe_key(self) -> str:
        return f"pool-{self.entry.uid}"

    @property
    def link(self) -> str:
        return public_url(self.organisation, "/desk/gemensam/")

    def context(self) -> dict[str, Any]:
        return {"giver": self.entry.giver.name}


class PoolTaken(NoticeKind):
    """To the unit whose case it was: another municipality has it now."""

    slug: ClassVar[str] = "pool_taken"
    label: ClassVar[str | Promise] = _("Ärendet är övertaget")

    def __init__(self, *, organisation: Organisation, case: Case) -> None:
        super().__init__(organisation=organisation, language=(organisation.languages or ["sv"])[0])
        self.case = case

    @property
    def about(self) -> tuple[str, int]:
        return "case", self.case.pk

    @property
    def dedupe_key(self) -> str:
        return f"case-{self.case.pk}-taken-{self.case.revision}"

    @property
    def link(self) -> str:
        return public_url(self.organisation, f"/desk/{self.case.pk}/")

    def context(self) -> dict[str, Any]:
        return {"number": self.case.number}
