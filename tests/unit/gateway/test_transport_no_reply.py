# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Missing replies: the message says what to do, and the error whether the request may have acted."""

from __future__ import annotations

import socket
import threading
import typing as t
from pathlib import Path

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._errors import OPTION, TRANSPORT, OnfonError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.envelope import Answer
from tests.support.certificate import Certificate, make
from tests.support.stub_server import StubServer

from .conftest import ask, failure

pytestmark = pytest.mark.usefixtures("pauses")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def safe_stub(certificate: Certificate) -> t.Iterator[StubServer]:
    with StubServer(tls=certificate.server) as stub:
        yield stub


def test_a_refused_connection() -> None:
    with StubServer(listening=False) as stub:
        error = failure(stub.url, "POST")
    assert error.msg.startswith(f"No connection to {stub.address}: connection refused. Check api_url")
    assert (error.error_class, error.may_have_acted, error.http_status) == (TRANSPORT, False, None)


def test_an_unknown_host() -> None:
    error = failure("https://gateway.invalid/v1/sms", "POST")
    assert error.msg.startswith("No connection to https://gateway.invalid: ")
    assert "api_url" in error.msg
    assert not error.may_have_acted


def test_a_reply_that_times_out(stub: StubServer) -> None:
    stub.hang()
    error = failure(stub.url, "POST", timeout=0.15)
    assert error.msg == f"{stub.address} did not answer within 0.15 s. {error.hint}"
    assert "timeout" in error.hint
    assert error.may_have_acted


def test_a_connection_that_times_out() -> None:
    """A full queue of connections: packets are dropped, and the connection is never made."""
    with socket.socket() as server, socket.socket() as first, socket.socket() as second:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        error = failure(address, "POST", timeout=0.15)
    assert error.msg.startswith(f"No connection to {address} within 0.15 s. Check api_url")
    assert not error.may_have_acted


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_reset_connection(stub: StubServer, method: str) -> None:
    stub.reset()
    error = failure(stub.url, method, retries=0)
    assert error.msg.startswith(f"The connection to {stub.address} broke before the reply was complete. ")
    assert error.may_have_acted


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_truncated_reply(stub: StubServer, method: str) -> None:
    """Older libraries hand over what came; then the envelope is broken."""
    stub.truncate()
    with pytest.raises(OnfonError, match="broke") as caught:
        Answer("Group", ask(stub.url, method, retries=0), str).data()
    assert caught.value.may_have_acted


def test_a_stalled_reply(stub: StubServer) -> None:
    """The head of a reply, and then silence."""
    stub.answer(headers={"Transfer-Encoding": "chunked"})
    error = failure(stub.url, "POST", timeout=0.15)
    assert error.may_have_acted


def test_a_reply_that_is_not_http(stub: StubServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def answer() -> None:
            connection, _peer = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        error = failure(f"http://127.0.0.1:{server.getsockname()[1]}", "POST", retries=0)
        thread.join()
    assert error.may_have_acted


# --- TLS --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_untrusted_certificate(safe_stub: StubServer, method: str) -> None:
    error = failure(safe_stub.url, method)
    assert error.msg.startswith(f"No safe connection to {safe_stub.address}: the certificate is not trusted (")
    assert "ca_path" in error.msg
    assert not error.may_have_acted
    assert safe_stub.requests == []


def test_a_trusted_certificate(safe_stub: StubServer, certificate: Certificate) -> None:
    safe_stub.envelope()
    assert ask(safe_stub.url, ca_path=str(certificate.path)).status == 200


def test_a_certificate_for_another_host(tmp_path: Path) -> None:
    other = make(tmp_path, "192.0.2.1")
    with StubServer(tls=other.server) as stub:
        error = failure(stub.url, "POST", ca_path=str(other.path))
    assert "the certificate is not trusted" in error.msg
    assert not error.may_have_acted


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_certificate_validation_can_be_turned_off(safe_stub: StubServer) -> None:
    safe_stub.envelope()
    assert ask(safe_stub.url, validate_certs=False).status == 200


def test_https_to_a_plain_http_port(stub: StubServer) -> None:
    error = failure(stub.url.replace("http://", "https://"), "POST")
    assert error.msg.startswith("No safe connection to https://127.0.0.1")
    assert not error.may_have_acted


def test_a_missing_ca_path(safe_stub: StubServer, tmp_path: Path) -> None:
    error = failure(safe_stub.url, "POST", ca_path=str(tmp_path / "missing.pem"))
    assert "ca_path" in error.msg
    assert (error.error_class, error.may_have_acted) == (OPTION, False)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no certificate",
        b"-----BEGIN CERTIFICATE-----\nno base64!\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"\x00\xff" * 100,
    ],
)
def test_a_ca_path_without_certificates(safe_stub: StubServer, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.pem"
    path.write_bytes(content)
    error = failure(safe_stub.url, "POST", ca_path=str(path))
    assert "ca_path" in error.msg
    assert not error.may_have_acted


def test_a_ca_path_without_trusted_certificates(safe_stub: StubServer, tmp_path: Path) -> None:
    error = failure(safe_stub.url, "POST", ca_path=str(tmp_path))
    assert "the certificate is not trusted" in error.msg
    assert not error.may_have_acted


# --- addresses that no check of the text can find wrong ---------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://gateway..invalid/v1",
        f"https://{'a' * 64}.invalid/v1",
        "https://.invalid/v1",
        "https://*.invalid/v1",
        "https://gate way.invalid/v1".replace(" ", "\u2028"),
        "https://gäteway..invalid/v1",
        "https://gateway.invalid\\v1",
        "https://gateway.invalid\x00/v1",
        "https://%41.invalid/v1",
    ],
)
def test_a_url_that_the_http_library_rejects(url: str) -> None:
    error = failure(url, "POST")
    assert "api_url" in error.msg
    assert not error.may_have_acted
