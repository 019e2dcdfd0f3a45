# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the plain scripts have in common: Onfon's services over one kept-alive session, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

SECONDS = 30


class Onfon:
    """The services at the address, and with the keys, of the ONFON_ variables."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._url = environment["ONFON_API_URL"]
        self._keys = {"ApiKey": environment["ONFON_API_KEY"], "ClientId": environment["ONFON_CLIENT_ID"]}
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["AccessKey"] = environment["ONFON_ACCESS_KEY"]

    def get(self, service: str) -> list[dict[str, Any]]:
        """The rows of a list."""
        rows: list[dict[str, Any]] | None = self._ask("GET", service, params=self._keys)
        return rows or []

    def post(self, service: str, **arguments: object) -> Any:
        return self._ask("POST", service, json={**arguments, **self._keys})

    def delete(self, service: str, number: int) -> None:
        self._ask("DELETE", service, params={"id": str(number), **self._keys})

    def _ask(self, verb: str, service: str, **request: Any) -> Any:
        try:
            answer = self._session.request(verb, f"{self._url}/{service}", timeout=SECONDS, **request).json()
        except requests.RequestException:
            answer = None  # what it says quotes the whole address, with the keys in it
        if answer is None:
            raise RuntimeError(f"{verb} {service}: no answer that can be read")
        if int(answer["ErrorCode"]):
            raise RuntimeError(f"{verb} {service}: {answer['ErrorDescription']}")
        return answer["Data"]
