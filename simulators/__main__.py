"""`python -m simulators`: everything on SIM_PORT, see README.md."""

from simulators.server import serve
from simulators.settings import SimulatorSettings

if __name__ == "__main__":
    serve(SimulatorSettings.from_environment())
