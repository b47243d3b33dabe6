import contextlib
import errno
import re

from safetensors import SafetensorError

from .not_written import NotWritten


@contextlib.contextmanager
def writing():
    """What the system says against a file that is written within, as NotWritten."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise _not_written(error.errno, error) from error
    except SafetensorError as error:
        # It hands on the system's number in its text alone.
        found = re.search(r"\(os error (\d+)\)", str(error))
        if found is None:
            raise
        raise _not_written(int(found[1]), error) from error


def _not_written(number, error):
    code = errno.errorcode.get(number, "EIO")
    return NotWritten(code=code, message=f"{code}: {error}")
