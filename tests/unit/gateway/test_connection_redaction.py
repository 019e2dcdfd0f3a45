# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets are masked in every encoding of URLs, headers and pages."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._gateway.connection import MASK, Connection

# Capitals, small letters and all that base64 has: a spelling that changes one of them is another key.
API_KEY = "aB+c/De5fG=="
ACCESS_KEY = "Zy&x<W>'v\"~%2b"
CONNECTION = Connection("https://gateway.example", api_key=API_KEY, client_id="acme", access_key=ACCESS_KEY)


def small_escapes(text: str) -> str:
    """%2B as %2b, and nothing else changed."""
    parts = text.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


SPELLINGS = {
    "raw": str,
    "quote": quote,
    "quote_plus": quote_plus,
    "quote, small": lambda key: small_escapes(quote(key)),
    "quote_plus, small": lambda key: small_escapes(quote_plus(key)),
    "quote twice": lambda key: quote_plus(quote_plus(key)),
    "html": html.escape,
    "html, decimal": lambda key: key.replace("+", "&#43;").replace("/", "&#47;").replace("=", "&#61;"),
    # HtmlEncoder and JavaScriptEncoder of ASP.NET Core, which Onfon's platform is built on
    "html, ASP.NET": lambda key: key.replace("+", "&#x2B;"),
    "json": lambda key: json.dumps(key)[1:-1],
    "json, PHP": lambda key: key.replace("/", "\\/"),
    "json, ASP.NET": lambda key: key.replace("+", "\\u002B"),
}


@pytest.mark.parametrize("key", [API_KEY, ACCESS_KEY])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_is_masked_in_every_encoding(spelling: str, key: str) -> None:
    written = SPELLINGS[spelling](key)
    assert CONNECTION.redact(f"before {written} after") == f"before {MASK} after"


def test_every_occurrence_is_masked() -> None:
    text = f"?ApiKey={quote_plus(API_KEY)}&x=1 AccessKey: {ACCESS_KEY}, again {API_KEY}"
    assert CONNECTION.redact(text) == f"?ApiKey={MASK}&x=1 AccessKey: {MASK}, again {MASK}"


def test_other_text_is_unchanged() -> None:
    assert (
        CONNECTION.redact("acme at gateway.example: 100 % = all & <b>") == "acme at gateway.example: 100 % = all & <b>"
    )


def test_a_secret_inside_the_other_leaves_no_remainder() -> None:
    connection = Connection("https://gateway.example", api_key="abc", client_id="acme", access_key="abcdef")
    assert connection.redact("abcdef abc") == f"{MASK} {MASK}"


@given(st.binary(min_size=9, max_size=36))
def test_a_base64_secret_never_shows_in_a_url(secret: bytes) -> None:
    key = base64.b64encode(secret).decode()
    connection = Connection("https://gateway.example", api_key=key, client_id="acme", access_key="other-key")
    query = urlencode({"ApiKey": key, "ClientId": "acme"})
    for address in (query, small_escapes(query)):
        assert connection.redact(address) == f"ApiKey={MASK}&ClientId=acme"
