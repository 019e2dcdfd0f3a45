# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The connection options: one argument spec, and one reader for modules and plugins; and the checks of other options.

The connection's documentation is the doc fragment onfon.sms._connection; a unit test compares the two.
"""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import env_fallback

from ._errors import OptionError
from ._gateway.client import Client
from ._gateway.connection import Connection
from ._gateway.transport import Transport

DEFAULT_API_URL = "https://api.onfonmedia.co.ke/v1/sms"

# The keys are required, and missing ones are told by the connection, which names the environment variables too.
CONNECTION_SPEC: t.Final[dict[str, dict[str, t.Any]]] = {
    "api_key": {"type": "str", "no_log": True, "fallback": (env_fallback, ["ONFON_API_KEY"])},
    "client_id": {"type": "str", "fallback": (env_fallback, ["ONFON_CLIENT_ID"])},
    "access_key": {"type": "str", "no_log": True, "fallback": (env_fallback, ["ONFON_ACCESS_KEY"])},
    "api_url": {"type": "str", "default": DEFAULT_API_URL, "fallback": (env_fallback, ["ONFON_API_URL"])},
    "timeout": {"type": "float", "default": 30},
    "retries": {"type": "int", "default": 4},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "allow_plain_http": {"type": "bool", "default": False},
}

# The least and the greatest value of a number; None: no such bound.
Bounds = t.Mapping[str, tuple[float, t.Optional[float]]]


def connect(get_option: t.Callable[[str], t.Any]) -> Client:
    """A client for the options that get_option returns by name. Raises OptionError where one is wrong."""
    connection = Connection(**{name: get_option(name) for name in CONNECTION_SPEC})
    return Client(connection, Transport(connection))


def check_bounds(params: t.Mapping[str, t.Any], bounds: Bounds) -> None:
    """Raise OptionError for a number that is out of its bounds."""
    for option, (least, greatest) in bounds.items():
        value = params[option]
        if value is None or (least <= value and (greatest is None or value <= greatest)):
            continue
        bound = f"{least:g} or more" if greatest is None else f"from {least:g} to {greatest:g}"
        raise OptionError(f"{option} is {value:.10g}: give {bound}.")


def read_list(option: str, entries: t.Sequence[object] | None, what: str) -> list[str] | None:
    """The entries of a list without whitespace around them, None where the option is not set. what: an entry's name."""
    if entries is None:
        return None
    if any(isinstance(entry, (dict, list)) for entry in entries):
        raise OptionError(f"{option} holds a list or a dictionary: give each {what} as a text.")
    texts = ["" if entry is None else str(entry).strip() for entry in entries]
    if not texts:
        raise OptionError(f"{option} is empty: give at least one {what}.")
    if not all(texts):
        raise OptionError(f"{option} holds an empty entry: give each {what}, and leave out what has none.")
    return texts
