"""The tables of the room: acts, links between references, and the log."""

from comity.platform.record.models.acts import Act, Link
from comity.platform.record.models.log import Checkpoint, Cosignature, LogState

__all__ = ["Act", "Checkpoint", "Cosignature", "Link", "LogState"]
