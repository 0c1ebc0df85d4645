"""`python -m config.runtime`: what `manage.py up` does, without loading Django first."""

import argparse
import sys

from config.runtime import supervisor

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="manage.py up", description="Start Em Dia; one Ctrl-C stops it.")
    supervisor.add_arguments(parser)
    sys.exit(supervisor.main(parser.parse_args()))
