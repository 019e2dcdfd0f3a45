# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What onfon_group_info and onfon_template_info share: their filters."""

from __future__ import annotations

import typing as t

from .._account.resources import Resource
from .._operation import Params

OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = {"name": {"type": "str"}, "id": {"type": "int"}}


def matching(resources: t.Iterable[Resource], params: Params) -> list[dict[str, t.Any]]:
    """The resources that match the options name and id, formatted."""
    return [
        resource.as_result()
        for resource in resources
        if params["name"] in (None, resource.name) and params["id"] in (None, resource.id)
    ]
