"""The one table of simulated systems, in the order in which they are built and started."""

from dataclasses import dataclass
from importlib import import_module

from simulators.context import Context, System


@dataclass(frozen=True)
class Entry:
    """A system by name: its control routes live below /control/<name>/, its own below `prefix`.

    `package` is a dotted name with a function `build(context: Context) -> System`.
    """

    name: str
    prefix: str
    package: str

    def build(self, context: Context) -> System:
        """Import the package and build the system."""
        system: System = import_module(self.package).build(context)
        return system


# The phone goes last: it lives at the root, and whatever is not somebody else's path is its own.
SYSTEMS: tuple[Entry, ...] = (
    Entry("pix", "/pix", "simulators.pix"),
    Entry("whatsapp", "/whatsapp", "simulators.whatsapp"),
    Entry("email", "/email", "simulators.email"),
    Entry("sms", "/sms", "simulators.sms"),
    Entry("members", "/members", "simulators.members"),
    Entry("phone", "/", "simulators.phone"),
)
