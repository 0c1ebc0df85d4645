"""How root runs a server that refuses to run as root.

First choice: a user namespace in which root appears as somebody else. It needs no account, changes no
owner and works for data that other accounts cannot reach. Where namespaces are forbidden, as in many
containers, an ordinary account of the system runs it, which must be able to reach binaries and data.
"""

import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from config.runtime.errors import CannotStart

_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who will run a server: a command in front of it, or options for `subprocess.Popen`."""

    prefix: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    # Owner that the server's files must have.
    user: int
    group: int

    @property
    def is_account(self) -> bool:
        """Whether another account runs it, whose reach has to be checked."""
        return bool(self.options)

    def can_reach(self, path: Path) -> bool:
        """Whether it may enter (or run) `path`."""
        attempt = subprocess.run(
            [*self.prefix, "test", "-x", str(path)], cwd="/", check=False, capture_output=True, **self.options
        )
        return attempt.returncode == 0

    def own(self, path: Path) -> None:
        """Give `path` and everything below it to this identity, if it is not."""
        if os.geteuid() != 0 or path.stat().st_uid == self.user:
            return
        os.chown(path, self.user, self.group)
        for below in path.rglob("*"):
            os.chown(below, self.user, self.group, follow_symlinks=False)


def ordinary() -> Identity:
    """Who may run PostgreSQL here. Raises `CannotStart` when nobody can.

    The variable NO_USERNS forbids the namespace, so that the second way can be tried anywhere.
    """
    if os.geteuid() != 0:
        return Identity(user=os.geteuid(), group=os.getegid())
    if sys.platform == "linux" and not os.environ.get("NO_USERNS") and _namespaces_work():
        return Identity(prefix=_NAMESPACE, user=0, group=0)
    for name in _ACCOUNTS:
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        options = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        return Identity(options=options, user=account.pw_uid, group=account.pw_gid)
    raise CannotStart(
        "PostgreSQL does not run as root, and this machine has neither user namespaces nor an account"
        " named postgres or nobody: run as an ordinary user, or set DATABASE_URL."
    )


@cache
def _namespaces_work() -> bool:
    if shutil.which("unshare") is None:
        return False
    attempt = subprocess.run([*_NAMESPACE, "true"], capture_output=True, check=False)
    return attempt.returncode == 0
