import os
import socket

import pytest

from py_sandbox import framing


def pair():
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)


def test_a_message_arrives_with_its_descriptors():
    ours, theirs = pair()
    read_end, write_end = os.pipe()
    framing.send(ours, 7, {"text": "漢 \ud800"}, [write_end])
    nonce, body, descriptors = framing.receive(theirs, 1000)
    assert (nonce, body) == (7, {"text": "漢 \ud800"})
    os.write(descriptors[0], b"through")
    assert os.read(read_end, 100) == b"through"


def test_the_end_of_the_stream_is_no_message():
    ours, theirs = pair()
    ours.send(b"CVW1")
    ours.close()
    assert framing.receive(theirs, 1000) is None


@pytest.mark.parametrize(
    "header",
    [b"XXXX" + bytes(12), framing.HEADER.pack(framing.MAGIC, 1, 1001)],
    ids=["wrong magic", "too long"],
)
def test_a_header_is_checked_before_anything_is_read(header):
    with pytest.raises(framing.Malformed):
        framing.unpack_header(header, 1000)


@pytest.mark.parametrize("body", [b"{", b"[]", b"1", b"\xff", b"[" * 100_000, b'{"a": NaN}', b'{"a": 1e999}'])
def test_only_json_objects_are_bodies(body):
    with pytest.raises(framing.Malformed):
        framing.unpack_body(body)


def test_more_descriptors_arrive_than_the_kernel_takes_at_once():
    ours, theirs = pair()
    with open("/dev/null") as null:
        framing.send(ours, 1, {"padding": "x" * 100}, [null.fileno()] * 450)
        _, body, descriptors = framing.receive(theirs, 1000)
    assert body == {"padding": "x" * 100} and len(set(descriptors)) == 450
    for descriptor in descriptors:
        os.close(descriptor)
