# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The YAML file of an account as it is. tests/integration/test_playbook_export.py has the way back."""

from __future__ import annotations

import typing as t

import pytest
from ansible.parsing.dataloader import DataLoader
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.filter.to_account_yaml import FilterModule

to_account_yaml = FilterModule().filters()["to_account_yaml"]
# Whatever can come from a gateway, whose unpaired surrogates _gateway/envelope.py escapes.
WORDS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n\r\t #:-{}%'\"!&*\x00\x85\u2028"))
NAMES = WORDS.filter(str.strip)


def account(groups: t.Iterable[str], templates: t.Mapping[str, str]) -> dict[str, t.Any]:
    return {
        "groups": [{"id": number, "name": name} for number, name in enumerate(groups, 1)],
        "templates": [
            {"id": number, "name": name, "text": text} for number, (name, text) in enumerate(templates.items())
        ],
    }


ACCOUNT = account(["A"], {"disk": "x"})


def load(text: str) -> t.Any:
    """What Ansible reads."""
    return DataLoader().load(text)


@given(st.lists(NAMES, unique=True), st.dictionaries(NAMES, NAMES))
def test_a_file_round_trips(groups: list[str], templates: dict[str, str]) -> None:
    read = load(to_account_yaml(account(groups, templates)))
    assert read["account_groups"] == groups
    assert {each["name"]: each["text"] for each in read["account_templates"]} == templates


@pytest.mark.parametrize("text", ["{{ x }}", "{% x %}", "{##Name##}", "#jinja2: trim_blocks: true", "a\n{{ b }}\n"])
def test_jinja_like_texts_are_marked_unsafe(text: str) -> None:
    written = to_account_yaml(account([text], {text: text}))
    assert written.count("!unsafe ") == 3


def test_the_file_is_readable() -> None:
    written = to_account_yaml(
        account(["Ops on call", "yes"], {"disk": "Disk ##D##: full", "two": "one\ntwo", "blank": " "})
    )
    assert (
        written.partition("@FILE\n")[2]
        == """\
account_groups:
  - Ops on call
  - 'yes'
account_templates:
  - name: disk
    text: 'Disk ##D##: full'
  - name: two
    text: |-
      one
      two
  - name: blank
"""
    )


@given(st.lists(WORDS))
def test_omitted_names_stay_inside_their_comment(groups: list[str]) -> None:
    twice = account([*groups, *groups, "Ops"], {})
    assert load(to_account_yaml(twice)) == {"account_groups": ["Ops"] * ("Ops" not in groups), "account_templates": []}


def test_every_omitted_name_is_listed() -> None:
    names = [f"W\u00e4re {number}" for number in range(30)]
    assert f'the groups "{names[0]}", "{names[1]}", ' in to_account_yaml(account([*names, *names], {}))
    assert f' and "{names[29]}"\n' in to_account_yaml(account([*names, *names], {}))


def test_undeclarable_names_are_listed() -> None:
    groups = account(["A*", "B", "A*", " "], {})["groups"]
    templates = account([], {"": "x", "disk": "y"})["templates"]
    written = to_account_yaml({"groups": groups, "templates": templates})
    assert '# Left out, because the name is blank or not unique: the groups "A*" and " "\n' in written
    assert '# Left out, because the name is blank or not unique: the templates ""\n' in written
    assert load(written) == {
        "account_groups": ["B"],
        "account_templates": [{"name": "disk", "text": "y"}],
    }
