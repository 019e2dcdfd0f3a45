# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operation of onfon_template_info."""

from __future__ import annotations

from .._operation import Call, Operation, Result
from ._resource_info import OPTIONS, matching


def _run(call: Call) -> Result:
    return {"changed": False, "templates": matching(call.client.templates(), call.params)}


OPERATION = Operation(_run, OPTIONS)
