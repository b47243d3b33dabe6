"""What can go wrong beside the model. What a model does wrong is an answer that it reads, never one of these.

    CodeVisionError
    ├── ServiceError         the service has answered that it cannot, or what answers is not the service
    └── ServiceUnreachable   it has not answered for as long as one was willing to wait

    UnsupportedTrainer       no Exception: the trainer can have no rollout here, and must end
"""


class CodeVisionError(Exception):
    """The machine, or the set-up, did something wrong."""


class ServiceError(CodeVisionError):
    """An answer with a status of 300 or more, or one that is no JSON object. `code` is for programs, `hint` says what to do."""

    def __init__(self, *, status: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint} ({code}, {status})".replace("  ", " "))
        self.status = status
        self.code = code


class ServiceUnreachable(CodeVisionError):
    """Nothing listens, or what was there is gone, for longer than `patience`."""


class UnsupportedTrainer(BaseException):
    """The trainer does not hand over what a rollout needs. verl tells the model of every Exception of a tool and trains on what comes of it; this one it does not catch."""
