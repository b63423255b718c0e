"""The demo municipalities take in mail: addresses, and some that has come and that somebody has to look at."""

from lyhord.cases.models import Case
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.draft_actions import add_draft
from lyhord.organisations.inlet_actions import set_inlet
from lyhord.organisations.models import Organisation


def take_in_mail(organisation: Organisation, *, by: Actor) -> None:
    """Addresses for questions, faults and answers; and two mails that somebody has to look at."""
    domain = f"{organisation.slug}.example"
    with organisation_scope(organisation.pk):
        set_inlet(channel="email", address=f"kontakt@{domain}", kind="fraga", trusted=True, by=by)
        set_inlet(channel="email", address=f"felanmalan@{domain}", kind="felanmalan", trusted=True, by=by)
        set_inlet(channel="email", address=f"svar@{domain}", answers=True, trusted=True, by=by)
        about = Case.objects.filter(confidential=False, protected=False).order_by("pk").first()
        if about is not None:
            add_draft(
                channel="email",
                reason="number",
                linked=about,
                name="Evert Lind",
                email="evert.lind@exempel.se",
                subject=f"Angående {about.number}",
                text=f"Hej! Min granne säger att ni har ett ärende {about.number} om vår gata. Hur går det med det?",
                by=by,
            )
        add_draft(
            channel="email",
            reason="bulk",
            name="Nyhetsbrev för kommuner",
            email="nyheter@konferens.example",
            subject="Vårens konferens om hållbara städer",
            text="Nu öppnar anmälan till vårens konferens. Anmäl er före den 1 februari så får ni rabatt.",
            by=by,
        )
