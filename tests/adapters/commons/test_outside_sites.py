"""Addresses that somebody typed: which are kept, where they lead, and that nothing that answers there holds us or leads us on."""

from __future__ import annotations

import datetime as dt
import ssl
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from comity.adapters.outside_sites import OutsideSite, checked_address, is_public
from comity.errors import BadParameter, NotFound, Unreachable
from support.odd_sites import answering_site, raw_site, trickle


def site_at(address, *, seconds=10.0, **given):
    return OutsideSite(address=address, seconds=seconds, **{"allow_private": True, **given})


def trouble(site, path="x", **given):
    with pytest.raises(Unreachable) as found:
        site.read(path, **{"most": 1000, **given})
    return found.value.data["problem"]


@pytest.mark.parametrize(
    "text,kept",
    [
        ("https://mirror.example.org", "https://mirror.example.org"),
        (" https://Mirror.Example.org:443/hub/ ", "https://mirror.example.org"),
        ("https://mirror.example.org:8443/ai/commons/", "https://mirror.example.org:8443/ai/commons"),
        ("https://зеркало.example.org", "https://xn--80ajfngsk.example.org"),
        ("https://93.184.215.14", "https://93.184.215.14"),
        ("https://[2606:2800:21f::1]:8443", "https://[2606:2800:21f::1]:8443"),
    ],
)
def test_an_address_is_kept_in_one_form(text, kept):
    assert checked_address(text=text) == kept
    assert checked_address(text=kept) == kept


@pytest.mark.parametrize(
    "text",
    [
        *("", "mirror.example.org", "http://mirror.example.org", "ftp://mirror.example.org", "file:///etc/passwd"),
        *("https://", "https://mirror", "https://localhost", "https://127.0.0.1", "https://[::1]", "https://10.1.2.3"),
        *(
            "https://169.254.169.254/latest",
            "https://2130706433",
            "https://0x7f.0.0.1",
            "https://127.1",
            "https://1.2.3",
        ),
        *("https://user:word@mirror.example.org", "https://mirror.example.org?x=1", "https://mirror.example.org#x"),
        *("https://mirror.example.org:0", "https://mirror.example.org:99999", "https://mirror.example.org:x"),
        *("https://mirror.example.org/../x", "https://mirror.example.org/a b", "https://mirror.example.org/%2e%2e"),
        *("https://mirror.example.org/a\r\nX: y", "https://-mirror.example.org", "https://mirror..example.org"),
        *("https://[::ffff:127.0.0.1]", "https://[fe80::1%25eth0]", "https://[64:ff9b::7f00:1]", "https://[x"),
        "https://" + "a" * 60 + "." + "b" * 60 + "." + "c" * 60 + ".example.org/" + "d" * 60,
    ],
)
def test_what_is_no_address_of_a_mirror_is_refused(text):
    with pytest.raises(BadParameter):
        checked_address(text=text)


@pytest.mark.parametrize("text", ["http://localhost:8091", "http://127.0.0.1:8091", "https://10.0.0.7"])
def test_private_addresses_are_taken_where_the_setting_allows(text):
    assert checked_address(text=text, allow_private=True) == text
    with pytest.raises(BadParameter):
        checked_address(text="ftp://localhost", allow_private=True)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "0.0.0.0",  # noqa: S104  (an address that is refused)
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
        ),
        *("255.255.255.255", "192.0.2.1", "240.0.0.1", "::", "::1", "fe80::1", "fc00::1", "fec0::1", "ff02::1"),
        *(
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:0:a00:1::",
            "2001:db8::1",
            "fe80::1%lo",
        ),
    ],
)
def test_networks_that_are_not_public_are_known(address):
    assert not is_public(address)


@pytest.mark.parametrize("found", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["::1"], ["169.254.169.254"]])
def test_a_name_that_leads_into_another_network_is_not_asked(found):
    with answering_site(lambda path: (200, {}, b"secret")) as (address, asked):
        port = address.rpartition(":")[2]
        site = OutsideSite(address=f"https://mirror.example.org:{port}", seconds=5, resolve=lambda host, port: found)
        assert trouble(site) == "not-public"
    assert asked == []


def test_a_name_is_looked_up_once_so_that_a_second_answer_leads_nowhere():
    answers = [["127.0.0.1"], ["127.0.0.2"], ["127.0.0.3"]]
    with answering_site(lambda path: (200, {"Connection": "close"}, b"a")) as (address, asked):
        site = site_at(address.replace("127.0.0.1", "mirror.example.org"), resolve=lambda *_: answers.pop(0))
        assert [site.read("x", most=10) for _ in range(3)] == [b"a"] * 3
    assert len(answers) == 2
    assert {headers["Host"].partition(":")[0] for _, headers in asked} == {"mirror.example.org"}


@pytest.mark.parametrize("found", [["::1", "::1", "127.0.0.1"], ["127.0.0.1", "::1"]])
def test_where_one_version_of_the_protocol_leads_nowhere_the_other_is_tried(found):
    with answering_site(lambda path: (200, {}, b"a")) as (address, _):
        site = site_at(address.replace("127.0.0.1", "mirror.example.org"), resolve=lambda *_: found)
        assert site.read("x", most=10) == b"a"
        site.close()


def test_documents_and_ranges_come_over_one_connection():
    whole = bytes(range(200))

    def answer(path):
        if path.endswith("part"):
            return 206, {"Content-Range": "bytes 10-19/200"}, whole[10:20]
        return 200, {}, whole

    with answering_site(answer) as (address, asked):
        site = site_at(f"{address}/base")
        assert site.read("all", most=200) == whole
        assert site.read("part", most=10, span=(10, 19)) == whole[10:20]
        assert site.read("all", most=5, span=(0, 4)) == whole[:5]
        site.close()
    assert [path for path, _ in asked] == ["/base/all", "/base/part", "/base/all"]
    assert site.received >= 215


def test_a_redirect_is_not_followed():
    with (
        answering_site(lambda path: (200, {}, b"secret")) as (other, asked),
        answering_site(lambda path: (302, {"Location": f"{other}/x"}, b"")) as (address, _),
    ):
        assert trouble(site_at(address)) == "redirect"
    assert asked == []


@pytest.mark.parametrize(
    "answer,problem",
    [
        ((500, {}, b""), "status"),
        ((403, {}, b""), "status"),
        ((200, {}, b"x" * 1001), "too-large"),
        ((200, {"Content-Encoding": "gzip"}, b"x"), "broken"),
        ((206, {"Content-Range": "bytes 0-0/1"}, b"x"), "no-ranges"),
    ],
)
def test_what_a_site_answers_instead_is_said(answer, problem):
    with answering_site(lambda path: answer) as (address, _):
        assert trouble(site_at(address)) == problem


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, b"x" * 30),
        (206, {"Content-Range": "bytes 0-9/30"}, b"x" * 10),
        (206, {"Content-Range": "bytes 10-12/30"}, b"x" * 3),
    ],
)
def test_another_part_than_was_asked_for_is_refused(answer):
    with answering_site(lambda path: answer) as (address, _):
        assert trouble(site_at(address), span=(10, 19)) == "no-ranges"


def test_what_is_not_there_is_not_there():
    with answering_site(lambda path: (410, {}, b"")) as (address, _), pytest.raises(NotFound):
        site_at(address).read("x", most=10)


@pytest.mark.parametrize(
    "head",
    [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
)
def test_a_site_that_trickles_is_given_up_when_its_time_is_over(head):
    begun = time.monotonic()
    with raw_site(lambda line: trickle(line, head=head)) as address:
        assert trouble(site_at(address, seconds=0.6), most=10**9) == "too-slow"
    assert time.monotonic() - begun < 5


def test_a_site_that_says_continue_without_end_is_given_up():
    def speak(line):
        while True:
            line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            time.sleep(0.01)

    with raw_site(speak) as address:
        assert trouble(site_at(address, seconds=0.6)) == "too-slow"


def test_the_time_is_for_all_requests_together():
    with answering_site(lambda path: (200, {}, b"a")) as (address, _):
        site = site_at(address, seconds=0.4)
        site.read("x", most=10)
        time.sleep(0.5)
        assert trouble(site) == "too-slow"


@pytest.mark.parametrize(
    "answer,problem",
    [
        (b"nothing of the kind\r\n\r\n", "broken"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "broken"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "broken"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "broken"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc", "broken"),
        (b"", "no-answer"),
    ],
)
def test_an_answer_that_breaks_off_or_is_none_is_said(answer, problem):
    with raw_site(lambda line: line.sendall(answer)) as address:
        assert trouble(site_at(address)) == problem


def test_nobody_at_an_address_and_a_name_that_leads_nowhere():
    assert trouble(site_at("http://127.0.0.1:9")) == "no-answer"

    def nowhere(host, port):
        raise OSError

    assert trouble(site_at("https://mirror.example.org", resolve=nowhere)) == "no-name"
    assert trouble(site_at("https://mirror.example.org", resolve=lambda *_: [])) == "no-name"


@pytest.fixture(scope="module")
def certified(tmp_path_factory):
    """The TLS side of a site whose certificate says mirror.example.org, and a context that relies on it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "mirror.example.org")])
    now = dt.datetime.now(tz=dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("mirror.example.org")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    held = folder / "held.pem"
    held.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(held)
    return server, ssl.create_default_context(cadata=certificate.public_bytes(serialization.Encoding.PEM).decode())


def test_the_certificate_is_of_the_name_and_not_of_the_address(certified):
    server, relied = certified
    with answering_site(lambda path: (200, {}, b"a"), tls=server) as (address, _):
        port = address.rpartition(":")[2]
        right = site_at(f"https://mirror.example.org:{port}", context=relied, resolve=lambda *_: ["127.0.0.1"])
        assert right.read("x", most=10) == b"a"
        right.close()
        other = site_at(f"https://other.example.org:{port}", context=relied, resolve=lambda *_: ["127.0.0.1"])
        assert trouble(other) == "no-tls"
        unknown = site_at(f"https://mirror.example.org:{port}", resolve=lambda *_: ["127.0.0.1"])
        assert trouble(unknown) == "no-tls"
