# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""How the gateway is reached: address, keys, time-outs; and how its secrets are kept out of texts."""

from __future__ import annotations

import dataclasses
import functools
import html
import ipaddress
import re
import typing as t
from urllib.parse import urlsplit

from .._errors import OptionError
from .._text import enumerated

MASK = "********"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MAX_NAME = 20  # characters of a login name
MOST_SECONDS = 3600


@dataclasses.dataclass(frozen=True)
class Connection:
    """Settings of one connection to the gateway, checked.

    api_url: base address without a final slash.
    timeout: seconds to wait for the connection, and then for each part of the reply.
    retries: how many times a request may be repeated where that is safe.
    ca_path: file or folder of certificates to trust, None for the usual ones.
    """

    api_url: str
    api_key: str = dataclasses.field(repr=False)
    client_id: str
    access_key: str = dataclasses.field(repr=False)
    timeout: float = 30.0
    retries: int = 4
    validate_certs: bool = True
    ca_path: str | None = None
    allow_plain_http: bool = False

    def __post_init__(self) -> None:
        check_url(self.api_url, allow_plain_http=self.allow_plain_http)
        check_credentials({option: getattr(self, option) for option in ("api_key", "client_id", "access_key")})
        if not 0 < self.timeout <= MOST_SECONDS:
            raise OptionError(f"timeout must be more than 0 and at most {MOST_SECONDS} seconds.")
        if self.retries < 0:
            raise OptionError("retries must be 0 or more.")

    @property
    def address(self) -> str:
        """Scheme, host and port, for people to read."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(self.api_url))

    @property
    def loopback(self) -> bool:
        """The gateway is on this machine."""
        return is_loopback(urlsplit(self.api_url).hostname or "")

    @functools.cached_property
    def _secrets(self) -> re.Pattern[str]:
        # A key may stand in the place of the client id by mistake.
        exchanged = [self.client_id] if looks_like_key(self.client_id) else []
        # The longer one first, so that no part of it is left where the other one is its beginning.
        secrets = sorted((self.api_key, self.access_key, *exchanged), key=len, reverse=True)
        return re.compile("|".join("".join(map(spellings, secret)) for secret in secrets))

    @property
    def exchanged_keys(self) -> str:
        """Which two keys look exchanged by their shapes, in a sentence without their values; empty where none do.

        Onfon's keys are long and random; its client ids are UUIDs, or short login names.
        """
        if not looks_like_key(self.client_id):
            return ""
        for option in ("api_key", "access_key"):
            if looks_like_client_id(getattr(self, option)):
                return f"client_id looks like a key and {option} like a client id: exchange the two."
        return ""

    def redact(self, text: str) -> str:
        """The text without api_key and access_key, in any spelling that a URL, a page or JSON gives them."""
        return self._secrets.sub(MASK, text)


def spellings(character: str) -> str:
    """A pattern for one character: as it is, percent-encoded (also twice), as an HTML entity, or escaped in JSON."""
    if character.isalnum():
        return character
    number = ord(character)
    forms = [
        f"%(?:25)*{number:02x}",
        f"&#0*{number};",
        f"&#x0*{number:x};",
        f"\\\\u{number:04x}",
        rf"\\{re.escape(character)}",
        re.escape(html.escape(character)),
        re.escape(character),
    ]
    return f"(?i:{'|'.join(forms)})"


def looks_like_client_id(text: str) -> bool:
    """A UUID, or a short name."""
    return _UUID.fullmatch(text) is not None or (len(text) <= _MAX_NAME and text.isalnum())


def looks_like_key(text: str) -> bool:
    """Long, and no UUID."""
    return len(text) > _MAX_NAME and _UUID.fullmatch(text) is None


def is_loopback(host: str) -> bool:
    """The host is this machine: localhost, 127.0.0.0/8 or ::1."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_url(url: str, *, allow_plain_http: bool) -> None:
    """Refuse an address that cannot work, or that would carry the keys in clear."""
    example = "https://api.onfonmedia.co.ke/v1/sms"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port_is_odd = parts.port == 0
    except ValueError:
        raise OptionError(f"api_url is not an address: give one like {example}, there or in ONFON_API_URL.") from None
    if parts.scheme not in ("http", "https") or not host or port_is_odd or any(c.isspace() for c in url):
        raise OptionError(
            f"api_url is not an http or https address: give one like {example}, there or in ONFON_API_URL."
        )
    if "@" in parts.netloc:
        raise OptionError("api_url must not hold a user or a password: the keys go into api_key and access_key.")
    if "?" in url or "#" in url:
        raise OptionError(f"api_url must end with its path, without ? or #: give one like {example}.")
    if parts.scheme == "http" and not is_loopback(host) and not allow_plain_http:
        raise OptionError(
            f"api_url http://{host} would carry the keys in clear: use https, or set allow_plain_http to true."
        )


def check_credentials(credentials: t.Mapping[str, str | None]) -> None:
    """Refuse keys that cannot be right; the sentence never shows them."""
    missing = [option for option, value in credentials.items() if not value]
    if missing:
        are, them = ("is", "it") if len(missing) == 1 else ("are", "them")
        variables = enumerated([f"ONFON_{option.upper()}" for option in missing])
        raise OptionError(f"{enumerated(missing)} {are} missing: set {them}, or {variables} in the environment.")
    for option, value in credentials.items():
        if not (value and value.isascii() and value.isprintable()) or " " in value:
            variable = f"ONFON_{option.upper()}"
            raise OptionError(
                f"{option} or {variable} holds a blank, a line break or a letter outside ASCII: correct it."
            )
