# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that a module does not have: the message suggests the nearest one."""

from __future__ import annotations

import typing as t

import pytest

from tests.support.action import action


@pytest.mark.parametrize("how", [{}, {"transport": "ssh"}], ids=["in process", "shipped"])
@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        (
            "onfon_sms",
            {"sendr_id": "ACME"},
            "sendr_id. Did you mean sender_id? Supported parameters include: access_key,",
        ),
        ("onfon_sms", {"Text": "hi"}, "Text. Did you mean text?"),
        (
            "onfon_sms",
            {"messages": [{"to": "1"}, {"to": "1", "txt": "a"}]},
            "messages.txt. Did you mean messages.text?",
        ),
        ("onfon_sms", {"quiet_hours": {"begin": "1", "ende": "2"}}, "quiet_hours.ende. Did you mean quiet_hours.end?"),
        ("onfon_account", {"templates": [{"nmae": "a"}]}, "templates.nmae. Did you mean templates.name?"),
        ("onfon_group", {"colour": "red"}, "colour. Supported parameters include: access_key,"),
        ("onfon_group", {"nam": "a", "stat": "b"}, "nam, stat. Did you mean name and state?"),
    ],
)
def test_a_misspelt_option_suggests_the_nearest_one(
    name: str, options: dict[str, t.Any], told: str, how: dict[str, t.Any]
) -> None:
    result = action(name, options, **how).run(None, {})
    assert result["failed"]
    assert result["msg"].startswith(f"Unsupported parameters for (onfon.sms.{name}) module: ")
    assert told in result["msg"]
    assert "shipped" not in result


@pytest.mark.parametrize("messages", ["{}", [1], None, [{"to": "1"}]])
def test_a_suboption_that_is_not_a_dictionary_is_left_to_the_module(messages: object) -> None:
    result = action("onfon_sms", {"messages": messages}, transport="ssh").run(None, {})
    assert result["shipped"]
