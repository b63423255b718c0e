"""What tests read of answers."""

import json
import xml.etree.ElementTree as ET
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests.www.open311.conftest import BASE


def url(path: str) -> str:
    """The address of a call."""
    return f"{BASE}/{path}"


def data(response: Any, status: int = 200) -> Any:
    """The JSON of an answer of that status."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json; charset=utf-8"
    return json.loads(response.content)


def tree(response: Any, status: int = 200) -> ET.Element:
    """The XML of an answer of that status: declared, plain elements, no attributes, no namespace."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    assert response.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    root = ET.fromstring(response.content)
    assert all(not element.attrib and not element.tag.startswith("{") for element in root.iter())
    return root


def names(element: ET.Element) -> list[str]:
    """The names of an element's children."""
    return [child.tag for child in element]


def values(element: ET.Element) -> dict[str, str]:
    """The texts of an element's children."""
    return {child.tag: child.text or "" for child in element}


def ids(response: Any) -> list[str]:
    """The ids of a list in JSON."""
    return [row["service_request_id"] for row in data(response)]


def the_case(response: Any) -> Case:
    """The case that a report became."""
    number = data(response)[0]["service_request_id"]
    with organisation_scope(Organisation.objects.get(slug="motala").pk):
        return Case.objects.select_related("case_type").get(number=number)


def picture(name: str = "photo.jpg", colour: str = "green") -> SimpleUploadedFile:
    """A picture to send."""
    made = BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")
