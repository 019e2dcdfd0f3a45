# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""urllib3's log contains no secret."""

from __future__ import annotations

import logging

import pytest

from tests.support.stub_server import StubServer

from .conftest import ACCESS_KEY, API_KEY, ask, failure


@pytest.mark.usefixtures("pauses")
def test_the_retry_log_contains_no_secret(stub: StubServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    stub.reset().answer(503).answer(429, headers={"Retry-After": "1"}).reset().reset()
    failure(stub.url, "DELETE")
    text = caplog.text
    assert "Retrying" in text
    assert "Retry: " in text
    assert "ApiKey=********&ClientId=acme" in text
    for part in (API_KEY, "De5fG", ACCESS_KEY, "9/aaa", "9%2Faaa"):
        assert part not in text


def test_the_log_filter_is_removed_with_the_connection(stub: StubServer) -> None:
    stub.envelope()
    before = [list(logging.getLogger(name).filters) for name in ("urllib3.connectionpool", "urllib3.util.retry")]
    ask(stub.url)
    assert before == [
        list(logging.getLogger(name).filters) for name in ("urllib3.connectionpool", "urllib3.util.retry")
    ]
