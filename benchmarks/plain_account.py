# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people would write by hand: groups and templates of a file, created one after the other if missing.

It changes no text, plans nothing, and stops at the first error. It is what onfon_account is measured beside.

usage: plain_account.py ACCOUNT.yml   (account_groups, account_templates; the gateway comes from the ONFON_ variables)
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import yaml

from benchmarks.plain import Onfon

Objects = dict[str, dict[str, dict[str, str]]]
"""By service and name, what a POST of the object takes."""


def wanted(path: Path) -> Objects:
    """The objects of a file."""
    with path.open(encoding="utf-8") as file:
        account = yaml.load(file, yaml.CSafeLoader)
    return {
        "Group": {name: {"GroupName": name} for name in account["account_groups"]},
        "Template": {
            template["name"]: {"TemplateName": template["name"], "MessageTemplate": template["text"]}
            for template in account["account_templates"]
        },
    }


def missing(onfon: Onfon, objects: Objects) -> Objects:
    """Those that the account does not have."""
    there = {service: {row[f"{service}Name"] for row in onfon.get(service)} for service in objects}
    return {
        service: {name: what for name, what in named.items() if name not in there[service]}
        for service, named in objects.items()
    }


def create(onfon: Onfon, objects: Objects) -> int:
    """Create all of them; how many that were."""
    for service, named in objects.items():
        for what in named.values():
            onfon.post(service, **what)
    return sum(map(len, objects.values()))


def main() -> None:
    objects = wanted(Path(sys.argv[1]))
    onfon = Onfon(os.environ)
    created = create(onfon, missing(onfon, objects))
    if created and any(missing(onfon, objects).values()):
        sys.exit("Not everything was created.")
    print(created, "created")


if __name__ == "__main__":
    main()
