# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""An operation: what a task may ask, and what is done for it. Modules and actions run the same one."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import typing as t

from ansible.module_utils.basic import missing_required_lib

from ._clock import SYSTEM_CLOCK
from ._context import Context
from ._errors import MissingLibraryError, OnfonError, OptionError, UnexpectedError
from ._options import CONNECTION_SPEC, connect
from ._text import escape_unstorable, find_unstorable, quoted

Params = t.Mapping[str, t.Any]
Result = dict[str, t.Any]

REQUESTS, PHONENUMBERS = "requests", "phonenumbers"


@dataclasses.dataclass(frozen=True)
class Call(Context):
    """What an operation works with: its context, and the options by name."""

    params: Params = dataclasses.field(repr=False)  # the keys are in it


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
        return [library for library in (*self.libraries, *self.optional_libraries) if not _is_installed(library)]

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
                result = self.execute(
                    Call(
                        client=client,
                        connect=functools.partial(connect, params.__getitem__),
                        check_mode=check_mode,
                        notify=notify,
                        clock=SYSTEM_CLOCK,
                        params=params,
                    )
                )
                return result
        except OnfonError as error:
            result = error.result
            raise
        except Exception as error:
            raise UnexpectedError("The task", error) from error
        finally:
            if not diff_mode:
                result.pop("diff", None)

    def execute(self, call: Call) -> Result:
        """Run on the call's connection, with options that can be stored and sent."""
        for option in self.options:
            _refuse_unstorable(option, call.params[option])
        return self.run(call)


def _is_installed(library: str) -> bool:
    # Imported here and not above: phonenumbers takes longer to import than a small task to run.
    try:
        importlib.import_module(library)
    except ImportError:
        return False
    return True


def require(library: str) -> None:
    """Raise MissingLibraryError where a library is not installed."""
    if not _is_installed(library):
        raise MissingLibraryError(missing_required_lib(library))


def _refuse_unstorable(option: str, value: object) -> None:
    """Raise OptionError for an unpaired surrogate or a NUL, which YAML and JSON can spell, anywhere in an option."""
    found = find_unstorable(value)
    if found:
        character, place = found
        where = " ".join([*map(_step, reversed(place)), option])
        # The name of an option stays as it is written.
        where = where[0].upper() + where[1:] if place else where
        raise OptionError(f"{where} holds {character}: write it again without that, and save it as UTF-8.")


def _step(step: str | int) -> str:
    """A key or a position on the way to a value, for a sentence."""
    return f"entry {step} of" if isinstance(step, int) else f"{quoted([escape_unstorable(step)])} in"
