# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the page about errors: its text is in errors.rst.j2, its tables are those of the code.

usage: errors_page.py FILE
"""

from __future__ import annotations

import sys
from pathlib import Path

import jinja2

from ansible_collections.onfon.sms.plugins.module_utils import _errors
from ansible_collections.onfon.sms.plugins.module_utils._gateway.codes import CODES

TEMPLATE = Path(__file__).resolve().parent / "errors.rst.j2"

# What each class means, and whether a retry can help. In the order in which a reader should look.
CLASSES: dict[str, tuple[str, str]] = {
    _errors.OPTION: (
        "An option, a file, or a plan that breaks a limit or quiet hours.",
        "No: change the task. Nothing was sent or changed, unless quiet hours or an unwritable file stopped a run.",
    ),
    _errors.LIBRARY: ("A Python library is missing where the task runs.", "No: install the library."),
    _errors.TRANSPORT: (
        "No connection, or a reply that was lost.",
        "Yes, once the gateway is up. Look at the send statuses first: an ``unknown`` message may have been sent.",
    ),
    _errors.PROTOCOL: (
        "A reply that is not what Onfon documents, or a fault of the collection.",
        "Once. If it comes back, check ``api_url`` and proxies, and report it.",
    ),
    _errors.AUTH: ("Onfon refused the keys, or the address from which they are used.", "No: correct the keys."),
    _errors.ACCOUNT: ("The account is inactive, locked, expired or restricted.", "No: ask Onfon."),
    _errors.FUNDS: ("The credits are used up.", "Not before the account is topped up."),
    _errors.REQUEST: ("Onfon refused the call: a number, a text, a sender id or a date.", "No: change the task."),
    _errors.ROUTING: ("A number, network or country cannot be reached.", "No: correct the number, or ask Onfon."),
    _errors.STATE: (
        "The account does not hold what the task expects, or cannot become what is declared.",
        "No: look at the account first.",
    ),
    _errors.TRANSIENT: (
        "Onfon failed, and it is not certain what it did.",
        "Yes, after a minute. For messages, look at the send statuses first.",
    ),
    _errors.UNPUBLISHED: (
        "An error code that Onfon does not publish, so it is not certain what Onfon did.",
        "As with ``transient``; then ask Onfon, and quote the code.",
    ),
}


def page() -> str:
    """The page as reStructuredText."""
    environment = jinja2.Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - it is no HTML
    )
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(classes=CLASSES, codes=sorted(CODES.values(), key=lambda code: int(code.number)))


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(f"usage: {Path(sys.argv[0]).name} FILE")
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
