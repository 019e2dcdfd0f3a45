# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What the operations on declared objects share: their options, and the way from options to a result."""

from __future__ import annotations

import json
import typing as t

from .._account.plan import Desired
from .._account.reconcile import ensure
from .._account.resources import Attributes, Kind
from .._errors import OptionError
from .._operation import Call, Params, Result
from .._sms.encoding import encode
from .._text import storable

OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = {
    "name": {"type": "str"},
    "id": {"type": "int"},
    "new_name": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
CONSTRAINTS: t.Final[dict[str, t.Any]] = {"required_one_of": [("name", "id")]}
FILTER_OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = {"name": {"type": "str"}, "id": {"type": "int"}}


def declare(kind: Kind[t.Any], call: Call) -> Result:
    """Bring one object to its declared state: {changed, <kind>, diff}."""
    wanted = desired(kind, call.params)
    outcome = ensure(kind, call.client, wanted, check_mode=call.check_mode)
    return {
        "changed": outcome.changed,
        kind.name: outcome.thing.as_result() if outcome.thing else None,
        "diff": diff(f"{kind.name} {wanted}", outcome.before, outcome.after),
    }


def diff(title: str, before: Attributes, after: Attributes) -> dict[str, str]:
    """One object before and after, in lines that people read.

    Where its text changes, the number of segments of either text is shown, too. They are those of the text as it
    stands, with its placeholders not filled in.
    """
    counted = before.get("text") != after.get("text")
    sides = [
        _written({**side, "segments": str(encode(side["text"]).segments)} if counted and "text" in side else side)
        for side in (before, after)
    ]
    return {"before": sides[0], "after": sides[1], "before_header": title, "after_header": title}


def _written(attributes: Attributes) -> str:
    """Attributes as lines; a value of several lines is set in below its name."""
    lines = []
    for name, value in attributes.items():
        first, *more = map(_visible, value.split("\n"))
        lines += [f"{name}:", f"  {first}", *(f"  {line}" for line in more)] if more else [f"{name}: {first}"]
    return "".join(f"{line}\n" for line in lines)


def _visible(line: str) -> str:
    """A line as it is; in quotation marks where some of it would not be seen."""
    printable = line.isprintable()
    return line if printable and line == line.strip() else json.dumps(line, ensure_ascii=not printable)


def desired(kind: Kind[t.Any], params: Params) -> Desired:
    """The declaration that the options make."""
    if params["name"] is None and params["id"] is None:
        # An option that is null counts as given for the argument spec.
        raise OptionError("name and id are both empty: give one of them.")
    for option in ("name", "new_name"):
        check_name(option, params[option])
    present = params["state"] == "present"
    if params["new_name"] and not present:
        raise OptionError("new_name goes with state present: name what shall be absent by its present name or id.")
    return Desired(params["name"], params["id"], params["new_name"], present, kind.wanted(params))


def check_name(option: str, name: str | None) -> None:
    """Refuse a name that is none, or that nothing can store. What a new name must be besides, the plan knows."""
    if name is None:
        return
    if not name.strip():
        raise OptionError(f"{option} is blank: give a name.")
    _check_storable(option, name)


def check_text(what: str, text: str | None) -> None:
    """Refuse a text that is none, or that nothing can store. what: whose text it is, for the sentence."""
    if text is None:
        return
    if not text.strip():
        raise OptionError(f"{what} is blank: give the text of the template.")
    _check_storable(what, text)


def _check_storable(what: str, text: str) -> None:
    if storable(text) != text:
        raise OptionError(f"{what} holds half a character: write it again, and save it as UTF-8.")


def matching(things: t.Iterable[t.Any], params: Params) -> list[dict[str, t.Any]]:
    """The objects that fit the filters name and id, formatted."""
    return [
        thing.as_result()
        for thing in things
        if params["name"] in (None, thing.name) and params["id"] in (None, thing.id)
    ]
