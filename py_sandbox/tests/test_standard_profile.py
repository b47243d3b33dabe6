import numpy as np
import pytest
from PIL import Image

from py_sandbox import failure, standard_profile


def run(code, image=None):
    image = image or Image.new("RGB", (8, 6), "teal")
    return standard_profile.run(code, image, (), {}), image


@pytest.mark.parametrize("name", ["result", "output", "processed_image", "img", "image"])
def test_a_result_is_found_under_each_of_its_names(name):
    result, _ = run(f"{name} = image.crop((0, 0, 3, 2))")
    assert result.size == (3, 2)


def test_result_comes_before_output_and_none_counts_as_missing():
    assert run("output = image.crop((0, 0, 3, 2)); result = image.crop((0, 0, 1, 1))")[0].size == (1, 1)
    assert run("output = image.crop((0, 0, 3, 2)); result = None")[0].size == (3, 2)


def test_an_image_wins_over_an_array_among_the_rebound_inputs():
    assert run("img = np.array(image); image = image.crop((0, 0, 3, 2))")[0].size == (3, 2)


def test_an_input_rebound_to_something_else_only_is_the_result():
    assert isinstance(run("img = np.array(image)")[0], np.ndarray)


def test_code_that_leaves_nothing_leaves_the_drawn_on_input():
    result, image = run("draw.point((0, 0), fill='red')")
    assert result is image and result.getpixel((0, 0)) == (255, 0, 0)


def test_functions_see_the_names_of_the_code():
    assert run("k = 2\ndef f(): return image.crop((0, 0, k, k))\nresult = f()")[0].size == (2, 2)


@pytest.mark.parametrize("name", standard_profile.HIDDEN_BUILTINS)
def test_what_waits_for_a_person_is_not_there(name):
    with pytest.raises(NameError):
        run(f"{name}()")


@pytest.mark.parametrize("module", standard_profile.ALLOWED_MODULES)
def test_each_allowed_module_can_be_imported(module):
    run("from __future__ import annotations" if module == "__future__" else f"import {module}")


@pytest.mark.parametrize("statement", ["import os", "from os import path", "import os.path", "from . import x", "__import__('sys')"])
def test_any_other_import_is_refused_with_the_list_of_those_that_are_not(statement):
    with pytest.raises(failure.Refused) as refused:
        run(statement)
    assert refused.value.answer["kind"] == "policy"
    assert refused.value.answer["line"] == 1
    assert "itertools" in refused.value.answer["message"]


def test_code_may_fall_back_where_an_import_is_refused():
    assert run("try:\n    import scipy\nexcept ImportError:\n    result = image.crop((0, 0, 1, 1))")[0].size == (1, 1)
