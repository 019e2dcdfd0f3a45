# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operation of onfon_group."""

from __future__ import annotations

from .._account.resources import GROUP
from .._operation import Call, Operation, Result
from ._resource import CONSTRAINTS, OPTIONS, reconcile_resource


def _run(call: Call) -> Result:
    return reconcile_resource(GROUP, call)


OPERATION = Operation(_run, OPTIONS, CONSTRAINTS)
