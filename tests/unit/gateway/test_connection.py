# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of a connection: what is refused, and how."""

from __future__ import annotations

import math
import typing as t

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._errors import OptionError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.connection import Connection


def connection(**settings: t.Any) -> Connection:
    standard = {"api_url": "https://gateway.example/v1/sms", "api_key": "k1", "client_id": "c1", "access_key": "a1"}
    return Connection(**{**standard, **settings})


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "gateway.example",
        "gateway.example/v1/sms",
        "//gateway.example/v1",
        "ftp://gateway.example/v1",
        "file:///etc/passwd",
        "https://",
        "https:///v1/sms",
        "https:gateway.example",
        "https://gateway.example:port/v1",
        "https://gateway.example:99999/v1",
        "https://gateway.example:0/v1",
        "https://[::1/v1",
        "https://gateway.example/v 1",
        "https://gateway.example/v1\n",
        "https://gate\tway.example/v1",
        "https://user:password@gateway.example/v1",
        "https://user@gateway.example/v1",
        "https://gateway.example/v1?ApiKey=1",
        "https://gateway.example/v1#sms",
    ],
)
def test_an_invalid_api_url_is_refused(url: str) -> None:
    with pytest.raises(OptionError, match="api_url"):
        connection(api_url=url)


@pytest.mark.parametrize(
    "url",
    [
        "http://gateway.example/v1/sms",
        "http://10.0.0.1/v1",
        "http://127.0.0.1.example.com/v1",
        "http://localhost.example.com",
        "http://[2001:db8::1]/v1",
        "http://0.0.0.0:80/v1",
        "HTTP://gateway.example/v1",
    ],
)
def test_plain_http_is_refused_unless_allowed(url: str) -> None:
    with pytest.raises(OptionError, match="allow_plain_http"):
        connection(api_url=url)
    assert connection(api_url=url, allow_plain_http=True).api_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8700/v1/sms",
        "http://LOCALHOST/v1",
        "http://127.0.0.1/v1",
        "http://127.8.9.10:80",
        "http://[::1]:8700/v1",
        "https://gateway.example",
        "https://gateway.example:8443/v1/sms/",
        "https://[2001:db8::1]/v1",
        "https://gateway.example:/v1",
    ],
)
def test_a_valid_api_url_is_accepted(url: str) -> None:
    assert connection(api_url=url).api_url == url


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://gateway.example/v1/sms", "https://gateway.example"),
        ("http://127.0.0.1:8700/v1/sms/", "http://127.0.0.1:8700"),
        ("https://[::1]:8700", "https://[::1]:8700"),
    ],
)
def test_the_url_in_messages(url: str, address: str) -> None:
    assert connection(api_url=url).address == address


@pytest.mark.parametrize("option", ["api_key", "client_id", "access_key"])
@pytest.mark.parametrize(
    "value", ["", " ", "secret value", "secret\n", "\tsecret", "sécret", "secret\x00", "secret\x7f"]
)
def test_an_invalid_key_is_refused_and_not_shown(option: str, value: str) -> None:
    with pytest.raises(OptionError) as caught:
        connection(**{option: value})
    assert caught.value.msg.startswith(option)
    assert f"ONFON_{option.upper()}" in caught.value.msg
    assert "cret" not in caught.value.msg


@pytest.mark.parametrize("value", [0, -1, -0.5, math.nan, math.inf, 1e12])
def test_an_invalid_timeout_is_refused(value: float) -> None:
    with pytest.raises(OptionError, match="timeout"):
        connection(timeout=value)


def test_negative_retries_are_refused() -> None:
    with pytest.raises(OptionError, match="retries"):
        connection(retries=-1)


def test_no_retries_and_a_short_timeout_are_accepted() -> None:
    assert connection(retries=0, timeout=0.1).retries == 0


def test_the_secrets_are_not_in_repr() -> None:
    shown = repr(connection(api_key="api-secret", access_key="access-secret"))
    assert "secret" not in shown
    assert "gateway.example" in shown


# --- keys that were exchanged -----------------------------------------------------------------------------------------

KEY, OTHER_KEY = "k" * 48, "QmFzZTY0IGtleSBvZiBhIHRlc3Q="
UUID = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"api_key": UUID, "client_id": KEY, "access_key": OTHER_KEY}, "api_key like a client id: exchange the two."),
        ({"api_key": "acme", "client_id": OTHER_KEY, "access_key": KEY}, "api_key like a client id: exchange the two."),
        (
            {"api_key": KEY, "client_id": OTHER_KEY, "access_key": UUID},
            "access_key like a client id: exchange the two.",
        ),
    ],
)
def test_keys_that_look_exchanged_are_named_without_values(keys: dict[str, str], told: str) -> None:
    found = connection(**keys).exchanged_keys
    assert found == f"client_id looks like a key and {told}"


@pytest.mark.parametrize(
    "keys",
    [
        {"api_key": KEY, "client_id": UUID, "access_key": OTHER_KEY},
        {"api_key": KEY, "client_id": "acme", "access_key": KEY},
        {"api_key": KEY, "client_id": "acme", "access_key": "acme"},
        {"api_key": KEY, "client_id": OTHER_KEY, "access_key": KEY},
        {"api_key": UUID, "client_id": UUID, "access_key": KEY},
    ],
)
def test_keys_of_the_same_shape_are_not_called_exchanged(keys: dict[str, str]) -> None:
    assert connection(**keys).exchanged_keys == ""
