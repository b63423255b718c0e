"""One call of one client, as every part of the server reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.http import HttpRequest
from django.http.request import split_domain_port
from django.urls import reverse

from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import organisation_by_host, public_url
from lyhord.www.open311.formats import Format
from lyhord.www.open311.parameters import Parameters

_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Call:
    """What was asked, of which organisation, and in which language and format the answer is."""

    request: HttpRequest
    organisation: Organisation
    parameters: Parameters
    format: Format
    language: str
    pictures: bool = True
    """Whether pictures are named in what is read."""

    @cached_property
    def root(self) -> str:
        """The scheme and host that the client reached us by, so that it goes on using them."""
        return f"{self.request.scheme}://{self.request.get_host()}"

    def url(self, path: str) -> str:
        """The whole address of a path of this server's."""
        return f"{self.root}{path}"

    def page(self, path: str) -> str:
        """The whole address of a page or a picture of the organisation's: those are on its own host only."""
        shared = organisation_by_host(split_domain_port(self.request.META.get("HTTP_HOST", ""))[0]) is None
        return public_url(self.organisation, path) if shared else self.url(path)

    def photos(self, uids: Iterable[UUID]) -> list[str]:
        """The whole addresses of pictures."""
        return [self._photo.replace(str(_NOBODY), str(uid)) for uid in uids] if self.pictures else []

    @cached_property
    def _photo(self) -> str:
        """The address of no picture; working one out for each of a thousand takes its time."""
        return self.page(reverse("public:image", args=[_NOBODY, "large"]))
