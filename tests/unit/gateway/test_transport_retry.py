# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which requests are retried, after which pause, and which never are."""

from __future__ import annotations

import time

import pytest

from tests.support.stub_server import StubServer

from .conftest import ask, failure

REPEATABLE = ["GET", "PUT", "DELETE"]
PASSING = [502, 503, 504, 520, 521, 522, 523, 524]


@pytest.mark.parametrize("method", REPEATABLE)
@pytest.mark.parametrize("status", [*PASSING, 429])
def test_a_transient_status_is_retried(stub: StubServer, pauses: list[float], method: str, status: int) -> None:
    stub.answer(status).answer(status).envelope()
    reply = ask(stub.url, method)
    assert (reply.status, len(stub.requests)) == (200, 3)
    assert {request.method for request in stub.requests} == {method}


@pytest.mark.parametrize("method", [*REPEATABLE, "POST"])
@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 500, 501, 525])
def test_other_statuses_are_not_retried(stub: StubServer, pauses: list[float], method: str, status: int) -> None:
    stub.answer(status).envelope()
    reply = ask(stub.url, method)
    assert (reply.status, reply.may_have_acted, len(stub.requests)) == (status, False, 1)


@pytest.mark.parametrize("status", PASSING)
@pytest.mark.parametrize("headers", [{}, {"Retry-After": "1"}])
def test_a_post_is_not_retried_after_a_status_that_may_hide_an_effect(
    stub: StubServer, pauses: list[float], status: int, headers: dict[str, str]
) -> None:
    stub.answer(status, headers=headers).envelope()
    assert ask(stub.url, "POST").status == status
    assert (len(stub.requests), pauses) == (1, [])


def test_a_post_is_retried_after_429(stub: StubServer, pauses: list[float]) -> None:
    stub.answer(429).answer(429).envelope()
    assert ask(stub.url, "POST").status == 200
    assert len(stub.requests) == 3


@pytest.mark.parametrize("method", REPEATABLE)
@pytest.mark.parametrize("unread", [False, True])
def test_a_broken_connection_is_retried(stub: StubServer, pauses: list[float], method: str, unread: bool) -> None:
    stub.reset(unread=unread).envelope()
    reply = ask(stub.url, method)
    assert (reply.status, reply.may_have_acted) == (200, True)


@pytest.mark.parametrize("unread", [False, True])
def test_a_post_is_not_retried_after_a_broken_connection(stub: StubServer, pauses: list[float], unread: bool) -> None:
    stub.reset(unread=unread).envelope()
    error = failure(stub.url, "POST")
    assert error.may_have_acted
    assert len(stub.requests) == (0 if unread else 1)


@pytest.mark.parametrize("method", [*REPEATABLE, "POST"])
def test_a_refused_connection_is_retried_for_every_method(monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    with StubServer(listening=False) as stub:
        stub.envelope()
        monkeypatch.setattr(time, "sleep", lambda _seconds: stub.listen())
        assert ask(stub.url, method).status == 200
        assert len(stub.requests) == 1


@pytest.mark.parametrize("method", [*REPEATABLE, "POST"])
def test_a_timed_out_request_is_not_retried(stub: StubServer, pauses: list[float], method: str) -> None:
    stub.hang().envelope()
    error = failure(stub.url, method, timeout=0.15)
    assert error.may_have_acted
    assert len(stub.requests) == 1


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_retries_is_the_number_of_retries(stub: StubServer, pauses: list[float], retries: int) -> None:
    for _each in range(5):
        stub.answer(503)
    reply = ask(stub.url, retries=retries)
    assert (reply.status, reply.may_have_acted, len(stub.requests)) == (503, retries > 0, retries + 1)


def test_no_retries_after_a_broken_connection(stub: StubServer) -> None:
    stub.reset().envelope()
    failure(stub.url, retries=0)
    assert len(stub.requests) == 1


def test_pauses_back_off_exponentially(stub: StubServer, pauses: list[float]) -> None:
    for _each in range(6):
        stub.answer(503)
    ask(stub.url, retries=5)
    # The first repetition follows at once; then 0.5 s, 1 s, 2 s, 4 s, and up to half of it less.
    assert len(pauses) == 4
    for pause, most in zip(pauses, (0.5, 1, 2, 4)):
        assert most / 2 <= pause <= most


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("header", "pause"), [("7", 7), (" 7 ", 7), ("3600", 60), ("60", 60)])
def test_retry_after_is_respected(
    stub: StubServer, pauses: list[float], status: int, header: str, pause: float
) -> None:
    stub.answer(status, headers={"Retry-After": header}).envelope()
    assert ask(stub.url).status == 200
    assert pauses == [pause]


def test_a_retry_after_date_is_capped_at_a_minute(stub: StubServer, pauses: list[float]) -> None:
    stub.answer(503, headers={"Retry-After": "Fri, 31 Dec 2999 23:59:59 GMT"}).envelope()
    ask(stub.url)
    assert pauses == [60]


@pytest.mark.parametrize(
    "header",
    ["", "soon", "-5", "1.5", "Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 99 Foo 99999 99:99:99 GMT", "9" * 5000, "\u0667"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_invalid_retry_after_is_ignored(stub: StubServer, pauses: list[float], method: str, header: str) -> None:
    stub.answer(429, headers={"Retry-After": header}).envelope()
    assert ask(stub.url, method).status == 200
    assert all(pause < 60 for pause in pauses)


@pytest.mark.parametrize("method", [*REPEATABLE, "POST"])
def test_a_redirect_is_not_followed(stub: StubServer, method: str) -> None:
    with StubServer() as elsewhere:
        stub.answer(302, headers={"Location": elsewhere.url})
        reply = ask(stub.url, method)
        assert (reply.status, reply.location) == (302, elsewhere.url)
        assert elsewhere.requests == []


def test_a_first_reply_is_not_marked_as_retried(stub: StubServer) -> None:
    stub.envelope()
    assert not ask(stub.url).may_have_acted


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_an_attempt_that_cannot_have_acted_is_not_counted_as_a_retry(
    stub: StubServer, pauses: list[float], method: str
) -> None:
    """Before a 429 no earlier attempt can have acted."""
    stub.answer(429).envelope()
    assert not ask(stub.url, method).may_have_acted


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_an_earlier_attempt_that_may_have_acted_is_remembered(
    stub: StubServer, pauses: list[float], method: str
) -> None:
    """The reply is lost, then the gateway is down: the outcome of the first attempt is unknown."""
    stub.reset(last=True)
    assert failure(stub.url, method).may_have_acted
    assert len(stub.requests) == 1
