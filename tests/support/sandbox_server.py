# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SandboxServer: the sandbox gateway as a process on a free port, with its own database."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

PROGRAM = Path(__file__).resolve().parents[2] / "roles/sandbox/files/onfon_sandbox"
SECONDS = 20.0

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class SandboxServer:
    """`with SandboxServer("--dialect", "docs") as sandbox:` starts a gateway with these flags and stops it.

    Keys may be given by name and may hold any character: `SandboxServer(api_key="a+b/c=")`.
    """

    def __init__(
        self,
        *flags: str,
        api_key: str = "sandbox-api",
        client_id: str = "sandbox-client",
        access_key: str = "sandbox-access",
        sender_id: str = "SANDBOX",
        database: Path | None = None,
        port: int = 0,
    ) -> None:
        self.api_key = api_key
        self.client_id = client_id
        self.access_key = access_key
        self.sender_id = sender_id
        self._folder = tempfile.TemporaryDirectory(prefix="onfon-sandbox-")
        self.database = database or Path(self._folder.name) / "gateway.db"
        self.log = Path(self._folder.name) / "gateway.log"
        self.base_url = ""
        self._port = port
        self._flags = flags
        self._process: subprocess.Popen[str] | None = None
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    # --- start and stop

    def start(self) -> None:
        """Start the process and wait until it answers."""
        accounts = {
            "api-key": self.api_key,
            "client-id": self.client_id,
            "access-key": self.access_key,
            "sender-id": self.sender_id,
        }
        command = [sys.executable, str(PROGRAM), f"--port={self._port}", f"--database={self.database}", *self._flags]
        command += [f"--{name}={value}" for name, value in accounts.items()]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8")
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("api_url"):
                self.base_url = line.split()[1].removesuffix("/v1/sms")
                break
        else:
            raise RuntimeError(f"the sandbox did not start: {self.log.read_text(encoding='utf-8')}")
        self.health()

    def stop(self) -> None:
        """Stop the process and remove its files, except for a database that was given."""
        self._end(signal.SIGTERM)
        self._folder.cleanup()

    def restart(self, *, kill: bool = False) -> None:
        """Stop the process (`kill`: with SIGKILL) and start it again on the same database and port."""
        self._port = int(self.base_url.rpartition(":")[2])
        self._end(signal.SIGKILL if kill else signal.SIGTERM)
        self.start()

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(number)
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(SECONDS)
        if process.stdout is not None:
            process.stdout.close()

    def __enter__(self) -> SandboxServer:
        """Return the running sandbox."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop it."""
        self.stop()

    # --- connection

    @property
    def api_url(self) -> str:
        """The value for `api_url`."""
        return f"{self.base_url}/v1/sms"

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that point a playbook at this gateway."""
        return {
            "ONFON_API_URL": self.api_url,
            "ONFON_API_KEY": self.api_key,
            "ONFON_CLIENT_ID": self.client_id,
            "ONFON_ACCESS_KEY": self.access_key,
            "ONFON_SENDER_ID": self.sender_id,
        }

    # --- Onfon's services, with the account's keys; each returns the envelope

    def call(self, verb: str, path: str, **arguments: Any) -> dict[str, Any]:
        """Call a service as documented: `id` in the query, the rest in the query (GET, DELETE) or in a JSON body."""
        given = {**arguments, "ApiKey": self.api_key, "ClientId": self.client_id}
        in_query = given if verb in ("GET", "DELETE") else {"id": given.pop("id")} if "id" in given else {}
        body = None if verb in ("GET", "DELETE") else given
        answer = self._request(verb, f"/v1/sms/{path}", in_query, body, {"AccessKey": self.access_key})
        assert isinstance(answer, dict)
        return answer

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        """GET a service."""
        return self.call("GET", path, **params)

    def post(self, path: str, **arguments: Any) -> dict[str, Any]:
        """POST to a service."""
        return self.call("POST", path, **arguments)

    def put(self, path: str, **arguments: Any) -> dict[str, Any]:
        """PUT to a service."""
        return self.call("PUT", path, **arguments)

    def delete(self, path: str, **params: Any) -> dict[str, Any]:
        """DELETE at a service."""
        return self.call("DELETE", path, **params)

    # --- the sandbox's own endpoints

    def health(self) -> dict[str, Any]:
        """Return the version, dialect and credits."""
        answer: dict[str, Any] = self._request("GET", "/sandbox/health")
        return answer

    def messages(self) -> list[dict[str, Any]]:
        """Return every accepted or rejected message, oldest first."""
        answer: list[dict[str, Any]] = self._request("GET", "/sandbox/messages")
        return answer

    def faults(self) -> list[dict[str, Any]]:
        """Return for each `--fault` its name, the `requests` it applied to, and its `hits`."""
        answer: list[dict[str, Any]] = self._request("GET", "/sandbox/faults")
        return answer

    def reports(self) -> list[dict[str, Any]]:
        """Return the delivery reports for `--dlr-url`, by due time; `state` is waiting, pushed or given up."""
        answer: list[dict[str, Any]] = self._request("GET", "/sandbox/reports")
        return answer

    def history(self, **wanted: Any) -> dict[str, int]:
        """Generate past messages (`days`, `messages`, `seed`, `sender_ids`); return their numbers."""
        answer: dict[str, int] = self._request("POST", "/sandbox/history", body=wanted)
        return answer

    def reset(self) -> None:
        """Delete all data."""
        self._request("POST", "/sandbox/reset")

    def approve_template(self, template_id: int) -> None:
        """Approve a template, as Onfon's staff does."""
        self._request("POST", f"/sandbox/templates/{template_id}/approve")

    def set_contacts(self, group_id: int, count: int) -> None:
        """Set how many contacts a group has, as the portal does."""
        self._request("POST", f"/sandbox/groups/{group_id}/contacts", {"count": count})

    def _request(
        self,
        verb: str,
        path: str,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        request = urllib.request.Request(f"{self.base_url}{path}?{urlencode(query or {})}", method=verb)
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with _opener.open(request, timeout=SECONDS) as answer:
            content = answer.read()
        return json.loads(content) if content else None
