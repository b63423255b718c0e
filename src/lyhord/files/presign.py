"""Addresses by which a browser fetches one object from S3 for some minutes (AWS Signature Version 4, in the query).

Made here, without asking anybody: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html.
The moment of signing is rounded down, so that an object has the same address for some minutes and browsers keep it.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

ROUNDED = timedelta(minutes=5)
LIFE = timedelta(minutes=10)
"""From the rounded moment: an address holds for five to ten minutes."""
SURE = LIFE - ROUNDED
"""So long it holds at least."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where objects lie, and whose key signs. `endpoint` as browsers reach it, with the bucket in the path."""

    endpoint: str
    name: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        parts = urlsplit(self.endpoint)
        return f"{parts.scheme}://{parts.netloc}"


def signed_url(bucket: Bucket, name: str, *, at: datetime, answer: Mapping[str, str]) -> str:
    """Where to GET the object `name`. `answer` holds headers that it is to come with: {"content-type": …}."""
    moment = datetime.fromtimestamp(at.timestamp() // ROUNDED.total_seconds() * ROUNDED.total_seconds(), at.tzinfo)
    stamp = moment.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{bucket.region}/s3/aws4_request"
    query = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{bucket.access_key}/{scope}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(int(LIFE.total_seconds())),
        "X-Amz-SignedHeaders": "host",
        **{f"response-{header}": value for header, value in answer.items()},
    }
    parts = urlsplit(bucket.endpoint)
    path = quote(f"{parts.path.rstrip('/')}/{bucket.name}/{name}", safe="/~")
    written = "&".join(f"{quote(key, safe='~')}={quote(query[key], safe='~')}" for key in sorted(query))
    request = f"GET\n{path}\n{written}\nhost:{parts.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    said = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = b"AWS4" + bucket.secret_key.encode()
    for step in scope.split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.digest(key, said.encode(), "sha256").hex()
    return f"{bucket.origin}{path}?{written}&X-Amz-Signature={signature}"
