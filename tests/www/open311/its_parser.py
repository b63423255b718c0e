"""XML as FixMyStreet's client reads it: with its parser's lists, groups and empty elements, in our own words."""

import xml.etree.ElementTree as ET
from typing import Any

GROUPS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "service_request_updates": "request_update",
}
ALWAYS_LISTS = set(GROUPS.values())


def read(content: bytes) -> Any:
    """The root's children as a dict, without the root's own name; None for an empty root."""
    return _read(ET.fromstring(content))


def _read(element: ET.Element) -> Any:
    if not len(element) and not element.attrib:
        text = element.text or ""
        return text if text.strip() else None
    found: dict[str, Any] = dict(element.attrib)
    for child in element:
        value = _read(child)
        inner = GROUPS.get(child.tag)
        if inner and isinstance(value, dict) and set(value) == {inner}:
            value = value[inner]
        if child.tag in ALWAYS_LISTS:
            found.setdefault(child.tag, []).append(value)
        elif child.tag in found:
            had = found[child.tag]
            found[child.tag] = [*had, value] if isinstance(had, list) else [had, value]
        else:
            found[child.tag] = value
    return found
