"""Handing out the files of a case that are no pictures: to be saved, never to be shown by us."""

from uuid import UUID

from django.http import FileResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.models import Case, Document
from lyhord.cases.secrecy import may_know
from lyhord.core.errors import NotFound
from lyhord.files.storage import Elsewhere
from lyhord.files.storage import document as stored
from lyhord.www.elsewhere import lies_elsewhere


@require_safe
@requires(Permission.SEE_CASES)
def document(request: StaffRequest, uid: UUID) -> HttpResponseBase:
    """The file, for whoever may see a case that it is in, and know who its reporter is: nobody has read it through."""
    for found in Document.objects.select_related("file", "case").filter(file__uid=uid):
        visible = Case.objects.visible_to(request.staff).filter(pk=found.case_id).exists()
        if visible and may_know(request.staff, found.case):
            return handed_out(found.file.key, found.file.name)
    raise NotFound


def handed_out(key: str, name: str) -> HttpResponseBase:
    """Bytes to save under a name; no browser takes them for anything else."""
    found = stored(key, content_disposition_header(True, name) or "attachment")
    if isinstance(found, Elsewhere):
        return lies_elsewhere(found)
    return sealed(FileResponse(found, as_attachment=True, filename=name))


def sealed[R: HttpResponseBase](response: R) -> R:
    """The headers of what somebody else made and we only pass on."""
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
