"""Names of properties as the land register writes them: "Varla 3:22", "LOMMA 31:9 och 31:11"."""

import re

_UNIT = r"[1-9]\d{0,3}:[1-9]\d{0,4}"
_NAME = re.compile(
    rf"\b(?P<tract>[A-ZÅÄÖ][A-Za-zÅÄÖåäöé-]+)[ \t]+(?P<units>{_UNIT}(?:(?:, | och | samt ){_UNIT})*)(?![\d:])"
)
_EACH = re.compile(_UNIT)
_NO_TRACT = frozenset({"KLOCKAN", "KL", "SFS", "SOU", "LAG", "LAGEN", "PROP", "FORDON", "BALKEN", "DS"})


def find_properties(text: str) -> list[str]:
    """Each property once, in capitals, in the order of the text: ["VARLA 3:22"]."""
    found: dict[str, None] = {}
    for match in _NAME.finditer(text):
        tract = match["tract"].upper()
        if tract in _NO_TRACT:
            continue
        for unit in _EACH.findall(match["units"]):
            found[f"{tract} {unit}"] = None
    return list(found)
