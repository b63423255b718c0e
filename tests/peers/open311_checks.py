"""What Schemathesis looks for besides: XML as Open311 clients need it. Loaded by Schemathesis, not by pytest."""

import importlib
import xml.etree.ElementTree as ET
from typing import Any

schemathesis: Any = importlib.import_module("schemathesis")
ROOTS = {"discovery", "services", "service_definition", "service_requests", "service_request_updates", "errors"}


def plain_xml(context: Any, response: Any, case: Any) -> None:
    """Declared, well-formed, plain elements; errors where the status says so, in the format that was asked for."""
    wanted = str(case.path_parameters.get("format", "")) if case.path_parameters else ""
    kind = response.headers["content-type"][0]
    if wanted in {"json", "xml"} and case.operation.path.endswith("{format}"):
        assert kind == {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}[wanted], kind
    if not kind.startswith("text/xml") or case.method == "HEAD":
        return
    assert response.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    root = ET.fromstring(response.content)
    assert root.tag in ROOTS
    assert all(not element.attrib and not element.tag.startswith("{") for element in root.iter())
    assert (root.tag == "errors") == (response.status_code >= 400)
    if root.tag == "errors":
        assert all(error.findtext("code") and error.findtext("description") for error in root)


schemathesis.check(plain_xml)
