"""What can be told, and in which words.

An app writes its kinds in its `notices.py`, found by name at start. The words are the template
`notices/<slug>.txt`: first line the subject, the rest the body. They say that there is something new and where to
read it, never what: a mail may be read by others, and lies about for years.
"""

import re
from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.template import Context, Engine
from django.utils import translation
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from lyhord.core.text import clean_text
from lyhord.organisations.models import Organisation

_BLANK_LINES = re.compile(r"\n{3,}")

kinds: dict[str, type["NoticeKind"]] = {}


class Words(NamedTuple):
    """A notice as it is read: both plain text, the subject one line."""

    subject: str
    body: str


class NoticeKind(ABC):
    """One notice to be: made by an action, rendered at once, given to `actions.queue`.

    A kind has a slug and a label; a class without a slug is a base for others.
    """

    slug: ClassVar[str] = ""
    label: ClassVar[str | Promise] = ""
    at_once: ClassVar[bool] = False
    """A receipt, or something acute: neither gathered with other news nor kept until morning."""
    asks: ClassVar[bool] = False
    """A question to an address whether it is right, or a code: it goes at once, and to a paused address too."""

    despite_stop: ClassVar[bool] = False
    """The one answer to who says STOPP, or START again: it goes to somebody who wants nothing else."""

    news: ClassVar[bool] = False
    """Of what its reader only follows: gathered by the contact's rhythm for that, and as news counted by senders."""

    def __init__(self, *, organisation: Organisation, language: str) -> None:
        self.organisation = organisation
        self.language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not cls.slug:
            return
        if cls.slug in kinds and kinds[cls.slug].__qualname__ != cls.__qualname__:
            raise RuntimeError(f"two notice kinds have the slug {cls.slug!r}")
        kinds[cls.slug] = cls

    @property
    @abstractmethod
    def dedupe_key(self) -> str:
        """The same for the same news to the same address, whoever queues it how many times; at most 160 characters."""

    @property
    @abstractmethod
    def about(self) -> tuple[str, int]:
        """The subject's type and id: ("case", 17)."""

    @property
    @abstractmethod
    def link(self) -> str:
        """The whole address where it can be read."""

    @property
    def stop_link(self) -> str:
        """The whole address where the reader says "no more"; "" where that is done on the page of `link`."""
        return ""

    @property
    def settings_link(self) -> str:
        """The whole address where the reader chooses how and how often; "" for staff."""
        return ""

    @property
    def reply_to(self) -> str:
        """The address where an answer to it goes; "" where answers are not read."""
        return ""

    @property
    def reason(self) -> str:
        """Why its reader is told, in their language; "" where it is their own."""
        return ""

    @property
    def thread(self) -> tuple[str, ...]:
        """Message-IDs, with brackets, of what it belongs to, so that mail programs show them together."""
        return ()

    @property
    def private(self) -> bool:
        """Whether even the address is for those only who may see the subject."""
        return False

    @property
    def template(self) -> str:
        """The template's name."""
        return f"notices/{self.slug}.txt"

    def context(self) -> dict[str, Any]:
        """What the template may use beside organisation, reply_to and the three links; nothing secret."""
        return {}

    def subject(self) -> str:
        """One line."""
        return self.words.subject

    def body(self) -> str:
        """Plain text with line breaks."""
        return self.words.body

    def brief(self) -> str:
        """One line and the link, for what has no room for more."""
        return f"{self.subject()} {self.link}".strip()

    @cached_property
    def words(self) -> Words:
        """Subject and body in the reader's language."""
        links = {"link": self.link, "stop_link": self.stop_link, "settings_link": self.settings_link}
        data = {"organisation": self.organisation, "reply_to": self.reply_to, **links, **self.context()}
        return rendered(self.template, data, self.language)


def rendered(template: str, data: dict[str, Any], language: str) -> Words:
    """A template's words in a language."""
    with translation.override(language):
        # Plain text: escaping for HTML would show.
        text = Engine.get_default().get_template(template).render(Context(data, autoescape=False))
    subject, _, body = text.lstrip().partition("\n")
    return Words(clean_text(subject, one_line=True), _BLANK_LINES.sub("\n\n", clean_text(body)))


def label_of(slug: str) -> str:
    """The kind's name for staff; the slug itself when this version of the code has no such kind."""
    kind = kinds.get(slug)
    return str(kind.label) if kind else slug


def discover() -> None:
    """Import every app's `notices.py`; called once when the apps are ready."""
    autodiscover_modules("notices")
