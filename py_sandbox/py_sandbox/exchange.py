"""The directory through which pixels cross: only plain names inside it are ever opened, and never through a link."""

import errno
import os
import re

NAME = re.compile(r"[a-z0-9-]{1,80}")
NO_UNNAMED_FILES = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL)


class Exchange:
    def __init__(self, directory):
        self._directory = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def open(self, name):
        return os.open(_checked(name), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._directory)

    def create(self, name):
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        # Readable to the group: beside a sandbox that listens the controller may be another user.
        return os.open(_checked(name), flags, 0o640, dir_fd=self._directory)

    def create_unnamed(self):
        """A file that nobody finds until it is published, and that is gone with its descriptors; None where the file system has none."""
        try:
            return os.open(".", os.O_RDWR | os.O_TMPFILE | os.O_CLOEXEC, 0o640, dir_fd=self._directory)
        except OSError as error:
            if error.errno in NO_UNNAMED_FILES:
                return None
            raise

    def publish(self, descriptor, name):
        os.link(f"/proc/self/fd/{descriptor}", _checked(name), dst_dir_fd=self._directory, follow_symlinks=True)

    def remove(self, name):
        try:
            os.unlink(_checked(name), dir_fd=self._directory)
        except FileNotFoundError:
            pass


def _checked(name):
    if type(name) is not str or not NAME.fullmatch(name):
        raise ValueError(f"not a name inside the exchange directory: {name!r}")
    return name
