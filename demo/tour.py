# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tour of the collection against the sandbox gateway: `make demo`."""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import requests
import yaml

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
ACCOUNT = "demo/account.yml"
WIDTH = 78
PATIENCE = 30  # seconds
REPORT = ROOT / ".venv" / "onfon-report.html"
EXPORT = ROOT / ".venv" / "onfon-account.yml"
PAST = {"days": 14, "messages": 1500, "sender_ids": ["ACME OPS", "ACME CARE", "ACME ALERT"]}
# Networks as they are: some messages are slow, and some fail. With this seed the two that are texted here are quick.
NETWORKS = ["--delivery-delay", "120", "--failure-rate", "0.06", "--seed", "23"]
CHAPTERS = itertools.count(1)


def main() -> int:
    """Walk through the chapters; the sandbox is stopped whatever happens."""
    print("\nonfon.sms in a minute. A sandbox gateway stands in for Onfon: no account, no money,\nno real phone.")
    with tempfile.TemporaryDirectory(prefix="onfon-demo-") as folder:
        chapter("The sandbox gateway starts, on a free port of this machine")
        sandbox = Sandbox(Path(folder))
        try:
            say(f"Its inbox, to look at in a browser while this runs: {sandbox.address}/")
            sandbox.have_a_past()
            say(f"It is given a past of {PAST['days']} days, some messages of which failed.")
            tour(sandbox)
        finally:
            sandbox.stop()
    chapter("The sandbox gateway is stopped")
    say(f"The report stays: open it in a browser at {REPORT.as_uri()}")
    say("Yours to go on with: README.md shows how to try your own playbook on the sandbox,")
    say("and how to point it at Onfon. `make test` runs everything that must hold.\n")
    return 0


def tour(sandbox: Sandbox) -> None:
    """The chapters that need the gateway."""
    provision = ["ansible-playbook", "onfon.sms.provision", "-e", f"@{ACCOUNT}"]
    group = yaml.safe_load((ROOT / ACCOUNT).read_text())["account_groups"][0]

    chapter("An account as code")
    print(textwrap.indent((ROOT / ACCOUNT).read_text().split("\n", 2)[2].rstrip(), "       "))
    sandbox.run(provision)

    chapter("The same again: nothing to do, nothing done")
    sandbox.run(provision)

    chapter(f'Somebody renames "{group}" in the portal. A dry run shows the drift')
    sandbox.rename(group, "Old ops")
    sandbox.run([*provision, "--check", "--diff"])

    chapter("The repair: a rename, so that the group keeps its id and its contacts")
    sandbox.run([*provision, "--diff", "-e", json.dumps({"account_renames": {"Old ops": group}})])

    chapter("And back: the account as a file, which is as declared")
    sandbox.run(["ansible-playbook", "onfon.sms.export", "-e", f"export_file={EXPORT}"])
    sandbox.run(["ansible-playbook", "onfon.sms.provision", "-e", f"@{EXPORT}"])

    chapter("What is left to spend")
    sandbox.run(["ansible", "localhost", "-m", "onfon.sms.onfon_balance_info"])

    chapter("Two people are texted, one number of them written in two ways")
    text = json.dumps(
        {
            "sms_to": ["+254700000001", "0700 000 002", "254700000002"],
            "sms_text": "Disk /var of db1 is 91% full.",
        }
    )
    sandbox.run(["ansible-playbook", "onfon.sms.send", "-e", text])

    chapter("What the sandbox gateway received")
    for message in sandbox.messages()[PAST["messages"] :]:
        draw(message)

    chapter("The report: what was sent in two weeks, and what became of it, on one page")
    period = ["-e", f"report_from_date={PAST['days']}d", "-e", f"report_file={REPORT}"]
    sandbox.run(["ansible-playbook", "onfon.sms.report", *period])


class Sandbox:
    """The sandbox gateway as a process, and commands that are pointed at it. folder: for what it keeps."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "sandbox.log"
        command = [
            sys.executable,
            "roles/sandbox/files/onfon_sandbox",
            "--port",
            "0",
            "--database",
            folder / "sandbox.db",
            *NETWORKS,
        ]
        with self._log.open("w") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        self._environment = self._wait_for_environment()
        self._session = requests.Session()
        # The gateway is on this machine: no proxy leads to it.
        self._session.trust_env = False
        self.address = self._environment["ONFON_API_URL"].removesuffix("/v1/sms")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()

    def run(self, command: list[str]) -> None:
        """Show a command, run it, and show what a reader needs of its output."""
        print(f"\n   $ {shlex.join(command)}")
        begun = time.monotonic()
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            env=self._environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        for line in shown(done.stdout):
            print(f"       {line}")
        print(f"     {time.monotonic() - begun:.1f} s")
        if done.returncode:
            sys.exit(f"The command failed. All it said:\n{done.stdout}")

    def rename(self, old: str, new: str) -> None:
        """Rename a group as the portal would: behind the back of the playbooks."""
        keys = {"ApiKey": self._environment["ONFON_API_KEY"], "ClientId": self._environment["ONFON_CLIENT_ID"]}
        url = self._environment["ONFON_API_URL"] + "/Group"
        headers = {"AccessKey": self._environment["ONFON_ACCESS_KEY"]}
        listed = self._session.get(url, params=keys, headers=headers, timeout=10).json()["Data"]
        found = next(row["GroupId"] for row in listed if row["GroupName"] == old)
        self._session.put(url, params={"id": found}, json={"GroupName": new, **keys}, headers=headers, timeout=10)

    def have_a_past(self) -> None:
        """Fill the account with what may have been sent on the days before."""
        self._session.post(f"{self.address}/sandbox/history", json=PAST, timeout=60).raise_for_status()

    def messages(self) -> list[dict[str, object]]:
        """The messages that the gateway took, oldest first."""
        rows: list[dict[str, object]] = self._session.get(f"{self.address}/sandbox/messages", timeout=10).json()
        return rows

    def _wait_for_environment(self) -> dict[str, str]:
        """The gateway prints the environment that leads to it once it listens."""
        for _try in range(PATIENCE * 10):
            exports = [line.removeprefix("export ") for line in self._log.read_text().splitlines() if "export " in line]
            if len(exports) == 5:
                break
            if self._process.poll() is not None:
                sys.exit(f"The sandbox gateway did not start. It said:\n{self._log.read_text()}")
            time.sleep(0.1)
        else:
            self.stop()
            sys.exit(f"The sandbox gateway did not start in {PATIENCE} s. It said:\n{self._log.read_text()}")
        variables = dict(shlex.split(line)[0].split("=", 1) for line in exports)
        settings = {
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv/collections"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_FORCE_COLOR": str(sys.stdout.isatty()),
        }
        return {**os.environ, **variables, **settings}


def chapter(title: str) -> None:
    print(f"\n{next(CHAPTERS)}. {title}")


def say(text: str) -> None:
    print(f"   {text}")


def shown(output: str) -> list[str]:
    """Ansible's output without its frame: what a play is called, the stars, and the counts that are nought."""
    lines = [line.rstrip() for line in output.splitlines() if line.strip() and "PLAY [" not in line]
    lines = [re.sub(r"TASK \[(.*)\] \*+", r"\1", line) for line in lines if "PLAY RECAP" not in line]
    return [" ".join(line.split()) if "unreachable=" in line else line for line in lines]


def draw(message: dict[str, object]) -> None:
    """One message as it would look on a phone."""
    body = textwrap.wrap(str(message["text"]), WIDTH - 20)
    head = f" {message['sender_id']} to +{message['msisdn']} "
    foot = f" {message['status']}, {message['segments']} segment "
    inner = max(*(len(line) for line in body), len(head), len(foot)) + 2
    print(f"       ╭{head:─^{inner}}╮")
    for line in body:
        print(f"       │ {line:<{inner - 2}} │")
    print(f"       ╰{foot:─^{inner}}╯")


if __name__ == "__main__":
    sys.exit(main())
