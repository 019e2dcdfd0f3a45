# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""An account's groups and templates as the YAML file that declares them."""

from __future__ import annotations

import json
import typing as t

import yaml

from ..module_utils._account.plan import undeclarable_names
from ..module_utils._text import enumerated

Resources = t.Sequence[t.Mapping[str, t.Any]]

HEAD = """\
---
# The groups and templates of an Onfon account, as onfon.sms.export found them.
# onfon.sms.provision makes them so again: ansible-playbook onfon.sms.provision -e @FILE
"""
# The playbook onfon.sms.export shows the comments that begin so.
LEFT_OUT = "# Left out, because the name is blank or not unique:"
# What begins a template of Ansible's own.
OPENINGS = ("{{", "{%", "{#")
SETTINGS = "#jinja2:"


class Unsafe(str):
    """A text that Ansible must take as it is."""

    __slots__ = ()


class Dumper(yaml.SafeDumper):
    """Writes lists as people do, and every text so that it comes back the same."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - PyYAML names it
        super().increase_indent(flow, False)


def _text(dumper: Dumper, text: str) -> yaml.Node:
    tag = "!unsafe" if isinstance(text, Unsafe) else "tag:yaml.org,2002:str"
    return dumper.represent_scalar(tag, text, style=_style(text))


def _style(text: str) -> str | None:
    """A block for lines, and escapes for what nobody sees: plain, YAML would take some of that for line ends."""
    if not text.replace("\n", "").isprintable():
        return '"'
    return "|" if "\n" in text else None


Dumper.add_representer(str, _text)
Dumper.add_representer(Unsafe, _text)


def account_file(groups: Resources, templates: Resources) -> str:
    """The file. Resources that cannot be declared, as a declaration names each one once, are named in a comment."""
    left_out = {
        option: undeclarable_names(resource["name"] for resource in resources)
        for option, resources in (("groups", groups), ("templates", templates))
    }
    variables: dict[str, t.Any] = {
        "account_groups": [_safe(group["name"]) for group in groups if group["name"] not in left_out["groups"]],
        "account_templates": [_template(each) for each in templates if each["name"] not in left_out["templates"]],
    }
    comments = [
        f"{LEFT_OUT} the {option} {enumerated([*map(_commented, names)], limit=len(names))}\n"
        for option, names in left_out.items()
        if names
    ]
    body = yaml.dump(variables, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=float("inf"))
    return "".join([HEAD, *comments, body])


def _commented(name: str) -> str:
    """A name as a comment can hold it: what ends a line is escaped."""
    return json.dumps(name, ensure_ascii=not name.isprintable())


def _template(template: t.Mapping[str, t.Any]) -> dict[str, str]:
    entry = {"name": _safe(template["name"])}
    # A text that is blank cannot be declared, and one that is not declared is left as it is.
    return {**entry, "text": _safe(template["text"])} if template["text"].strip() else entry


def _safe(text: str) -> str:
    is_template = text.startswith(SETTINGS) or any(opening in text for opening in OPENINGS)
    return Unsafe(text) if is_template else text
