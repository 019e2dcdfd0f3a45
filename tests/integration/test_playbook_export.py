# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook export: an account as a file, and the way back with the playbook provision."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from typing import Any

import pytest
import yaml

from tests.support.ansible import Ansible, Played
from tests.support.sandbox_server import SandboxServer

PROVISION, EXPORT = "onfon.sms.provision", "onfon.sms.export"
# Texts that YAML, Jinja, Python or Onfon may interpret.
DIFFICULT = [
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


def fill(sandbox: SandboxServer) -> None:
    """Add every difficult text as a text and, where the gateway accepts it, as a name."""
    for number, text in enumerate(DIFFICULT):
        sandbox.post("Template", TemplateName=f"template {number}", MessageTemplate=text)
        sandbox.post("Template", TemplateName=text, MessageTemplate=f"text {number}")
        sandbox.post("Group", GroupName=text)
    assert len(texts(sandbox)) == 2 * len(DIFFICULT)


def test_an_exported_account_has_no_drift(ansible: Ansible, sandbox: SandboxServer) -> None:
    fill(sandbox)
    file = ansible.folder / "account.yml"
    exported = ansible.playbook(EXPORT, "-e", f"export_file={file}")
    assert exported.returncode == 0, exported.output
    assert f"The account is in {file} (groups: {len(DIFFICULT)}, templates: {2 * len(DIFFICULT)})" in exported.output
    back = ("-e", f"@{file}", "-e", '{"account_purge_groups": true, "account_purge_templates": true}')
    for args, words in ((["--check"], "total after the changes"), ([], "total")):
        played = ansible.playbook(PROVISION, *back, *args)
        assert "changed=0" in played.output, played.output
        assert f"{words}: {3 * len(DIFFICULT)} unchanged" in played.output


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
    assert len(made) > len(DIFFICULT)


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


@pytest.mark.parametrize("args", [[], ["--check"]])
def test_a_relative_or_unwritable_path_is_refused(ansible: Ansible, args: list[str]) -> None:
    files = ["account.yml", str(ansible.folder), f"{ansible.folder}/nowhere/account.yml"]
    played = ansible.cases(EXPORT, "export_hosts", *({"export_file": file} for file in files), args=args)
    assert played.returncode == 2
    relative, folder, missing = (played.of(f"case{place}")[-1]["msg"] for place in range(3))
    assert relative == "export_file is account.yml: set it to an absolute path such as /srv/sms/account.yml."
    for file, message in ((files[1], folder), (files[2], missing)):
        assert message.startswith(
            f"export_file is {file}: set it to the absolute path of a file in a folder that exists"
        )
    assert not list(ansible.folder.glob("account.yml"))


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
