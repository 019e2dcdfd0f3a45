# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What onfon_group and onfon_template share: their options, and the way from options to a result."""

from __future__ import annotations

import typing as t

from .._account.plan import Declaration, DesiredResource
from .._account.reconcile import reconcile
from .._account.resources import ResourceType
from .._errors import OptionError
from .._operation import Call, Params, Result
from ._diff import diff

OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = {
    "name": {"type": "str"},
    "id": {"type": "int"},
    "new_name": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
CONSTRAINTS: t.Final[dict[str, t.Any]] = {"required_one_of": [("name", "id")]}


def reconcile_resource(resource_type: ResourceType[t.Any], call: Call) -> Result:
    """Bring one resource to its declared state. Returns {changed, <type>, diff}; raises OnfonError."""
    desired = _desired(resource_type, call.params)
    reconciliation = reconcile([Declaration(resource_type, [desired])], call, concurrency=1, purge_limit=0)
    outcome = reconciliation.single_outcome()
    return {
        "changed": outcome.changed,
        resource_type.name: outcome.resource.as_result() if outcome.resource else None,
        "diff": diff(f"{resource_type.name} {desired}", outcome.before, outcome.after),
    }


def _desired(resource_type: ResourceType[t.Any], params: Params) -> DesiredResource:
    """What the options declare. Raises OptionError where one is wrong."""
    if params["name"] is None and params["id"] is None:
        # An option that is null counts as given for the argument spec.
        raise OptionError("name and id are both empty: give one of them.")
    for option in ("name", "new_name"):
        if params[option] is not None and not params[option].strip():
            raise OptionError(f"{option} is blank: give a name.")
    present = params["state"] == "present"
    if params["new_name"] and not present:
        raise OptionError("new_name goes with state present: name what shall be absent by its present name or id.")
    attributes = resource_type.declared_attributes(params)
    return DesiredResource(params["name"], params["id"], params["new_name"], present, attributes)


def check_template_text(where: str, text: str | None) -> None:
    """Raise OptionError for a text that is blank. where: what the sentence begins with, such as "text"."""
    if text is not None and not text.strip():
        raise OptionError(f"{where} is blank: give the text of the template.")
