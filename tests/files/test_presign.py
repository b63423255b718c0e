"""Addresses signed by us are those that Amazon's own library signs."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import botocore.auth  # type: ignore[import-untyped]  # it has no types
import pytest
from botocore.client import Config  # type: ignore[import-untyped]  # nor here
from botocore.session import Session  # type: ignore[import-untyped]  # nor here
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from lyhord.files.presign import LIFE, ROUNDED, SURE, Bucket, signed_url

pytestmark = pytest.mark.requirement("0.4", "X8")

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # made aware
NAMES = st.text(st.characters(codec="ascii", exclude_characters="\x7f", min_codepoint=32), min_size=1).filter(
    lambda name: "//" not in f"/{name}/" and "/." not in f"/{name}"
)
ANSWERS = st.dictionaries(
    st.sampled_from(["content-type", "content-disposition", "cache-control"]), st.text(max_size=40)
)


def by_amazon(bucket: Bucket, name: str, at: datetime, answer: dict[str, str]) -> str:
    """The same by botocore, whose clock alone is set."""
    client = client_of(bucket)
    rounded = datetime.fromtimestamp(at.timestamp() // 300 * 300, UTC)
    named = {"Response" + "".join(part.title() for part in header.split("-")): said for header, said in answer.items()}
    with mock.patch.object(botocore.auth, "get_current_datetime", return_value=rounded):
        return str(
            client.generate_presigned_url(
                "get_object", {"Bucket": bucket.name, "Key": name, **named}, int(LIFE.total_seconds())
            )
        )


@cache
def client_of(bucket: Bucket) -> Any:
    return Session().create_client(
        "s3",
        region_name=bucket.region,
        endpoint_url=bucket.endpoint,
        aws_access_key_id=bucket.access_key,
        aws_secret_access_key=bucket.secret_key,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )


@limits(deadline=None)  # the first one reads much from the disk
@given(
    MOMENTS, NAMES, ANSWERS, st.sampled_from(["https://s3.example", "http://127.0.0.1:8333", "https://x.example/s3"])
)
def test_as_amazon_signs(at: datetime, name: str, answer: dict[str, str], endpoint: str) -> None:
    bucket = Bucket(endpoint, "photos", "eu-north-1", "AKIDEXAMPLE", "a-secret-for-tests-only")
    ours, theirs = (
        urlsplit(url) for url in (signed_url(bucket, name, at=at, answer=answer), by_amazon(bucket, name, at, answer))
    )
    assert (ours.scheme, ours.netloc, ours.path) == (theirs.scheme, theirs.netloc, theirs.path)
    assert parse_qs(ours.query, keep_blank_values=True) == parse_qs(theirs.query, keep_blank_values=True)


@given(MOMENTS)
def test_an_address_stays_the_same_for_a_while_and_holds_long_enough(at: datetime) -> None:
    bucket = Bucket("https://s3.example", "photos", "eu-north-1", "AKIDEXAMPLE", "a-secret-for-tests-only")
    url = signed_url(bucket, "a.jpg", at=at, answer={})
    signed = datetime.strptime(parse_qs(urlsplit(url).query)["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert signed <= at < signed + ROUNDED
    assert signed + LIFE - at > SURE
    assert signed_url(bucket, "a.jpg", at=signed + ROUNDED - timedelta(seconds=1), answer={}) == url
    assert "a-secret" not in url
    assert "a-secret" not in repr(bucket)
