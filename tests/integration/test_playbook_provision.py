# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The account as code: the role, the drift report, and the way from a live account to a file and back."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.ansible import Ansible, Played
from tests.support.sandbox_server import SandboxServer

README = Path(__file__).resolve().parents[2] / "roles" / "account" / "README.md"
PROVISION, EXPORT = "onfon.sms.provision", "onfon.sms.export"
# What YAML, Jinja, Python and Onfon may each take for something of their own.
NASTY = [
    "##Field## and ##Field##",
    "{{ undefined_variable }}",
    "{% raw %}{{ x }}{% endraw %}",
    "{# a comment #} and {##Field##}",
    "!unsafe {{ x }}",
    "#jinja2: trim_blocks: true",
    'it\'s "quoted" \\ \\n twice: \'\' ""',
    "[1, 2]",
    '{"a": [1, null]}',
    "{'a': 1}",
    "yes",
    "null",
    "~",
    "0700",
    "1e3",
    "12:30:45",
    "2026-11-22",
    "key: value # no comment",
    "- item",
    "@at `tick` %percent & * ! | >",
    "n\u00e4it \u041f\u0440\u0438\u0432\u0435\u0442 \U0001f525 e\u0301 \u200b \u2028 \u0085 \ufeff",
    "  leading, and trailing  ",
    "tab\there, bell\x07",
    "first line\n\n  third line\nlast line",
    "a last line end\n",
    "Windows\r\nline ends\r\n",
    "x" * 1000,
    "omit",
    "__omit_place_holder__",
    "${HOME} $(id) `id` %s {0}",
    "<b>&amp;</b>",
]
# Line ends and control characters, also Unicode's own.
ODD = {*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029}


def rows(sandbox: SandboxServer, service: str) -> list[dict[str, Any]]:
    return sandbox.get(service)["Data"] or []


def texts(sandbox: SandboxServer) -> dict[str, str]:
    return {row["TemplateName"]: row["MessageTemplate"] for row in rows(sandbox, "Template")}


def provision(ansible: Ansible, *args: str, **variables: Any) -> Played:
    named = {f"account_{name}": value for name, value in variables.items()}
    return ansible.playbook(PROVISION, "-e", json.dumps(named), *args)


# --- there and back ---------------------------------------------------------------------------------------------------


def fill(sandbox: SandboxServer) -> None:
    """Have an account with every nasty text, as text and, where the gateway takes it, as name."""
    for number, text in enumerate(NASTY):
        sandbox.post("Template", TemplateName=f"template {number}", MessageTemplate=text)
        sandbox.post("Template", TemplateName=text, MessageTemplate=f"text {number}")
        sandbox.post("Group", GroupName=text)
    assert len(texts(sandbox)) == 2 * len(NASTY)


def test_an_exported_account_has_no_drift(ansible: Ansible, sandbox: SandboxServer) -> None:
    fill(sandbox)
    file = ansible.folder / "account.yml"
    exported = ansible.playbook(EXPORT, "-e", f"export_file={file}")
    assert exported.returncode == 0, exported.output
    assert f"The account is in {file} (groups: {len(NASTY)}, templates: {2 * len(NASTY)})" in exported.output
    back = ("-e", f"@{file}", "-e", '{"account_purge_groups": true, "account_purge_templates": true}')
    for args, words in ((["--check"], "total after the changes"), ([], "total")):
        played = ansible.playbook(PROVISION, *back, *args)
        assert "changed=0" in played.output, played.output
        assert f"{words}: {3 * len(NASTY)} unchanged" in played.output


def test_undeclarable_names_are_reported(ansible: Ansible, sandbox: SandboxServer) -> None:
    for name in ("Ops", "Twin", "Other"):
        sandbox.post("Group", GroupName=name)
    with contextlib.closing(sqlite3.connect(sandbox.database)) as database:
        database.execute("UPDATE groups SET name = 'Twin' WHERE name = 'Other'")
        database.commit()
    file = ansible.folder / "account.yml"
    output = ansible.playbook(EXPORT, "-e", f"export_file={file}").output
    assert f"The account is in {file} (groups: 3, templates: 0)" in output
    assert 'Left out, because the name is blank or not unique: the groups \\"Twin\\"' in output
    assert yaml.safe_load(file.read_text())["account_groups"] == ["Ops"]
    told = provision(ansible, groups=["Ops"], purge_groups=True).output
    assert told.count('"undeclared: group Twin (cannot be declared)"') == 2


class Loader(yaml.SafeLoader):
    """Reads texts that are marked as unsafe as they are."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


def test_an_exported_file_provisions_an_empty_account(ansible: Ansible, sandbox: SandboxServer) -> None:
    fill(sandbox)
    before = texts(sandbox)
    file = ansible.folder / "account.yml"
    ansible.playbook(EXPORT, "-e", f"export_file={file}")
    known = yaml.load(file.read_text(encoding="utf-8"), Loader)  # noqa: S506 - it is a safe one
    assert {each["name"]: each["text"] for each in known["account_templates"]} == before
    sandbox.reset()
    # Names that only a portal lets pass are refused where they are new.
    odd = [name for name in before if name != name.strip() or any(ord(letter) in ODD for letter in name)]
    task = {
        "onfon.sms.onfon_account": {
            "groups": "{{ account_groups | reject('in', odd) }}",
            "templates": "{{ account_templates | rejectattr('name', 'in', odd) }}",
        }
    }
    played = ansible.tasks(task, args=["-e", f"@{file}", "-e", json.dumps({"odd": odd})])
    assert played.returncode == 0, played.output
    made = {name: text.rstrip("\r\n") for name, text in before.items() if name not in odd}
    assert texts(sandbox) == made
    assert len(made) > len(NASTY)


def test_export_is_idempotent_and_check_mode_shows_the_drift(ansible: Ansible, sandbox: SandboxServer) -> None:
    sandbox.post("Group", GroupName="Ops")
    arguments = ("-e", f"export_file={ansible.folder}/account.yml", "--diff")
    assert "changed=1" in ansible.playbook(EXPORT, *arguments, "--check").output
    assert not (ansible.folder / "account.yml").exists()
    assert "changed=1" in ansible.playbook(EXPORT, *arguments).output
    assert "changed=0" in ansible.playbook(EXPORT, *arguments).output
    sandbox.put("Group", id=1, GroupName="On call")
    output = ansible.playbook(EXPORT, *arguments, "--check").output
    assert "-  - Ops" in output
    assert "+  - On call" in output


def test_a_relative_path_is_refused(ansible: Ansible) -> None:
    output = ansible.playbook(EXPORT, "-e", "export_file=account.yml").output
    assert "export_file is account.yml: set it to an absolute path such as /srv/sms/account.yml." in output
    assert not list(ansible.folder.glob("account.yml"))


@pytest.mark.parametrize("args", [[], ["--check"]])
@pytest.mark.parametrize("path", ["", "/nowhere/account.yml"])
def test_an_unwritable_file_fails_with_a_clear_message(ansible: Ansible, path: str, args: list[str]) -> None:
    file = f"{ansible.folder}{path}"
    played = ansible.playbook(EXPORT, "-e", f"export_file={file}", *args)
    assert played.returncode == 2
    assert f"export_file is {file}: set it to the absolute path of a file in a folder that exists" in played.output


def test_an_existing_file_keeps_its_mode_and_symlink(ansible: Ansible) -> None:
    file, link = ansible.folder / "target.yml", ansible.folder / "link.yml"
    file.touch(mode=0o600)
    link.symlink_to(file.name)
    assert "changed=1" in ansible.playbook(EXPORT, "-e", f"export_file={link}").output
    assert link.is_symlink()
    assert "account_groups" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert "changed=0" in ansible.playbook(EXPORT, "-e", f"export_file={link}").output
    assert "changed=1" in ansible.playbook(EXPORT, "-e", f"export_file={link}", "-e", "export_mode=0640").output
    assert file.stat().st_mode & 0o777 == 0o640


def test_an_empty_account_is_exported(ansible: Ansible) -> None:
    file = ansible.folder / "account.yml"
    ansible.playbook(EXPORT, "-e", f"export_file={file}")
    assert yaml.safe_load(file.read_text()) == {"account_groups": [], "account_templates": []}
    played = ansible.playbook(PROVISION, "-e", f"@{file}", "-e", "account_purge_groups=true")
    assert "changed=0" in played.output, played.output
    assert "nothing is declared, and the account is empty" in played.output


# --- the role ---------------------------------------------------------------------------------------------------------


def test_drift_is_reported_and_then_corrected(ansible: Ansible, sandbox: SandboxServer) -> None:
    for name in ("Ops", "Stray", "Full"):
        sandbox.post("Group", GroupName=name)
    sandbox.set_contacts(3, 7)
    declared: dict[str, Any] = {
        "groups": ["On call"],
        "templates": [{"name": "disk", "text": "Disk ##Disk##"}],
        "renames": {"Ops": "On call"},
        "purge_groups": True,
    }
    drift = provision(ansible, "--check", **declared)
    for line in (
        "would update group On call",
        "would create template disk",
        "would delete group Stray",
        "undeclared: group Full (has contacts)",
        "total after the changes: 1 created, 1 updated, 1 deleted, 1 undeclared",
    ):
        assert f'"{line}"' in drift.output
    assert len(rows(sandbox, "Group")) == 3
    mended = provision(ansible, **declared)
    assert '"updated group On call"' in mended.output
    assert "The purge kept groups that have contacts" in mended.output
    assert [row["GroupName"] for row in rows(sandbox, "Group")] == ["On call", "Full"]
    again = provision(ansible, **declared)
    assert "changed=0" in again.output
    assert '"total: 2 unchanged, 1 undeclared"' in again.output


def test_a_long_list_of_changes_is_cut(ansible: Ansible) -> None:
    played = provision(ansible, "--check", groups=[f"Group {number}" for number in range(50)])
    assert '"would create group Group 19"' in played.output
    assert '"30 more changes: run with -v to see them"' in played.output
    assert "Group 20" not in played.output


@pytest.mark.parametrize(("least", "code"), [(5000, 0), (5000.5, 2)])
def test_a_minimum_balance_can_be_asserted(ansible: Ansible, sandbox: SandboxServer, least: float, code: int) -> None:
    played = provision(ansible, groups=["Ops"], min_balance=least)
    assert played.returncode == code, played.output
    assert ("Only 5000.0 is left, and account_min_balance is 5000.5: top up" in played.output) == bool(code)
    assert len(rows(sandbox, "Group")) == (0 if code else 1)


def test_something_must_be_declared(ansible: Ansible) -> None:
    assert "Set account_groups or account_templates, for example with -e @account.yml." in provision(ansible).output
    assert "Set account_groups or account_templates" in provision(ansible, groups=None).output
    assert "changed=1" in provision(ansible, groups=None, templates=[{"name": "disk", "text": "x"}]).output
    assert "changed=1" in provision(ansible, groups=["Ops"], templates=None).output


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"groups": [], "purge_groups": True},
            'groups has none that stays, and the purge would delete group \\"Ops\\"',
        ),
        ({"groups": ["A", "A"]}, 'groups has \\"A\\" more than once'),
        ({"templates": [{"text": "x"}]}, "missing required arguments: name"),
        ({"groups": "Ops", "purge_limit": "many"}, "account_purge_limit"),
    ],
)
def test_invalid_variables_change_nothing(
    ansible: Ansible, sandbox: SandboxServer, variables: dict[str, Any], sentence: str
) -> None:
    sandbox.post("Group", GroupName="Ops")
    played = provision(ansible, **variables)
    assert played.returncode == 2
    assert sentence in played.output
    assert [row["GroupName"] for row in rows(sandbox, "Group")] == ["Ops"]


def test_the_playbook_of_the_readme_runs(ansible: Ansible, sandbox: SandboxServer) -> None:
    (playbook,) = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    path = ansible.folder / "account.yml"
    path.write_text(playbook, encoding="utf-8")
    played = ansible.playbook(str(path))
    assert played.returncode == 0, played.output
    assert sorted(row["GroupName"] for row in rows(sandbox, "Group")) == ["Ops on call", "Warehouse"]
    assert list(texts(sandbox)) == ["disk-full"]
