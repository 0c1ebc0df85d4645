#!/usr/bin/env python
"""Django's command line for Em Dia."""

import os
import runpy
import sys


def main() -> None:
    if sys.argv[1:2] == ["up"] and "--help" not in sys.argv:
        # It starts what Django needs, so it needs no Django: two seconds sooner.
        del sys.argv[1]
        runpy.run_module("config.runtime", run_name="__main__")
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- settings name first

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
