# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tour of the collection on the sandbox: `make demo`."""

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
HISTORY = {"days": 14, "messages": 1500, "sender_ids": ["ACME OPS", "ACME CARE", "ACME ALERT"]}
# Some messages are slow, and some fail. With this seed the two that the tour sends are quick.
NETWORKS = ["--delivery-delay", "120", "--failure-rate", "0.06", "--seed", "23"]
CHAPTERS = itertools.count(1)


def main() -> int:
    """Run all chapters; the sandbox is stopped whatever happens."""
    print("\nA tour of onfon.sms, in a minute, on the sandbox:\nno account, no money, no real phone.")
    with tempfile.TemporaryDirectory(prefix="onfon-demo-") as folder:
        chapter("Start the sandbox on a free port of this machine")
        sandbox = Sandbox(Path(folder))
        try:
            say(f"Open its inbox in a browser while the tour runs: {sandbox.address}/")
            sandbox.create_history()
            say(f"Its history covers {HISTORY['days']} days. Some of the messages failed.")
            tour(sandbox)
        finally:
            sandbox.stop()
    chapter("Stop the sandbox")
    say(f"The report is kept: open it in a browser at {REPORT.as_uri()}")
    say("README.md shows how to run your own playbook on the sandbox, and with Onfon.")
    say("`make test` runs all checks.\n")
    return 0


def tour(sandbox: Sandbox) -> None:
    """The chapters that need the sandbox."""
    provision = ["ansible-playbook", "onfon.sms.provision", "-e", f"@{ACCOUNT}"]
    group = yaml.safe_load((ROOT / ACCOUNT).read_text())["account_groups"][0]

    chapter("Provision an account from a file")
    print(textwrap.indent((ROOT / ACCOUNT).read_text().split("\n", 2)[2].rstrip(), "       "))
    sandbox.run(provision)

    chapter("Provision again: nothing changes")
    sandbox.run(provision)

    chapter(f'Somebody renames "{group}" in the portal. Check mode reports the drift')
    sandbox.rename(group, "Old ops")
    sandbox.run([*provision, "--check", "--diff"])

    chapter("Rename it back, so that the group keeps its id and its contacts")
    sandbox.run([*provision, "--diff", "-e", json.dumps({"account_renames": {"Old ops": group}})])

    chapter("Export the account to a file, and provision from it: nothing changes")
    sandbox.run(["ansible-playbook", "onfon.sms.export", "-e", f"export_file={EXPORT}"])
    sandbox.run(["ansible-playbook", "onfon.sms.provision", "-e", f"@{EXPORT}"])

    chapter("Read the balance")
    sandbox.run(["ansible", "localhost", "-m", "onfon.sms.onfon_balance_info"])

    chapter("Send a message to two people; one number is given twice, in two spellings")
    text = json.dumps(
        {
            "sms_to": ["+254700000001", "0700 000 002", "254700000002"],
            "sms_text": "Disk /var of db1 is 91% full.",
        }
    )
    sandbox.run(["ansible-playbook", "onfon.sms.send", "-e", text])

    chapter("The messages that the sandbox received")
    for message in sandbox.messages()[HISTORY["messages"] :]:
        draw(message)

    chapter("Report on two weeks, in one HTML file")
    period = ["-e", f"report_from_date={HISTORY['days']}d", "-e", f"report_file={REPORT}"]
    sandbox.run(["ansible-playbook", "onfon.sms.report", *period])


class Sandbox:
    """The sandbox as a process, and commands that use it. folder: for its files."""

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
        # The sandbox is on this machine: do not use a proxy.
        self._session.trust_env = False
        self.address = self._environment["ONFON_API_URL"].removesuffix("/v1/sms")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()

    def run(self, command: list[str]) -> None:
        """Show a command, run it, and show the relevant part of its output."""
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
            sys.exit(f"The command failed. Its output:\n{done.stdout}")

    def rename(self, old: str, new: str) -> None:
        """Rename a group outside Ansible, as the portal would."""
        keys = {"ApiKey": self._environment["ONFON_API_KEY"], "ClientId": self._environment["ONFON_CLIENT_ID"]}
        url = self._environment["ONFON_API_URL"] + "/Group"
        headers = {"AccessKey": self._environment["ONFON_ACCESS_KEY"]}
        listed = self._session.get(url, params=keys, headers=headers, timeout=10).json()["Data"]
        found = next(row["GroupId"] for row in listed if row["GroupName"] == old)
        self._session.put(url, params={"id": found}, json={"GroupName": new, **keys}, headers=headers, timeout=10)

    def create_history(self) -> None:
        """Fill the account with messages of the days before."""
        self._session.post(f"{self.address}/sandbox/history", json=HISTORY, timeout=60).raise_for_status()

    def messages(self) -> list[dict[str, object]]:
        """The messages that the sandbox received, oldest first."""
        rows: list[dict[str, object]] = self._session.get(f"{self.address}/sandbox/messages", timeout=10).json()
        return rows

    def _wait_for_environment(self) -> dict[str, str]:
        """The sandbox prints the environment variables of its users once it listens."""
        for _try in range(PATIENCE * 10):
            exports = [line.removeprefix("export ") for line in self._log.read_text().splitlines() if "export " in line]
            if len(exports) == 5:
                break
            if self._process.poll() is not None:
                sys.exit(f"The sandbox did not start. Its output:\n{self._log.read_text()}")
            time.sleep(0.1)
        else:
            self.stop()
            sys.exit(f"The sandbox did not start within {PATIENCE} s. Its output:\n{self._log.read_text()}")
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
    """Ansible's output without the names of plays, the stars and repeated spaces."""
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
