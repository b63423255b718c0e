"""A description as JSON that a person can read and change."""

import json
from typing import Any


def readable_json(content: dict[str, Any]) -> str:
    """Indented, with å, ä and ö as they are, and what every type has first."""
    first = ("schema", "code", "kind", "category", "name", "help")
    ordered = {key: content[key] for key in first if key in content}
    ordered.update({key: value for key, value in content.items() if key not in ordered})
    return json.dumps(ordered, ensure_ascii=False, indent=2)
