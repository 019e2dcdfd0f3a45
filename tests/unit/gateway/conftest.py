# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the gateway share."""

from __future__ import annotations

import contextlib
import time
import typing as t

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._errors import OnfonError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.connection import Connection
from ansible_collections.onfon.sms.plugins.module_utils._gateway.transport import Reply, Transport
from tests.support.stub_server import StubServer

API_KEY, ACCESS_KEY = "aB+c/De5fG==", "Zy+9/aaa="


@pytest.fixture
def stub() -> t.Iterator[StubServer]:
    with StubServer() as gateway:
        yield gateway


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between tries, in seconds; none of them is made."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def ask(url: str, method: str = "GET", **settings: t.Any) -> Reply:
    """One request on a transport of its own, with the keys where the client puts them."""
    connection = Connection(url, API_KEY, "acme", ACCESS_KEY, **{"timeout": 5, **settings})
    keys = {"ApiKey": API_KEY, "ClientId": "acme"}
    place = "query" if method in ("GET", "DELETE") else "body"
    with Transport(connection) as transport:
        return transport.request(method, "Group", **{place: keys})


def failure(url: str, method: str = "GET", **settings: t.Any) -> OnfonError:
    """The error of one request. It must hold no key, not even in an exception that it comes from."""
    caught: OnfonError | None = None
    with contextlib.suppress(OnfonError):
        try:
            ask(url, method, **settings)
        except OnfonError as error:
            caught = error
            raise
    assert caught is not None, "the request succeeded"
    link: BaseException | None = caught
    while link is not None:
        for key in (API_KEY, ACCESS_KEY, "aB%2Bc", "Zy%2B9"):
            assert key not in f"{link} {link!r} {vars(link)}"
        link = link.__cause__ or link.__context__
    return caught
