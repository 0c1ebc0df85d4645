from cadence.models.cadence import Cadence, CadenceVersion, PaceRule, Step
from cadence.models.price import MessagePrice
from cadence.models.rehearsal import Rehearsal, RehearsalChunk, RehearsedContact
from cadence.models.run import StepRun
from cadence.models.segment import CaseTraits, Segment
from cadence.models.tasks import MissingData, PlannerState, StepApproval

__all__ = [
    "Cadence",
    "CadenceVersion",
    "CaseTraits",
    "MessagePrice",
    "MissingData",
    "PaceRule",
    "PlannerState",
    "Rehearsal",
    "RehearsalChunk",
    "RehearsedContact",
    "Segment",
    "Step",
    "StepApproval",
    "StepRun",
]
