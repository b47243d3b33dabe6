class NotWritten(Exception):
    """The system did not let a file be written, for want of space or of permission; `code` is its name for why, such as ENOSPC. The engine stays as it was."""

    def __init__(self, *, code, message):
        super().__init__(message)
        self.code = code
