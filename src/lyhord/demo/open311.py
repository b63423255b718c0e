"""What a client of Open311 needs to try things out: a key that everybody knows, and a service of each sort.

Most of the fault tree has questions, some of them required, and some types have none. One becomes a batch service.
"""

from lyhord.cases.actions.case_types import create_version, publish_version
from lyhord.cases.models import CaseType
from lyhord.core.actor import Actor
from lyhord.intake.clients import create_key

KEY = "demo"
BATCH = "park.invasiv"


def let_programs_in(by: Actor) -> None:
    """Make the key and the batch service in the organisation of this scope."""
    create_key(client="Demo", key=KEY, throttled=False, publishes_at_once=True, by=by)
    case_type = CaseType.objects.select_related("current").get(code=BATCH)
    if case_type.current is None:
        return
    content = {**case_type.current.content, "open311": "batch"}
    version = create_version(case_type_id=case_type.pk, content=content, by=by)
    publish_version(case_type_id=case_type.pk, number=version.number, by=by)
