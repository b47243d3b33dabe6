class Refusal(Exception):
    """What was asked for cannot be done with what is there; its text says what to do. The engine stays as it was."""
