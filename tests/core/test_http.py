"""Calls to other machines, against a real server and every kind of address."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import ip_addresses

from lyhord.core.http import LONGEST_URL, Limits, OutwardError, check_url, fetch
from lyhord.core.reachable import may_reach
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests.far_end import FarEnd, Reply, listening
from tests.ports import free_port

SMALL = Limits(most_bytes=1000, seconds=10)
CLOSED = [
    *("0.0.0.1", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1"),
    *("172.31.255.255", "192.0.0.1", "192.0.0.9", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1"),
    *("198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1"),
    *("64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd12::1"),
    *("fe80::1", "fec0::1", "ff02::1", "ff0e::1"),
]
OPEN = ["1.1.1.1", "8.8.8.8", "193.10.5.1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2a00:1450::1", "2606:4700::1111"]


def refused(url: str, limits: Limits = SMALL, **options: Any) -> OutwardError:
    with pytest.raises(OutwardError) as caught:
        fetch(url, limits=limits, **options)
    assert str(caught.value).endswith(".")
    return caught.value


@pytest.fixture
def far_end(settings: Any) -> Iterator[FarEnd]:
    with listening(settings) as there:
        yield there


class TestAddresses:
    """Where we may go."""

    @pytest.mark.parametrize("text", CLOSED)
    def test_closed(self, text: str) -> None:
        assert not may_reach(ip_address(text))

    @pytest.mark.parametrize("text", OPEN)
    def test_open(self, text: str) -> None:
        assert may_reach(ip_address(text))

    @given(ip_addresses())
    def test_what_python_knows_to_be_special_is_closed(self, address: IPv4Address | IPv6Address) -> None:
        real = address.ipv4_mapped if isinstance(address, IPv6Address) and address.ipv4_mapped else address
        if not real.is_global or real.is_multicast or real.is_loopback or real.is_link_local or real.is_unspecified:
            assert not may_reach(address)

    @given(ip_addresses(v=4))
    def test_an_address_in_another_s_clothes_is_the_same(self, address: IPv4Address) -> None:
        for prefix in ("::ffff:0:0", "64:ff9b::"):
            dressed = IPv6Address(int(IPv6Address(prefix)) | int(address))
            assert may_reach(dressed) == may_reach(address)
        assert not may_reach(IPv6Address(int(address)))
        assert not may_reach(IPv6Address(0x2002 << 112 | int(address) << 80))

    @given(st.sampled_from(["127.0.0.0/8", "10.0.0.0/8", "192.168.0.0/16", "169.254.0.0/16"]), st.data())
    def test_nothing_in_a_closed_network(self, text: str, data: st.DataObject) -> None:
        network = ip_network(text)
        offset = data.draw(st.integers(0, network.num_addresses - 1))
        assert not may_reach(network[offset])

    def test_what_the_settings_name_is_ours_to_call(self, settings: Any) -> None:
        settings.OUTWARD_ALLOW = ["10.1.0.0/16", "fd00::/64"]
        assert may_reach(ip_address("10.1.2.3"))
        assert may_reach(ip_address("::ffff:10.1.2.3"))
        assert may_reach(ip_address("fd00::1"))
        assert not may_reach(ip_address("10.2.0.1"))


class TestUrls:
    """What an address may look like."""

    @pytest.mark.parametrize(
        ("url", "code"),
        [
            *((url, "address") for url in ("", "x", "/x", "//x", "ftp://x", "file:///etc/passwd", "javascript:1")),
            *((url, "address") for url in ("http://", "https:///x", "http://a:b@x/", "http://[x]/")),
            ("https://" + "a" * LONGEST_URL, "address"),
            ("https://exempel.se:22/", "port"),
            ("https://exempel.se:99999/", "port"),
            *((f"http://{host}/", "closed") for host in ("127.0.0.1", "[::1]", "[::ffff:10.0.0.1]", "169.254.169.254")),
        ],
    )
    def test_refused(self, url: str, code: str) -> None:
        assert refused(url).code == code

    @given(st.text(max_size=60))
    def test_whatever_it_says_it_is_read_or_refused(self, text: str) -> None:
        for url in (text, f"http://{text}", f"https://exempel.se/{text}"):
            with suppress(OutwardError):
                assert check_url(url).scheme in {"http", "https"}

    @pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "localhost", "LOCALHOST."])
    def test_other_names_of_this_machine(self, host: str) -> None:
        assert refused(f"http://{host}/").code in {"closed", "unknown", "address"}


class TestNames:
    """What a name leads to is seen when we go there, and we go to what was seen."""

    def answers(self, monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
        asked: list[str] = []
        left = list(answers)

        def resolve(host: str, port: int, **options: Any) -> list[Any]:
            asked.append(host)
            given = left.pop(0) if len(left) > 1 else left[0]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in given]

        monkeypatch.setattr("lyhord.core.http.getaddrinfo", resolve)
        return asked

    @pytest.mark.parametrize("answer", [["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1"], ["::ffff:192.168.0.1"]])
    def test_a_name_that_leads_inside(self, monkeypatch: pytest.MonkeyPatch, answer: list[str]) -> None:
        self.answers(monkeypatch, answer)
        assert refused("https://rebind.example/").code == "closed"

    def test_a_name_that_changes_its_mind_is_asked_once(self, monkeypatch: pytest.MonkeyPatch, far_end: FarEnd) -> None:
        asked = self.answers(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
        answer = fetch(f"http://rebind.example:{far_end.port}/x", limits=SMALL)
        assert (answer.status, answer.body) == (200, b"ok")
        assert asked == ["rebind.example"]
        assert far_end.heard[0].headers["host"] == f"rebind.example:{far_end.port}"

    def test_the_second_address_when_the_first_is_silent(
        self, monkeypatch: pytest.MonkeyPatch, far_end: FarEnd, settings: Any
    ) -> None:
        settings.OUTWARD_ALLOW = ["127.0.0.0/8", "::1/128"]
        self.answers(monkeypatch, ["::1", "127.0.0.1"])  # the server listens at the second only
        assert fetch(f"http://two.example:{far_end.port}/", limits=SMALL).status == 200

    def test_a_redirect_inside_is_followed_nowhere(self, monkeypatch: pytest.MonkeyPatch, far_end: FarEnd) -> None:
        self.answers(monkeypatch, ["127.0.0.1"], ["192.168.0.1"])
        far_end.replies = [Reply(302, headers={"Location": f"http://inside.example:{far_end.port}/"})]
        error = refused(f"http://outside.example:{far_end.port}/", Limits(most_bytes=10, redirects=3))
        assert error.code == "closed"
        assert len(far_end.heard) == 1


class TestAnswers:
    """What comes back."""

    def test_sent_as_it_was_given(self, far_end: FarEnd) -> None:
        answer = fetch(
            f"{far_end.url}/a%20b?c=d#e", limits=SMALL, method="POST", headers={"X-One": "1"}, content=b"hello"
        )
        heard = far_end.heard[0]
        assert (heard.method, heard.path, heard.body, heard.headers["x-one"]) == ("POST", "/a%20b?c=d", b"hello", "1")
        assert heard.headers["accept-encoding"] == "identity"
        assert (answer.status, answer.content_type, answer.fine) == (200, "text/plain", True)

    def test_redirects_few_and_without_what_was_meant_for_another(self, far_end: FarEnd) -> None:
        def onward(to: str) -> Reply:
            return Reply(302, headers={"Location": to})

        far_end.replies = [onward("/two"), onward(f"http://localhost:{far_end.port}/three")]
        answer = fetch(f"{far_end.url}/one", limits=Limits(most_bytes=10, redirects=2), headers={"X-Key": "secret"})
        assert [heard.path for heard in far_end.heard] == ["/one", "/two", "/three"]
        assert ["x-key" in heard.headers for heard in far_end.heard] == [True, True, False]
        assert answer.url.endswith("/three")
        far_end.usual = onward("/again")
        assert refused(far_end.url, Limits(most_bytes=10, redirects=2)).code == "redirects"
        assert fetch(far_end.url, limits=SMALL).status == 302  # an answer like others when none is followed
        far_end.usual = onward("file:///etc/passwd")
        assert refused(far_end.url, Limits(most_bytes=10, redirects=2)).code == "address"

    def test_too_much(self, far_end: FarEnd) -> None:
        far_end.usual = Reply(body=b"x" * 2000)
        assert refused(far_end.url).code == "too_big"
        far_end.usual = Reply(raw=b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000)  # that does not say how much
        assert refused(far_end.url).code == "too_big"
        assert len(fetch(far_end.url, limits=Limits(most_bytes=1000, cut=True)).body) == 1000

    @pytest.mark.parametrize("drip", [Reply(drip=0.2), Reply(wait=30), Reply(raw=b"HTTP/1.1 200 OK\r\n", drip=0.2)])
    def test_too_slow_in_all_though_each_byte_comes_in_time(self, far_end: FarEnd, drip: Reply) -> None:
        far_end.usual = drip
        error = refused(far_end.url, Limits(most_bytes=1000, seconds=1))
        assert error.code == "slow"
        assert not error.permanent

    def test_the_wrong_type(self, far_end: FarEnd) -> None:
        pictures = Limits(most_bytes=1000, types=("image/",))
        assert refused(far_end.url, pictures).code == "type"
        far_end.usual = Reply(headers={"Content-Type": "IMAGE/Jpeg; x=y"})
        assert fetch(far_end.url, limits=pictures).content_type == "image/jpeg"
        far_end.usual = Reply(headers={"Content-Type": "image/jpeg", "Content-Encoding": "gzip"})
        assert refused(far_end.url, pictures).code == "type"
        far_end.usual = Reply(404)
        assert fetch(far_end.url, limits=pictures).status == 404  # the status says more than the type

    @pytest.mark.parametrize("raw", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"])
    def test_broken(self, far_end: FarEnd, raw: bytes) -> None:
        far_end.usual = Reply(raw=raw)
        assert refused(far_end.url).code == "broken"

    def test_nobody_there(self, settings: Any) -> None:
        port = free_port()
        settings.OUTWARD_PORTS, settings.OUTWARD_ALLOW = [port], ["127.0.0.0/8"]
        error = refused(f"http://127.0.0.1:{port}/")
        assert (error.code, error.permanent) == ("unreachable", False)

    def test_not_https_after_all(self, far_end: FarEnd) -> None:
        assert refused(far_end.url.replace("http:", "https:")).code == "certificate"


def test_never_while_an_organisations_transaction_is_open(motala: Organisation) -> None:
    with organisation_scope(motala.pk), pytest.raises(RuntimeError, match="by jobs"):
        fetch("https://exempel.se/", limits=SMALL)
