"""The directory through which pixels cross: only plain names inside it are ever opened, and never through a link."""

import os
import re

NAME = re.compile(r"[a-z0-9-]{1,80}")


class Exchange:
    def __init__(self, directory):
        self._directory = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def open(self, name):
        return os.open(_checked(name), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._directory)

    def create(self, name):
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        # Readable to the group: beside a sandbox that listens the controller may be another user.
        return os.open(_checked(name), flags, 0o640, dir_fd=self._directory)

    def remove(self, name):
        try:
            os.unlink(_checked(name), dir_fd=self._directory)
        except FileNotFoundError:
            pass


def _checked(name):
    if type(name) is not str or not NAME.fullmatch(name):
        raise ValueError(f"not a name inside the exchange directory: {name!r}")
    return name
