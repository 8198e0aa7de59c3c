"""Every refusal Comity can give, as one tree with a stable code and data.

A message says what was found, what is allowed and what to do next. Doors translate the template and choose
the HTTP status or exit code; nothing else in the house builds error sentences of its own.

::

    ComityError
    ├── BadInput                      what was sent cannot be used
    │   ├── BadParameter              one named parameter is outside what is allowed
    │   ├── BadRow                    one row of a table or JSON Lines file
    │   ├── BadInstrumentFile         an instrument in our TOML form breaks its rules
    │   ├── BadBodyFile               a body in our TOML form breaks its rules
    │   ├── BadRule                   a rule of procedure cannot be what it says
    │   ├── BadBallot                 a ballot or member cannot be counted under a rule
    │   ├── StepsDoNotFollow          the steps of a result do not lead to what it says
    │   ├── AllocationDoesNotHold     an allocation is not possible, not fair, or not for its reasons
    │   ├── BadReleaseFile            the description of a release cannot be what it says
    │   ├── UnknownRule               no rule of procedure has this name
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
    │   ├── VoiceHeldByAnother        another person speaks for the member now
    │   ├── NotAsked                  a dialogue asks others than this person
    │   ├── NotAnElector              the member is not among those that a ballot asks
    │   ├── DoesNotCount              the member has no vote in this ballot, by a rule that is named
    │   ├── ProxiesNotAllowed         the rule of a ballot lets nobody vote for another member
    │   └── CastByAnother             another member casts this one's vote
    ├── LinkExpired                   a link of an invitation or recovery opens nothing any more
    │   └── UnknownCode               a code to take part in a dialogue opens nothing
    ├── StaleForm                     a form without the token of its page
    ├── TooManyAtOnce                 more of one kind came from one address than is taken
    ├── NotFound                      no such reference
    ├── Conflict                      the thing has changed, or is in a state that forbids this
    │   ├── AlreadyDecided            the suggestion was decided by someone else meanwhile
    │   ├── StaleText                 somebody changed the text meanwhile
    │   ├── DialogueNotOpen           a dialogue is not in the state that this needs
    │   ├── StatementNotShown         a statement takes no answers: it is not shown
    │   ├── AlreadyWritten            the same participant has written this statement before
    │   ├── ClearanceNeeded           a delegation's answer must be cleared before it is given
    │   ├── BallotNotOpen             a ballot is not in the state that this needs
    │   │   └── VoteTooLate           a vote came when the ballot was closed
    │   ├── BallotStillOpen           it is too early to close a ballot or to state its outcome
    │   ├── AlreadyStated             the outcome of a ballot is stated already
    │   ├── VoteStands                the rule lets no vote be changed
    │   ├── VoteNotCleared            a delegation's vote must be cleared before it is cast
    │   ├── LanguagesMissing          a text is not issued in all the languages that a vote on it needs
    │   ├── MotionsUndecided          motions on a ballot must be decided before its outcome is stated
    │   ├── NothingToDrawFrom         no tree of the log was signed from which a lot could be drawn
    │   ├── CannotExplain             a vote cannot be explained now
    │   ├── NotYetSequenced           the log does not hold this act yet
    │   ├── LogStopped                the log may not be signed until it is reconciled
    │   ├── SignedMemoryUnreadable    the file that remembers what was signed is damaged
    │   └── CannotReconcile           entries that were signed are not at hand
    ├── RecordBroken                  what a log shows does not hold together
    │   ├── MalformedNote             a note, key, checkpoint or receipt is not as the specification says
    │   ├── ForgedCheckpoint          no valid signature of the key
    │   ├── WrongInclusion            a proof does not lead from the entry to the root
    │   ├── WrongConsistency          one tree is not the beginning of the other
    │   ├── TamperedTile              a tile or bundle is not what the tree says
    │   ├── ReorderedEntry            entries stand in another order than the tree says
    │   ├── SplitView                 the log showed two histories
    │   ├── WrongPayload              a payload or opening is not what its entry says
    │   └── NotWitnessed              the witness policy is not met
    ├── Unreachable                   another machine does not answer, or not as it should
    │   └── WitnessKnowsMore          a witness has seen another size than the log believes
    ├── BackupError                   a backup cannot be made or put back
    │   ├── BackupFailed              the database's own tool failed
    │   ├── MissingTool               that tool is not installed
    │   └── BrokenBackup              the file is damaged, altered, or of another kind of database
    ├── NotAsReleased                 what a mirror, a bundle or a server gives is not what was released
    │   └── BrokenBundle              a bundle was altered or damaged
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


class BadBodyFile(BadInput):
    """A body in our TOML form breaks its rules. Data: file, where, problem."""

    code = "bad-body-file"
    template = "{file}, {where}: {problem}. Nothing was written."


class BadRule(BadInput):
    """A rule of procedure cannot be what it says. Data: file, where, problem."""

    code = "bad-rule"
    template = "{file}, {where}: {problem}."


class BadBallot(BadInput):
    """A ballot or a member cannot be counted under a rule. Data: member, problem."""

    code = "bad-ballot"
    template = "{member}: {problem}."


class StepsDoNotFollow(BadInput):
    """The steps of a result do not lead to what it says. Data: place, said, found."""

    code = "steps-do-not-follow"
    template = "{place}: the result says {said}; the rule and its totals give {found}."


class AllocationDoesNotHold(BadInput):
    """An allocation is not possible under its terms, not fair, or not for the reasons it gives. Data: where, problem."""

    code = "allocation-does-not-hold"
    template = "This allocation does not hold. In {where}: {problem}. Compute it again from its tables."


class BadReleaseFile(BadInput):
    """The description of a release cannot be what it says. Data: file, where, problem."""

    code = "bad-release-file"
    template = "{file}, {where}: {problem}."


class UnknownRule(BadInput):
    """No rule of procedure has this name. Data: name, known."""

    code = "unknown-rule"
    template = '"{name}" is no rule that comes with Comity; those are {known}. Give a file that ends in .toml for one of your own.'


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


class VoiceHeldByAnother(NotPermitted):
    """Another person of the delegation speaks for the member now. Data: role, member."""

    code = "voice-held-by-another"
    template = (
        "The {role} of {member} holds its voice now: one person at a time. Take the voice first, then do this again."
    )


class NotAsked(NotPermitted):
    """A dialogue asks others than this person. Data: asked (who is asked)."""

    code = "not-asked"
    template = "This dialogue asks {asked}. You can read what it shows; nothing was kept."


class NotAnElector(NotPermitted):
    """The member is not among those that a ballot asks: it had no seat when it opened. Data: member, reference."""

    code = "not-an-elector"
    template = "{member} is not among the members that {reference} asks: it had no seat that votes when the ballot opened. Nothing was kept."


class DoesNotCount(NotPermitted):
    """The member has no vote in a ballot. Data: member, reason, rule (empty where none is needed)."""

    code = "does-not-count"
    template = "{member} has no vote in this ballot ({reason}; {rule}). Nothing was kept."


class ProxiesNotAllowed(NotPermitted):
    """The rule of a ballot lets nobody vote for another member, or for no more members than it names. Data: member, rule."""

    code = "proxies-not-allowed"
    template = (
        "Under {rule} {member} casts its own vote in this ballot; its proxy does not hold here. Nothing was kept."
    )


class CastByAnother(NotPermitted):
    """Another member casts this one's vote, as it stood when the ballot opened. Data: member, holder."""

    code = "cast-by-another"
    template = (
        "{holder} casts the vote of {member} in this ballot, as it stood when the ballot opened. Nothing was kept."
    )


class LinkExpired(ComityError):
    """A link of an invitation or a recovery was used, is over, or was never made: the same answer for each. No data."""

    code = "link-expired"
    template = (
        "This link opens nothing any more: it was used, or its time is over. Ask for a new one where you got it from."
    )


class UnknownCode(LinkExpired):
    """A code to take part in a dialogue opens nothing there. No data."""

    code = "unknown-code"
    template = "This code opens nothing here. Compare it letter by letter with what you wrote down or were given."


class TooManyAtOnce(ComityError):
    """More of one kind came from one address than is taken in a while. Data: minutes."""

    code = "too-many-at-once"
    template = (
        "Too many came from your address in a short time. Wait {minutes} minutes and try again; nothing was kept."
    )


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


class StaleText(Conflict):
    """Somebody changed the text meanwhile. Data: found, present (versions)."""

    code = "stale-text"
    template = "You saw version {found} of this text, and it is at version {present} now. Read that one first; nothing was done."


class DialogueNotOpen(Conflict):
    """A dialogue is not in the state that this needs. Data: reference, state."""

    code = "dialogue-not-open"
    template = "{reference} is in the state “{state}”, which does not allow this. Nothing was kept."


class StatementNotShown(Conflict):
    """A statement takes no answers: a moderator has not let it through, or it was taken back. Data: number."""

    code = "statement-not-shown"
    template = (
        "Statement {number} is not shown, so that it takes no answers. Go on with the next one; nothing was kept."
    )


class AlreadyWritten(Conflict):
    """The same participant has written this statement before. Data: number."""

    code = "already-written"
    template = "You have written this already: it is statement {number}. Nothing was added."


class ClearanceNeeded(Conflict):
    """The capital of a delegation clears answers before they are given as its position. Data: member."""

    code = "clearance-needed"
    template = (
        "Answers that state the position of {member} are cleared first. Prepare it on the page of your delegation, "
        "or give it as provisional; nothing was kept."
    )


class BallotNotOpen(Conflict):
    """A ballot is not in the state that this needs. Data: reference, state."""

    code = "ballot-not-open"
    template = "{reference} is in the state “{state}”, which does not allow this. Nothing was changed."


class VoteTooLate(BallotNotOpen):
    """A vote came when its ballot was closed; one that comes at the very deadline is late. Data: came, closed (moments)."""

    code = "vote-too-late"
    template = "This came at {came}; the ballot closed at {closed}. It was not kept, and does not count."


class BallotStillOpen(Conflict):
    """It is too early to close a ballot or to state its outcome. Data: reference, until (a moment)."""

    code = "ballot-still-open"
    template = "{reference} is open until {until}, or until every member that counts has voted. Nothing was changed."


class AlreadyStated(Conflict):
    """The outcome of a ballot was stated before. Data: reference, outcome."""

    code = "already-stated"
    template = "The outcome of {reference} is stated already: {outcome}. Read it there; nothing was changed."


class VoteStands(Conflict):
    """The rule of a ballot lets no vote be changed. Data: member, rule."""

    code = "vote-stands"
    template = "{member} has voted, and under {rule} no vote is changed. Nothing was kept."


class VoteNotCleared(Conflict):
    """The capital of a delegation clears its vote before it is cast. Data: member."""

    code = "vote-not-cleared"
    template = "The vote of {member} is cleared before it is cast. Prepare it on the page of your delegation; nothing was kept."


class LanguagesMissing(Conflict):
    """A text is not issued in all the languages that a vote on it needs. Data: symbol, languages."""

    code = "languages-missing"
    template = "{symbol} is not issued in {languages}. Issue it there first, or let the body waive this and say why; nothing was opened."


class MotionsUndecided(Conflict):
    """Motions on a ballot are open, and are decided before it. Data: reference, motions."""

    code = "motions-undecided"
    template = (
        "Motions on {reference} are open: {motions}. State their outcome or withdraw them first; nothing was changed."
    )


class NothingToDrawFrom(Conflict):
    """The log has signed no tree yet, from whose root the lot of a roll call is drawn. No data."""

    code = "nothing-to-draw-from"
    template = "The lot of a roll call is drawn from the latest signed tree of the log, and none is signed yet. Run: comity worker"


class CannotExplain(Conflict):
    """A member cannot explain its vote now. Data: reference, problem."""

    code = "cannot-explain"
    template = "{reference}: {problem}. Nothing was kept."


class NotYetSequenced(Conflict):
    """The log does not hold this act yet, so nothing can be proved of it. Data: reference."""

    code = "not-yet-sequenced"
    template = "{reference} is not in the log yet, so there is no receipt. Try again in a few seconds."


class LogStopped(Conflict):
    """The log may not be signed: it contradicts what was signed before, or was restored. Data: reason."""

    code = "log-stopped"
    template = "The log signs nothing: {reason} Run: comity record reconcile"


class SignedMemoryUnreadable(Conflict):
    """The file that remembers what was signed last is damaged. Data: path."""

    code = "signed-memory-unreadable"
    template = (
        "{path}, the memory of what was signed last, cannot be read. Put its copy from this machine back; where there is "
        "none, move it away: tables, mirrors and witnesses then say what was signed."
    )


class CannotReconcile(Conflict):
    """Entries that were signed are not at hand, or a mirror holds others. Data: problem."""

    code = "cannot-reconcile"
    template = "{problem}"


class RecordBroken(ComityError):
    """What a log shows does not hold together. Data: problem."""

    code = "record-broken"
    template = "The record does not hold together: {problem}."


class MalformedNote(RecordBroken):
    """A note, key, checkpoint or receipt is not as the specification says. Data: problem."""

    code = "malformed-note"
    template = "This cannot be read as the specification says: {problem}. Fetch it again; if it stays so, ask the log."


class ForgedCheckpoint(RecordBroken):
    """No valid signature of the key. Data: key, problem."""

    code = "forged-checkpoint"
    template = "The checkpoint is not one of {key}: {problem}. Check the key by a second way before you believe either."


class WrongInclusion(RecordBroken):
    """A proof does not lead from the entry to the root. Data: index, size, problem."""

    code = "wrong-inclusion"
    template = "Entry {index} is not proved to be in the tree of {size}: {problem}. Ask for a new receipt."


class WrongConsistency(RecordBroken):
    """One tree is not the beginning of the other. Data: old, new, problem."""

    code = "wrong-consistency"
    template = "The tree of {old} is not proved to be the beginning of the tree of {new}: {problem}. Keep both."


class TamperedTile(RecordBroken):
    """A tile or a bundle of entries is not what the tree says. Data: path, problem."""

    code = "tampered-tile"
    template = "{path} was altered: {problem}. Keep it as evidence, and compare with a mirror."


class ReorderedEntry(RecordBroken):
    """Entries stand in another order than the tree says. Data: path, index."""

    code = "reordered-entry"
    template = "{path}: entry {index} stands where the tree holds another one of this bundle. Entries were reordered."


class SplitView(RecordBroken):
    """The log showed two histories. Data: origin, size, problem."""

    code = "split-view"
    template = (
        "The log {origin} showed two histories at {size} entries: {problem}. Keep both checkpoints: they prove it."
    )


class WrongPayload(RecordBroken):
    """A payload or an opening is not what its entry says. Data: index, problem."""

    code = "wrong-payload"
    template = "Entry {index}: {problem}. The act is in the log; what is shown beside it is not what was decided."


class NotWitnessed(RecordBroken):
    """The witness policy is not met. Data: signed, needed."""

    code = "not-witnessed"
    template = "{signed} of the witnesses signed this checkpoint; the policy asks for {needed}. Try again later."


class Unreachable(ComityError):
    """Another machine does not answer, or not as it should. Data: address, problem."""

    code = "unreachable"
    template = "{address} does not answer as it should: {problem}. Check the address, and try again."


class WitnessKnowsMore(Unreachable):
    """A witness has seen another size of the log than the asker believes. Data: address, size."""

    code = "witness-knows-more"
    template = "The witness at {address} has cosigned a tree of {size} entries last."


class BackupError(ComityError):
    """A backup cannot be made or put back. Data: problem."""

    code = "backup"
    template = "{problem}"


class BackupFailed(BackupError):
    """The database's own tool failed. Data: what, problem."""

    code = "backup-failed"
    template = "{what} failed and nothing was replaced: {problem}"


class MissingTool(BackupError):
    """A tool of the database is not installed. Data: tool, package."""

    code = "missing-tool"
    template = "{tool} is not installed here. Install it (on Debian: apt install {package}), and run this again."


class BrokenBackup(BackupError):
    """A backup is damaged, altered, or of another kind of database. Data: file, problem."""

    code = "broken-backup"
    template = "{file} is no backup that can be used: {problem}. Nothing was replaced. Use another backup."


class NotAsReleased(ComityError):
    """What a mirror, a bundle or a server gives is not what was released. Data: what, problem."""

    code = "not-as-released"
    template = "{what} is not as it was released: {problem}. It was not taken in. Get it again, or from another mirror."


class BrokenBundle(NotAsReleased):
    """A bundle was altered, damaged or cut off. Data: file, what (the part of it), problem."""

    code = "broken-bundle"
    template = "{file}: {what}: {problem}. Nothing of the bundle was taken in. Copy it again from its source."


class BadSetting(ComityError):
    """An environment setting is missing, unknown or unsafe. Data: name, found, allowed, remedy."""

    code = "bad-setting"
    template = '{name} is "{found}"; allowed is {allowed}. {remedy}'
