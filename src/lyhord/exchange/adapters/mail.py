"""Mail, where there is no system: the last resort. One mail for the case, one for each answer, all in one thread.

What they answer comes in as mail does (letters.py). A mail that may have left is sent again under the same Message-ID:
mail has no better way.
"""

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lyhord.exchange.adapter import Adapter, AdapterError, Batch, Change, Connection, News, Setting
from lyhord.exchange.letters import ADAPTER, ANSWER, BEGUN, DONE
from lyhord.exchange.models import ChangeKind
from lyhord.notifications.sender import SenderError
from lyhord.notifications.smtp import deliver

MOST_BYTES = 15_000_000  # many servers take no more than 20 MB, and files grow by a third on the way
MAP = "https://www.openstreetmap.org/?mlat={lat:.6f}&mlon={lon:.6f}#map=18/{lat:.6f}/{lon:.6f}"
RESIDENT = lazy("Den som hörde av sig skriver:")


class Mail(Adapter):
    """A mailbox, and a person who reads it."""

    slug = ADAPTER
    label = lazy("Mejl, där det inte finns något system")
    queue_label = lazy("sort")
    has_secret = False
    settings = (
        Setting("email", lazy("Deras mejladress"), lazy("Dit går ärendena, och därifrån svarar de."), mail=True),
    )
    takes = frozenset({ChangeKind.CREATE, ChangeKind.PUBLIC, ChangeKind.RESIDENT})
    states_out = {
        "received": "",
        "assigned": "",
        "in_progress": BEGUN,
        "planned": "",
        "waiting": "",
        "resolved": DONE,
        "not_resolved": "",
        "refused": "",
        "duplicate": "",
    }
    states_in = {BEGUN: "in_progress", DONE: "resolved"}

    def check(self, connection: Connection, queues: list[str]) -> None:
        """Nothing can be tried without writing to them."""

    def create(self, connection: Connection, change: Change) -> str:
        """The case, in lines that a person and a program can read."""
        rows = [(_("Ärende"), change.title), (_("Sort"), change.queue)]
        if change.lat is not None and change.lon is not None:
            rows += [
                (_("Plats"), f"{change.lat:.6f}, {change.lon:.6f}"),
                (_("Karta"), MAP.format(lat=change.lat, lon=change.lon)),
            ]
        head = "\n".join(f"{name}: {value}" for name, value in rows)
        self._send(connection, change, change.title, f"{head}\n\n{change.text}")
        return change.key

    def send(self, connection: Connection, remote_id: str, change: Change, *, again: bool) -> None:
        """What was said since."""
        text = f"{RESIDENT}\n{change.text}" if change.kind is ChangeKind.RESIDENT else change.text
        self._send(connection, change, remote_id, text)

    def start(self, connection: Connection) -> str:
        """Their answers come by themselves."""
        return self.slug

    def pull(self, connection: Connection, cursor: str) -> Batch:
        """Nothing is asked for."""
        return Batch((), cursor)

    def content(self, connection: Connection, news: News) -> News:
        """It is all there."""
        return news

    def _send(self, connection: Connection, change: Change, subject: str, text: str) -> None:
        if not change.reply_to:
            raise AdapterError("settings", _("Det finns ingen adress som tar emot svar."), permanent=True)
        if sum(len(file.data) for file in change.files) > MOST_BYTES:
            raise AdapterError("too_big", permanent=True)
        name = change.key.replace("/", "-")
        mail = EmailMessage(
            subject=f"[{change.office}] {subject}",
            body=f"{text}\n\n-- \n{how_to_answer()}\n{change.office}",
            from_email=f'"{change.office.replace(chr(34), "")}" <{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}>',
            to=[connection.settings["email"]],
            reply_to=[change.reply_to],
            headers={
                "Message-ID": f"<{name}+{change.thread[1:]}",  # ours, should it come round
                "References": change.thread,
                "Auto-Submitted": "auto-generated",
                "X-Lyhord-Case": change.key,
            },
        )
        for file in change.files:
            mail.attach(file.name, file.data, file.content_type)
        try:
            deliver(mail)
        except SenderError as error:
            code = "refused" if error.permanent else "busy"
            raise AdapterError(code, str(error), permanent=error.permanent) from error


def how_to_answer() -> str:
    """What their first word does."""
    return _(
        "Svara på det här mejlet. Börjar svaret med %(answer)s går det till den som hörde av sig. Börjar det med "
        "%(begun)s eller %(done)s ändras läget också. Annars är det bara vi som läser det."
    ) % {"answer": ANSWER, "begun": BEGUN, "done": DONE}
