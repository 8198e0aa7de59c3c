"""Every refusal Comity can give, as one tree with a stable code and data.

A message says what was found, what is allowed and what to do next. Doors translate the template and choose
the HTTP status or exit code; nothing else in the house builds error sentences of its own.

::

    ComityError
    ├── BadInput                      what was sent cannot be used
    │   ├── BadParameter              one named parameter is outside what is allowed
    │   ├── BadRow                    one row of a table or JSON Lines file
    │   ├── BadInstrumentFile         an instrument in our TOML form breaks its rules
    │   ├── PathNotFound              a path given on the command line does not exist
    │   ├── NothingToAlign            no file in the folder could be read
    │   └── UnreadableFile            a document cannot be read
    │       ├── EmptyFile             it holds no text at all
    │       ├── NoTextLayer           a scan: pictures of pages, no text
    │       ├── EncryptedFile         it asks for a password
    │       ├── BrokenFile            it is damaged, or not what its name says
    │       ├── FileTooLarge          over the size limit
    │       ├── ExpandsTooFar         a small file that unpacks into a huge one
    │       ├── ExternalEntity        XML that declares entities or a document type
    │       └── UnknownFormat         no reader for this kind of file
    ├── NotPermitted                  the account's roles do not allow this action
    ├── StaleForm                     a form without the token of its page
    ├── NotFound                      no such reference
    ├── Conflict                      the thing has changed, or is in a state that forbids this
    │   └── AlreadyDecided            the suggestion was decided by someone else meanwhile
    └── BadSetting                    an environment setting is missing, unknown or unsafe
"""

from __future__ import annotations

from typing import Any, ClassVar


class ComityError(Exception):
    """The root of every refusal. Data is kept by name, so that doors can translate and machines can read it.

    >>> str(BadParameter(name="k", found="0", allowed="a whole number from 1 to 50"))
    'k is "0"; allowed is a whole number from 1 to 50.'
    """

    code: ClassVar[str] = "error"
    template: ClassVar[str] = "Something could not be done."

    def __init__(self, **data: Any) -> None:
        self.data = data
        super().__init__(self.template.format(**data))

    def as_dict(self) -> dict[str, Any]:
        """Return ``{"code", "message", **data}``, every value as JSON can carry it."""
        plain = {k: v if isinstance(v, (int, float, bool, type(None))) else str(v) for k, v in self.data.items()}
        return {"code": self.code, "message": str(self), **plain}


class BadInput(ComityError):
    """What was sent cannot be used."""

    code = "bad-input"
    template = "{problem}"


class BadParameter(BadInput):
    """One named parameter is outside what is allowed. Data: name, found, allowed."""

    code = "bad-parameter"
    template = '{name} is "{found}"; allowed is {allowed}.'


class BadRow(BadInput):
    """One row of a table or JSON Lines file cannot be used. Data: file, row, problem."""

    code = "bad-row"
    template = "{file}, row {row}: {problem}"


class BadInstrumentFile(BadInput):
    """An instrument in our TOML form breaks its rules. Data: file, where, problem."""

    code = "bad-instrument-file"
    template = "{file}, {where}: {problem}"


class PathNotFound(BadInput):
    """A path given on the command line does not exist. Data: file."""

    code = "path-not-found"
    template = "{file} does not exist. Check the spelling, or give the folder it is in."


class NothingToAlign(BadInput):
    """No file could be read, so there is nothing to compare. Data: found, refused, reasons."""

    code = "nothing-to-align"
    template = (
        "No provisions were found: {found} files looked at, {refused} refused. "
        "Give at least one document with a text layer, or an instrument in TOML. {reasons}"
    )


class UnreadableFile(BadInput):
    """A document cannot be read. Data: file, and what the kind needs."""

    code = "unreadable-file"
    template = "{file} cannot be read."


class EmptyFile(UnreadableFile):
    """It holds no text at all. Data: file."""

    code = "empty-file"
    template = "{file} is empty. Export it again from its source, and check that it opens."


class NoTextLayer(UnreadableFile):
    """A scan: pictures of pages without text. Data: file, pages."""

    code = "no-text-layer"
    template = (
        "{file} is a scan: {pages} pages of pictures and no text layer. "
        "Run it through optical character recognition, check the result, and give that file instead."
    )


class EncryptedFile(UnreadableFile):
    """It asks for a password. Data: file."""

    code = "encrypted-file"
    template = "{file} is protected by a password. Save a copy without protection, and give that file instead."


class BrokenFile(UnreadableFile):
    """It is damaged, or not what its name says. Data: file, problem."""

    code = "broken-file"
    template = "{file} is damaged or is not what its name says ({problem}). Fetch it again from its source."


class FileTooLarge(UnreadableFile):
    """Over the size limit. Data: file, found, allowed (both in megabytes)."""

    code = "file-too-large"
    template = "{file} has {found} MB; at most {allowed} MB are read. Split it, or give the text without its pictures."


class ExpandsTooFar(UnreadableFile):
    """A small file that unpacks into a huge one. Data: file, allowed (megabytes)."""

    code = "expands-too-far"
    template = (
        "{file} unpacks to more than {allowed} MB, as a decompression bomb does. It was not opened. "
        "If it is genuine, unpack it yourself and give the text."
    )


class ExternalEntity(UnreadableFile):
    """XML that declares entities or a document type. Data: file."""

    code = "external-entity"
    template = (
        "{file} declares XML entities or an outside document type, which can read other files of this machine. "
        "It was not opened. Remove the DOCTYPE, or give the text as HTML or plain text."
    )


class UnknownFormat(UnreadableFile):
    """No reader for this kind of file. Data: file, kind, allowed."""

    code = "unknown-format"
    template = "{file} is {kind}, which is not read yet. Allowed are {allowed}: save it as one of these."


class NotPermitted(ComityError):
    """The account's roles do not allow this action. Data: action, needed."""

    code = "not-permitted"
    template = "To {action} you need the role {needed}. Sign in with an account that has it, or ask the operator."


class StaleForm(ComityError):
    """A form came without the token of its page, or with an old one. No data."""

    code = "stale-form"
    template = (
        "This form is too old, or was sent from elsewhere. Open the page again and send it anew; nothing was changed."
    )


class NotFound(ComityError):
    """No such reference. Data: reference."""

    code = "not-found"
    template = "There is nothing here called {reference}. Search for it, or go back to the list."


class Conflict(ComityError):
    """The thing has changed, or is in a state that forbids this. Data: problem."""

    code = "conflict"
    template = "{problem}"


class AlreadyDecided(Conflict):
    """The suggestion was decided meanwhile. Data: reference, state."""

    code = "already-decided"
    template = "{reference} has already been decided: it is {state}. Read that decision first; nothing was changed."


class BadSetting(ComityError):
    """An environment setting is missing, unknown or unsafe. Data: name, found, allowed, remedy."""

    code = "bad-setting"
    template = '{name} is "{found}"; allowed is {allowed}. {remedy}'
