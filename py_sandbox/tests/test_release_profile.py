import pytest
from PIL import Image

from py_sandbox import failure, release_messages, release_profile


def run(code):
    image = Image.new("RGB", (56, 84), "teal")
    return release_profile.run(code, image, (), {}), image


def refused(code):
    with pytest.raises(failure.Refused) as caught:
        run(code)
    return caught.value.answer


@pytest.mark.parametrize("name", ["sorted", "any", "map", "Exception", "open", "eval"])
def test_most_builtins_are_missing(name):
    with pytest.raises(NameError):
        run(f"{name}")


def test_only_img_counts_when_both_inputs_are_rebound():
    assert run("image = image.crop((0, 0, 1, 1)); img = img.crop((0, 0, 2, 2))")[0].size == (2, 2)
    result, image = run("image = image.crop((0, 0, 1, 1))")
    assert result is image


@pytest.mark.parametrize("code", ["import os", "from sys import path", "dir()", "open.read()", "globals()"])
def test_the_source_is_checked_before_it_runs(code):
    assert refused(f"{code}\n1 / 0")["kind"] == "policy"


def test_the_source_is_refused_past_2048_characters():
    run("#" + "x" * 2_047)
    assert refused("#" + "x" * 2_048)["kind"] == "policy"


def test_an_import_that_the_check_overlooked_fails_when_it_runs():
    with pytest.raises(ImportError) as caught:
        run("import json")
    assert str(caught.value) == release_messages.IMPORT_REFUSED.format(name="json")


def test_what_only_the_byte_compiler_sees_is_an_error_of_the_run():
    assert refused("break")["kind"] == "runtime"
    assert refused("(")["kind"] == "syntax"


def test_images_are_handed_over_in_multiples_of_28():
    assert release_profile.prepare(Image.new("RGB", (100, 300))).size == (112, 308)
