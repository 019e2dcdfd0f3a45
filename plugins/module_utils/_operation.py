# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""An operation: what a task may ask, and what is done for it. Modules and actions run the same one."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible.module_utils.basic import missing_required_lib

from ._clock import SYSTEM_CLOCK, Clock
from ._errors import MissingLibraryError, OnfonError, OptionError
from ._gateway.client import Client
from ._gateway.transport import has_requests
from ._options import CONNECTION_SPEC, connect
from ._sms.numbers import has_phonenumbers
from ._text import UNSTORABLE, cut

Params = t.Mapping[str, t.Any]
Result = dict[str, t.Any]

REQUESTS, PHONENUMBERS = "requests", "phonenumbers"
_IS_INSTALLED: t.Final = {REQUESTS: has_requests, PHONENUMBERS: has_phonenumbers}


@dataclasses.dataclass(frozen=True)
class Call:
    """What an operation works with: the options by name, a client of the account, and whether this is a dry run.

    notify: shows a line to whoever watches the task, None where nobody can. clock: the time, and how to wait.
    """

    params: Params = dataclasses.field(repr=False)  # the keys are in it
    client: Client
    check_mode: bool
    notify: t.Callable[[str], None] | None = None
    clock: Clock = SYSTEM_CLOCK

    def connect(self) -> Client:
        """One more client of the account, not connected yet."""
        return connect(self.params.__getitem__)


@dataclasses.dataclass(frozen=True)
class Operation:
    """One operation of the collection.

    run: call -> result. It asks the gateway for nothing before it has checked the options, leaves the writes out in
        check mode, and raises OnfonError where it fails.
    options: argument spec of the options besides the connection's.
    constraints: mutually_exclusive, required_one_of and their like, as AnsibleModule takes them.
    libraries: the Python libraries that it needs. optional_libraries: those that some options need, and require.
    """

    run: t.Callable[[Call], Result]
    options: t.Mapping[str, t.Mapping[str, t.Any]] = dataclasses.field(default_factory=dict)
    constraints: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    libraries: tuple[str, ...] = (REQUESTS,)
    optional_libraries: tuple[str, ...] = ()

    @property
    def argument_spec(self) -> dict[str, t.Any]:
        """The argument spec, connection included."""
        return {**CONNECTION_SPEC, **self.options}

    def missing_libraries(self) -> list[str]:
        """Which of the libraries that it may need are not installed here."""
        return [library for library in (*self.libraries, *self.optional_libraries) if not _IS_INSTALLED[library]()]

    def perform(
        self,
        params: Params,
        *,
        check_mode: bool,
        diff_mode: bool,
        notify: t.Callable[[str], None] | None = None,
    ) -> Result:
        """Run on a connection of its own. The diff is returned where the task asked for one."""
        for library in self.libraries:
            require(library)
        result: Result = {}
        try:
            with connect(params.__getitem__) as client:
                result = self.execute(Call(params, client, check_mode, notify))
                return result
        except OnfonError as error:
            result = error.result
            raise
        finally:
            if not diff_mode:
                result.pop("diff", None)

    def execute(self, call: Call) -> Result:
        """Run on the call's connection, with options that can be stored and sent."""
        for option in self.options:
            _refuse_unstorable(option, call.params[option])
        return self.run(call)


def require(library: str) -> None:
    """Raise MissingLibraryError where a library is not installed."""
    if not _IS_INSTALLED[library]():
        raise MissingLibraryError(missing_required_lib(library))


def _refuse_unstorable(option: str, value: object) -> None:
    """Raise OptionError for an unpaired surrogate or a NUL, which YAML and JSON can spell, anywhere in an option."""
    found = _find_unstorable(value)
    if found:
        character, steps = found
        what = "a NUL" if character == "\0" else f"an unpaired surrogate (U+{ord(character):04X})"
        where = " ".join([*steps, option])
        # The name of an option stays as it is written.
        where = where[0].upper() + where[1:] if steps else where
        raise OptionError(f"{where} holds {what}: write it again without that, and save it as UTF-8.")


def _find_unstorable(value: object) -> tuple[str, list[str]] | None:
    """The first such character in a value, and where it is, from the inside out: ['"text" in', 'entry 1 of']."""
    if isinstance(value, str):
        match = UNSTORABLE.search(value)
        return (match.group(), []) if match else None
    for step, part in _parts(value):
        found = _find_unstorable(part)
        if found:
            character, steps = found
            return character, [*steps, step]
    return None


def _parts(value: object) -> t.Iterator[tuple[str, object]]:
    """What a dictionary or a list holds, each with words for its place."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield "a key in", key
            yield f'"{cut(str(key))}" in', part
    elif isinstance(value, (list, tuple)):
        for place, part in enumerate(value, 1):
            yield f"entry {place} of", part
