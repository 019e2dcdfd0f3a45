# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_template on the controller."""

from __future__ import annotations

from ..module_utils._operations.onfon_template import OPERATION
from ..plugin_utils._in_process import OperationAction


class ActionModule(OperationAction):
    operation = OPERATION
