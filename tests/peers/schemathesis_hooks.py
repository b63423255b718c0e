"""What no program can send: headers with control characters are refused before our code sees them (RFC 9110, 5.5)."""

import re
from typing import Any

import schemathesis

_REFUSED = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@schemathesis.hook
def filter_headers(context: Any, headers: dict[str, Any] | None) -> bool:
    """Whether they can be sent."""
    return not any(_REFUSED.search(str(value)) for value in (headers or {}).values())
