"""Messages between host, zygote and worker: a fixed header, a JSON body, and descriptors beside it.

Everything that comes from a worker is untrusted: the length is capped before a byte is read, the nonce must match, and the body is plain JSON.
"""

import array
import json
import math
import socket
import struct

HEADER = struct.Struct("<4sQI")
MAGIC = b"CVW1"
MAX_JOB = 64 << 20
MAX_ANSWER = 1 << 20
DESCRIPTORS_AT_ONCE = 200


class Malformed(Exception):
    """The other side did not speak the protocol."""


def pack(nonce, body):
    data = json.dumps(body).encode("ascii")
    return HEADER.pack(MAGIC, nonce, len(data)) + data


def unpack_header(header, limit):
    magic, nonce, length = HEADER.unpack(header)
    if magic != MAGIC:
        raise Malformed("wrong magic")
    if length > limit:
        raise Malformed(f"{length} bytes announced, {limit} allowed")
    return nonce, length


def unpack_body(data):
    try:
        body = json.loads(data, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if type(body) is not dict:
        raise Malformed("not an object")
    return body


def _no_constant(name):
    raise ValueError(f"{name} is not JSON")


def _finite(text):
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is too large")
    return value


def send(sock, nonce, body, descriptors=()):
    """Send one message; `descriptors` travel with its first bytes."""
    data = memoryview(pack(nonce, body))
    sent = 0
    # The kernel takes about 250 with one message, each of which needs a byte of data.
    for start in range(0, len(descriptors), DESCRIPTORS_AT_ONCE):
        group = array.array("i", descriptors[start : start + DESCRIPTORS_AT_ONCE])
        sent += sock.sendmsg([data[sent : sent + 1]], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, group)])
    while sent < len(data):
        sent += sock.send(data[sent:])


def send_at_once(sock, nonce, body, descriptors):
    """Send one small message. Raises BlockingIOError where the other side has not read what was sent before."""
    group = array.array("i", descriptors)
    data = pack(nonce, body)
    sent = sock.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, group)], socket.MSG_DONTWAIT)
    if sent < len(data):
        raise BlockingIOError(f"{sent} of {len(data)} bytes were taken")


def receive(sock, limit):
    """Block for one message: (nonce, body, descriptors), or None at the end of the stream."""
    descriptors = []
    header = _read(sock, HEADER.size, descriptors)
    if header is None:
        return None
    nonce, length = unpack_header(header, limit)
    data = _read(sock, length, descriptors)
    if data is None:
        return None
    return nonce, unpack_body(data), descriptors


def _read(sock, count, descriptors):
    chunks = bytearray()
    while len(chunks) < count:
        # An int is four bytes; the kernel closes what does not fit.
        data, ancillary, _flags, _address = sock.recvmsg(min(count - len(chunks), 1 << 20), socket.CMSG_SPACE(DESCRIPTORS_AT_ONCE * 4))
        if not data:
            return None
        for level, kind, payload in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                received = array.array("i")
                received.frombytes(payload[: len(payload) - len(payload) % 4])
                descriptors.extend(received)
        chunks += data
    return bytes(chunks)
