# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Proxies of the environment are used for the gateway, and never for loopback addresses."""

from __future__ import annotations

import pathlib

import pytest

from tests.support.stub_server import StubServer

from .conftest import ask, failure

pytestmark = pytest.mark.usefixtures("pauses")
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@pytest.fixture(autouse=True)
def proxy(monkeypatch: pytest.MonkeyPatch, stub: StubServer) -> StubServer:
    """The stub as the proxy of the environment."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in VARIABLES:
        monkeypatch.setenv(name, stub.address)
    return stub


def test_a_loopback_gateway_is_reached_without_a_proxy(proxy: StubServer) -> None:
    with StubServer() as gateway:
        gateway.envelope()
        assert ask(gateway.url).status == 200
    assert proxy.requests == []


def test_other_gateways_are_reached_through_the_proxy(proxy: StubServer) -> None:
    proxy.envelope()
    assert ask("http://gateway.invalid/v1/sms", allow_plain_http=True).status == 200
    assert proxy.requests[0].target.startswith("http://gateway.invalid/v1/sms/Group?")


def test_a_proxy_that_is_down_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with StubServer(listening=False) as down:
        for name in VARIABLES:
            monkeypatch.setenv(name, down.address)
        error = failure("https://gateway.invalid/v1/sms", "POST")
    assert not error.may_have_acted
    assert "proxy" in error.msg


def test_a_refusing_proxy_is_named_and_cannot_have_acted(proxy: StubServer) -> None:
    proxy.answer(407)
    error = failure("https://gateway.invalid/v1/sms", "POST")
    assert proxy.requests[0].method == "CONNECT"
    assert not error.may_have_acted
    assert "proxy" in error.msg


def test_an_invalid_proxy_url_is_not_blamed_on_api_url(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "http://")
    error = failure("https://gateway.invalid/v1/sms", "POST")
    assert "proxy" in error.msg


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_broken_connection_through_a_proxy_may_have_acted(proxy: StubServer, method: str) -> None:
    """The library blames the proxy, although the request went through it."""
    proxy.reset()
    assert failure("http://gateway.invalid/v1/sms", method, allow_plain_http=True, retries=0).may_have_acted
    assert len(proxy.requests) == 1


def test_reads_are_retried_through_a_proxy(proxy: StubServer) -> None:
    proxy.reset().envelope()
    assert ask("http://gateway.invalid/v1/sms", "PUT", allow_plain_http=True).may_have_acted
    proxy.reset()
    failure("http://gateway.invalid/v1/sms", "POST", allow_plain_http=True)
    assert [request.method for request in proxy.requests] == ["PUT", "PUT", "POST"]


def test_netrc_is_not_read(proxy: StubServer, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password hidden\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    proxy.envelope()
    ask("http://gateway.invalid/v1/sms", allow_plain_http=True)
    assert "authorization" not in proxy.requests[0].headers
