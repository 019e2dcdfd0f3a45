# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation matches the options and results of the code."""

from __future__ import annotations

import importlib
import re
import typing as t

import pytest
import yaml
from ansible.module_utils.basic import env_fallback

from ansible_collections.onfon.sms.plugins.doc_fragments._attributes import ModuleDocFragment as Attributes
from ansible_collections.onfon.sms.plugins.doc_fragments._connection import ModuleDocFragment as Connection
from ansible_collections.onfon.sms.plugins.module_utils._operation import Operation
from ansible_collections.onfon.sms.plugins.module_utils._options import CONNECTION_SPEC
from ansible_collections.onfon.sms.plugins.module_utils._sms.statuses import STATUSES
from tests.support.module import KEYS, PACKAGE, run
from tests.support.stub_server import StubServer

from .conftest import MODULES, ROOT, plugins

Doc = dict[str, t.Any]
FRAGMENT: Doc = yaml.safe_load(Connection.DOCUMENTATION)


def module(name: str) -> t.Any:
    return importlib.import_module(f"{PACKAGE}.modules.{name}")


def documentation(name: str) -> Doc:
    return t.cast(Doc, yaml.safe_load(module(name).DOCUMENTATION))


def documented_options(name: str) -> Doc:
    """Those of the module itself and of the fragments that it shares with some others."""
    options: Doc = {}
    for fragment in documentation(name)["extends_documentation_fragment"]:
        file, _dot, part = fragment.removeprefix("onfon.sms.").partition(".")
        if file != "_connection":
            text = importlib.import_module(f"{PACKAGE}.doc_fragments.{file}").ModuleDocFragment
            options.update(yaml.safe_load(getattr(text, part.upper() or "DOCUMENTATION")).get("options", {}))
    return {**options, **documentation(name).get("options", {})}


def operation(name: str) -> Operation:
    """The one that the module runs."""
    (found,) = [value for value in vars(module(name)).values() if isinstance(value, Operation)]
    return found


def as_spec(option: Doc) -> Doc:
    """The part of an option's documentation that an argument spec also says."""
    known = {key: option[key] for key in ("type", "elements", "choices", "default") if key in option}
    return {**known, "required": option.get("required", False)}


def as_documented(option: t.Mapping[str, t.Any]) -> Doc:
    """The part of an argument spec that the documentation also says."""
    known = {key: option[key] for key in ("type", "elements", "choices", "default") if key in option}
    return {**known, "required": option.get("required", False)}


def variables(spec: t.Mapping[str, t.Mapping[str, t.Any]]) -> dict[str, list[str]]:
    """The environment variables of options."""
    found = {}
    for name, option in spec.items():
        if "fallback" in option:
            strategy, names = option["fallback"]
            assert strategy is env_fallback
            found[name] = names
    return found


def documented_variables(options: Doc) -> dict[str, list[str]]:
    found = {name: re.findall(r"E\((\w+)\)", str(option["description"])) for name, option in options.items()}
    return {name: names for name, names in found.items() if names}


def test_the_connection_fragment_matches_its_spec() -> None:
    documented = {name: as_spec(option) for name, option in FRAGMENT["options"].items()}
    assert documented == {name: as_documented(option) for name, option in CONNECTION_SPEC.items()}


def test_the_connection_fragment_names_the_environment_variables() -> None:
    assert documented_variables(FRAGMENT["options"]) == variables(CONNECTION_SPEC)


def test_secrets_are_no_log() -> None:
    masked = {name for name, option in CONNECTION_SPEC.items() if option.get("no_log")}
    assert masked == {"api_key", "access_key"}


@pytest.mark.parametrize("name", MODULES)
def test_documented_options_match_the_argument_spec(name: str) -> None:
    options = documented_options(name)
    documented = {option: as_spec(text) for option, text in options.items()}
    assert documented == {option: as_documented(spec) for option, spec in operation(name).options.items()}
    assert documented_variables(options) == variables(operation(name).options)


@pytest.mark.parametrize("name", MODULES)
def test_common_documentation_is_present(name: str) -> None:
    doc = documentation(name)
    assert doc["module"] == name
    assert doc["extends_documentation_fragment"][:2] == ["onfon.sms._connection", "onfon.sms._attributes"]
    known = {**yaml.safe_load(Attributes.DOCUMENTATION)["attributes"], **doc.get("attributes", {})}
    if name.endswith("_info"):
        known.update(yaml.safe_load(Attributes.INFO)["attributes"])
    assert all("support" in attribute for attribute in known.values())
    assert known["check_mode"]["support"] == "full"


@pytest.mark.parametrize("name", MODULES)
def test_examples_use_existing_options(name: str) -> None:
    options = {*CONNECTION_SPEC, *operation(name).options}

    def tasks(entries: list[Doc]) -> t.Iterator[Doc]:
        for entry in entries:
            yield entry
            yield from tasks(entry.get("block", []) + entry.get("rescue", []))

    used = [
        task[f"onfon.sms.{name}"]
        for task in tasks(yaml.safe_load(module(name).EXAMPLES))
        if f"onfon.sms.{name}" in task
    ]
    assert used
    assert all(set(task or {}) <= options for task in used)


ERRORS_PAGE = "ansible_collections.onfon.sms.docsite.errors"


@pytest.mark.parametrize("name", MODULES)
def test_every_module_documents_error_alike(name: str) -> None:
    own, first = (yaml.safe_load(module(each).RETURN)["error"] for each in (name, MODULES[0]))
    assert own == first
    assert f"R(Errors,{ERRORS_PAGE})" in " ".join(own["description"])


def test_the_documented_error_sample_is_returned() -> None:
    sample = yaml.safe_load(module(MODULES[0]).RETURN)["error"]["sample"]
    with StubServer() as stub:
        stub.envelope(code=int(sample["code"]), description=sample["description"])
        returned = run("onfon_balance_info", {**KEYS, "api_url": stub.url})["error"]
    assert returned == sample


def test_every_module_links_to_the_errors_page() -> None:
    assert ERRORS_PAGE in [entry.get("ref") for entry in FRAGMENT["seealso"]]


REFERENCE = re.compile(r"R\([^,()]+,\s*([^)]+)\)|^\s*- ref: (\S+)$", re.MULTILINE)
LABELS = {
    label
    for page in (ROOT / "docs" / "docsite" / "rst").glob("*.rst")
    for label in re.findall(r"^\.\. _(\S+):$", page.read_text(encoding="utf-8"), re.MULTILINE)
}


@pytest.mark.parametrize("kind", ["modules", "filter", "doc_fragments"])
def test_every_referenced_page_exists(kind: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "plugins" / kind).glob("*.py")]
    referred = {label or ref for text in texts for label, ref in REFERENCE.findall(text)}
    assert referred
    assert referred <= LABELS


# An option's description is read on its own: ansible-doc sorts options by name. The long story is in a guide.
MAX_SENTENCES = 3  # entries of a description
MAX_CHARACTERS = 350  # about three lines
NEIGHBOURS = re.compile(r"\b(above|below|by then|the next (one|two|three)|the (previous|following) option)\b")


def descriptions(options: Doc, prefix: str = "") -> t.Iterator[tuple[str, list[str]]]:
    """The description of each option and suboption, by its name."""
    for name, option in options.items():
        description = option["description"]
        yield prefix + name, [description] if isinstance(description, str) else description
        yield from descriptions(option.get("suboptions", {}), f"{prefix}{name}.")


@pytest.mark.parametrize("name", [*MODULES, *plugins("filter")])
def test_option_descriptions_are_short_and_stand_alone(name: str) -> None:
    if name in MODULES:
        options = {**FRAGMENT["options"], **documented_options(name)}
    else:
        options = yaml.safe_load(importlib.import_module(f"{PACKAGE}.filter.{name}").DOCUMENTATION)["options"]
    found = dict(descriptions(options))
    assert found
    for option, entries in found.items():
        assert len(entries) <= MAX_SENTENCES, option
        assert sum(map(len, entries)) <= MAX_CHARACTERS, option
        assert all(entry.endswith(".") for entry in entries), option
        assert not NEIGHBOURS.search(" ".join(entries)), option


# --- what is returned -------------------------------------------------------------------------------------------------

GROUP = {"GroupId": 1, "GroupName": "Ops", "ContactCount": 0}
TEMPLATE = {"TemplateId": 1, "TemplateName": "disk", "MessageTemplate": "##A##", "CompanyId": 1}
RECEIPT = {"MobileNumber": "254700000001", "MessageErrorCode": 0, "MessageId": "u-1"}
CAMPAIGN = {"CampaignId": 7}
SENT = {"MessageId": "u-1", "SubmitDate": "2026-11-22 08:00:00", "DoneDate": "2026-11-22 08:00:04", "Status": "DELIVRD"}
FAILED = {**SENT, "MessageId": "u-2", "Status": "EXPIRED"}
WAITS = {"settle_timeout": 0, "wait_for_delivery": True, "delivery_timeout": 0}
# Something to create, something undeclared, and both kinds in the end.
ACCOUNT = {"groups": ["Dev"], "templates": [{"name": "disk"}]}
CALLS: dict[str, tuple[Doc, list[t.Any]]] = {
    "onfon_account": (ACCOUNT, [[GROUP], [TEMPLATE], "success#", [GROUP, {**GROUP, "GroupId": 2, "GroupName": "Dev"}]]),
    "onfon_balance_info": ({}, [[{"PluginType": "SMS", "Credits": "KSh5"}]]),
    "onfon_campaign_info": ({}, [[CAMPAIGN], []]),
    "onfon_campaign_statistics_info": ({"campaign_id": 7}, [[{"CampaignId": 7, "DELIVRD": 1}]]),
    "onfon_delivery_info": ({"message_ids": "u-1"}, [[SENT]]),
    "onfon_group": ({"name": "Ops"}, [[], "success#", [GROUP]]),
    "onfon_group_info": ({}, [[GROUP]]),
    "onfon_sms": ({"to": ["254700000001"], "text": "hi", "sender_id": "A", **WAITS}, [[RECEIPT], [SENT]]),
    "onfon_sms_info": ({"from_date": "2026-11-22", "to_date": "2026-11-22"}, [[SENT, FAILED], []]),
    "onfon_template": ({"name": "disk", "text": "##A##"}, [[], "Added.", [TEMPLATE]]),
    "onfon_template_info": ({}, [[TEMPLATE]]),
}


# What Onfon sent, and the declarable part of an object of whatever kind.
FREE = ("raw", "before", "after")


def keys(value: object) -> t.Any:
    """The keys of a result, all the way down. A list stands for its first entry."""
    if isinstance(value, list):
        return keys(value[0]) if value else None
    if not isinstance(value, dict):
        return None
    return {key: None if key in FREE else keys(entry) for key, entry in value.items()}


def documented_keys(contains: Doc) -> Doc:
    return {key: None if key in FREE else _keys_of(entry) for key, entry in contains.items()}


def _keys_of(entry: Doc) -> t.Any:
    """The keys within a documented value. Those of a dict without contains are those of its sample."""
    if "contains" in entry:
        return documented_keys(entry["contains"])
    return keys(entry["sample"]) if entry["type"] == "dict" else None


@pytest.mark.parametrize("name", MODULES)
def test_documented_keys_match_the_returned_ones(name: str) -> None:
    options, answers = CALLS[name]
    with StubServer() as stub:
        for data in answers:
            stub.envelope(data)
        result = keys(run(name, {**KEYS, "api_url": stub.url, **options}))
        error = keys(run(name, {**KEYS, "api_url": stub.url, "retries": 0, **options})["error"])
        # What is returned of lines that cannot be sent.
        if "errors" in yaml.safe_load(module(name).RETURN):
            result["errors"] = keys(run(name, {**KEYS, "api_url": stub.url, **options, "to": ["x"]})["errors"])
    # Ansible's own, a count for every status, and the titles in a diff.
    for own in ("invocation", "changed"):
        result.pop(own)
    if "recipients" in result:
        result["summary"] = {key: None for key in result["summary"] if key not in STATUSES[1:]}
    for header in ("before_header", "after_header"):
        result.get("diff", {}).pop(header, None)
    assert documented_keys(yaml.safe_load(module(name).RETURN)) == {**result, "error": error}
