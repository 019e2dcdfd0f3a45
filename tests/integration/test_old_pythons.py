# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module, shipped to the Pythons that only a host may have: in check mode, for real, and once more."""

from __future__ import annotations

import csv
import datetime
import json
import re
import zoneinfo
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.ansible import Ansible, Played, Task
from tests.support.sandbox_server import SandboxServer
from tools import interpreters

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements.txt"
PREFIX = "onfon.sms."
FIRST, SECOND, THIRD, ABROAD = "254700000001", "254700000002", "254700000003", "447911123456"
# Neither Nairobi's, which the collection knows by itself, nor one that changes its clocks.
ZONE = "Asia/Kolkata"
FAILING = "a number without a route"

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("sandbox", ["live"], indirect=True)]


@pytest.fixture(params=["3.9", "3.10"])
def python(request: pytest.FixtureRequest) -> Path:
    """An old interpreter that has the libraries of requirements.txt, and no other."""
    version = request.param
    found = interpreters.find(version)
    if found is None:
        pytest.skip(f"NOT RUN, as there is no Python {version} here: install it, with pyenv for instance")
    folder = ROOT / ".venv" / "hosts" / version
    return interpreters.environment(folder, found, "-r", str(REQUIREMENTS), files=[REQUIREMENTS])


@pytest.fixture
def sent(sandbox: SandboxServer) -> list[str]:
    """The ids of two messages in the log of an account that also has a group and an approved template."""
    sandbox.post("Group", GroupName="Warehouse")
    sandbox.post("Template", TemplateName="Greeting", MessageTemplate="Jambo ##Name##, ##What##")
    sandbox.approve_template(1)
    rows = [{"Number": number, "Text": f"Hello, \u201c{number}\u201d"} for number in (FIRST, SECOND)]
    answer = sandbox.post("SendBulkSMS", SenderId=sandbox.sender_id, MessageParameters=rows, IsUnicode=True)
    return [row["MessageId"] for row in answer["Data"]]


def make_tasks(folder: Path, sent: list[str], quiet_hours: dict[str, str]) -> dict[str, Task]:
    """Tasks by name, which call each module at least once; those of onfon_sms send nothing a second time."""
    folder.mkdir()
    (folder / "people.csv").write_text(f'to,Name\n0700 000 001,"Doe, ""J"" é"\n+{SECOND},Ж\n', "utf-8-sig")
    people = [{"to": int(FIRST), "Percent": 5}, {"to": f"+{THIRD}"}]
    (folder / "people.jsonl").write_text("".join(json.dumps(row) + "\n" for row in people))
    (folder / "out.txt").write_text(f"# said no\n+{THIRD}\n")
    tasks: dict[str, Task] = {
        "balance": {"onfon_balance_info": {}},
        "campaigns": {"onfon_campaign_info": {"from_date": "7d", "limit": 1}},
        "statistics": {"onfon_campaign_statistics_info": {"campaign_id": ["1"]}},
        "delivery": {"onfon_delivery_info": {"message_ids": sent, "min_delivered_percent": 100}},
        "log as csv": {"onfon_sms_info": {"export_file": "log.csv", "message_ids": sent, "msisdn": "0700 000 001"}},
        "log as jsonl": {"onfon_sms_info": {"export_file": "log.jsonl", "message_ids": sent, "page_size": 1}},
        "group": {"onfon_group": {"name": "Ops & näit"}},
        "template": {"onfon_template": {"name": "disk", "text": "Disk ##Disk## of ##Host## 😀"}},
        "account": {
            "onfon_account": {
                "groups": ["On call", {"name": "Warehouse", "state": "absent"}],
                "templates": [{"name": "later", "text": "##A## then ##B##"}],
            }
        },
        "groups": {"onfon_group_info": {}},
        "templates": {"onfon_template_info": {"name": "Greeting"}},
        "file and template": {
            "onfon_sms": {
                "recipients_file": "people.csv",
                "template": "Greeting",
                "fields": {"What": "karibu"},
                "journal": "csv.db",
                "report_file": "report.csv",
                "wait_for_delivery": True,
                "delivery_timeout": 60,
                "min_delivered_percent": 100,
                "price_per_segment": 0.8,
                "min_balance_after": 10,
            }
        },
        "quiet hours": {
            "onfon_sms": {
                "recipients_file": "people.jsonl",
                "text": "The disk is ##Percent## full.",
                "fields": {"Percent": "95 %"},
                "quiet_hours": quiet_hours,
                "journal": "jsonl.db",
                "report_file": "report.jsonl",
            }
        },
        "window": {
            "onfon_sms": {
                "messages": [
                    {"to": number, "text": "\u201cHabari\u201d " + "a" * 70} for number in (FIRST, "12", THIRD)
                ],
                "transliterate": True,
                "on_invalid": "skip",
                "opt_out_file": "out.txt",
                "dedupe_window": "1h",
            }
        },
        FAILING: {"onfon_sms": {"to": f"+{ABROAD}", "text": "x"}},
    }
    return {
        name: {PREFIX + module: inside(folder, options) for module, options in task.items()}
        for name, task in tasks.items()
    }


def inside(folder: Path, options: dict[str, Any]) -> dict[str, Any]:
    """The options, with all files in a folder."""
    files = ("recipients_file", "opt_out_file", "journal", "report_file", "export_file")
    return {name: str(folder / value) if name in files else value for name, value in options.items()}


def clock(hours: int) -> str:
    """The time of day in the zone, so many hours from now."""
    moment = datetime.datetime.now(zoneinfo.ZoneInfo(ZONE)) + datetime.timedelta(hours=hours)
    return f"{moment:%H:%M}"


def statuses(result: dict[str, Any]) -> list[str]:
    return [row["status"] for row in result["recipients"]]


def names(sandbox: SandboxServer, service: str) -> list[str]:
    """What the account's groups or templates are called."""
    return [row[f"{service}Name"] for row in sandbox.get(service)["Data"]]


def rows(path: Path) -> list[dict[str, Any]]:
    """What a file holds, whatever its format."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file)) if path.suffix == ".csv" else [json.loads(line) for line in file]


def by_line(path: Path) -> list[dict[str, Any]]:
    return sorted(rows(path), key=lambda row: int(row["line"]))


def check_play(played: Played, tasks: dict[str, Task], python: Path) -> dict[str, dict[str, Any]]:
    """Each module ran with that interpreter, once a task and in order; the results by name."""
    assert "Traceback" not in played.output
    assert played.returncode == 0, played.output
    assert len(played.results) == len(tasks), played.output
    started = re.findall(rf"{re.escape(str(python))}\W+\S*AnsiballZ_(\w+)\.py", played.output)
    assert started == [module.removeprefix(PREFIX) for task in tasks.values() for module in task]
    return dict(zip(tasks, played.results))


def failures(results: dict[str, dict[str, Any]]) -> list[str]:
    return [name for name, result in results.items() if "error" in result]


def changes(results: dict[str, dict[str, Any]]) -> list[str]:
    return [name for name, result in results.items() if result["changed"]]


def test_every_module_works_on_an_old_python(
    ansible: Ansible, sandbox: SandboxServer, sent: list[str], python: Path
) -> None:
    folder, end = ansible.folder / "files", clock(2)
    tasks = make_tasks(folder, sent, {"start": clock(-2), "end": end, "timezone": ZONE, "action": "schedule"})
    meta = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    assert {module for task in tasks.values() for module in task} == {
        PREFIX + name for name in meta["action_groups"]["all"]
    }

    def play(*args: str) -> dict[str, dict[str, Any]]:
        played = ansible.tasks(
            *({"name": name, **task, "ignore_errors": name == FAILING} for name, task in tasks.items()),
            shipped=True,
            args=["-vvv", *args],
            vars={"ansible_python_interpreter": str(python)},
        )
        return check_play(played, tasks, python)

    before = len(sandbox.messages())
    files = set(folder.iterdir())
    check = play("--check", "--diff")
    assert len(sandbox.messages()) == before
    assert (names(sandbox, "Group"), names(sandbox, "Template")) == (["Warehouse"], ["Greeting"])
    assert set(folder.iterdir()) == files
    writing = ["group", "template", "account", "file and template", "quiet hours", "window"]
    assert (changes(check), failures(check)) == ([*writing, FAILING], [])
    assert check["template"]["diff"]["after"].startswith("name: disk\ntext: Disk ##Disk## of ##Host## 😀\n")
    assert [entry["status"] for entry in check["account"]["plan"]] == ["planned"] * 3
    assert [statuses(check[name]) for name in writing[3:]] == [
        ["not_sent", "not_sent"],
        ["not_sent", "not_sent"],
        ["not_sent", "skipped_invalid", "skipped_opt_out"],
    ]

    real = play()
    assert (changes(real), failures(real)) == (writing, [FAILING])
    for name in ("file and template", "quiet hours", "window"):
        assert {**real[name]["plan"], "balance": None, "balance_after": None} == {
            **check[name]["plan"],
            "balance": None,
            "balance_after": None,
        }
    # What is read.
    assert real["balance"]["balances"][0]["currency"] == "KSh"
    assert [(campaign["id"], campaign["total"]) for campaign in real["campaigns"]["campaigns"]] == [("1", 2)]
    assert real["statistics"]["statistics"][0]["counts"]["delivered"] == 2
    assert real["delivery"]["delivered_percent"] == 100
    assert [row["msisdn"] for row in real["delivery"]["messages"]] == [FIRST, SECOND]
    assert real["delivery"]["messages"][0]["text"] == f"Hello, \u201c{FIRST}\u201d"
    assert [row["message_id"] for row in rows(folder / "log.csv")] == sent[:1]
    assert rows(folder / "log.jsonl") == real["log as jsonl"]["sms"]
    assert [row["message_id"] for row in real["log as jsonl"]["sms"]] == sent
    # What is declared.
    assert names(sandbox, "Group") == ["Ops & näit", "On call"]
    assert names(sandbox, "Template") == ["Greeting", "disk", "later"]
    assert [group["name"] for group in real["groups"]["groups"]] == names(sandbox, "Group")
    assert [(row["id"], row["fields"]) for row in real["templates"]["templates"]] == [(1, ["Name", "What"])]
    # What is sent.
    texted = {(message["msisdn"], message["text"]): message for message in sandbox.messages()[before:]}
    (refused,) = [key for key, message in texted.items() if message["code"]]
    assert refused == (ABROAD, "x")
    assert real[FAILING]["error"]["code"] in ("412", "805")
    assert set(texted) - {refused} == {
        (FIRST, 'Jambo Doe, "J" é, karibu'),
        (SECOND, "Jambo Ж, karibu"),
        (FIRST, "The disk is 5 full."),
        (THIRD, "The disk is 95 % full."),
        (FIRST, '"Habari" ' + "a" * 70),
    }
    assert statuses(real["file and template"]) == ["accepted", "accepted"]
    assert real["file and template"]["delivery"]["delivered_percent"] == 100
    assert real["file and template"]["plan"]["cost"] == pytest.approx(1.6)
    assert statuses(real["window"]) == ["accepted", "skipped_invalid", "skipped_opt_out"]
    due = datetime.datetime.fromisoformat(texted[THIRD, "The disk is 95 % full."]["scheduled"])
    assert f"{due.astimezone(zoneinfo.ZoneInfo(ZONE)):%H:%M}" == end
    assert datetime.datetime.fromisoformat(real["quiet hours"]["plan"]["scheduled_for"]) == due
    told = [
        {key: "" if cell is None else str(cell) for key, cell in row.items()}
        for row in real["file and template"]["recipients"]
    ]
    # Batches may end in another order than they began.
    assert by_line(folder / "report.csv") == told
    assert by_line(folder / "report.jsonl") == real["quiet hours"]["recipients"]

    again = play()
    assert (changes(again), failures(again)) == ([], [FAILING])
    assert statuses(again["file and template"]) == statuses(again["quiet hours"]) == ["skipped_already_sent"] * 2
    assert statuses(again["window"]) == ["skipped_already_sent", "skipped_invalid", "skipped_opt_out"]
    assert [row["message_id"] for row in again["file and template"]["recipients"]] == [
        row["message_id"] for row in real["file and template"]["recipients"]
    ]
    assert len(sandbox.messages()) == before + len(texted) + 1
    assert again["account"]["plan"] == []
