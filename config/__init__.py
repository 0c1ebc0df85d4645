"""Settings, entry points and processes of Em Dia.

`collections/` is a folder of apps and must never become a package: it would shadow the standard
library's `collections`. Its apps are importable by their own names because this package, imported
before any of them, appends the folder to the module search path. Appended, never inserted: an app
can therefore never hide a module of the standard library either.
"""

import sys
from pathlib import Path

_APPS = str(Path(__file__).resolve().parent.parent / "collections")
if _APPS not in sys.path:
    sys.path.append(_APPS)
