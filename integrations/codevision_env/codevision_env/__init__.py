"""CodeVision's environment service (`codevision serve env`) for trainers in Python."""

from .errors import CodeVisionError, ServiceError, ServiceUnreachable
from .rollout import Answer, Rollout, Verdict
from .service import Service

__all__ = ["Answer", "CodeVisionError", "Rollout", "Service", "ServiceError", "ServiceUnreachable", "Verdict"]
