# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operation of onfon_template."""

from __future__ import annotations

from .._account.resources import TEMPLATE
from .._operation import Call, Operation, Result
from ._resource import CONSTRAINTS, OPTIONS, check_template_text, reconcile_resource


def _run(call: Call) -> Result:
    check_template_text("text", call.params["text"])
    return reconcile_resource(TEMPLATE, call)


OPERATION = Operation(_run, {**OPTIONS, "text": {"type": "str"}}, CONSTRAINTS)
