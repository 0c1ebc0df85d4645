from cadence.models.cadence import Cadence, CadenceVersion, Step
from cadence.models.run import StepRun

__all__ = ["Cadence", "CadenceVersion", "Step", "StepRun"]
