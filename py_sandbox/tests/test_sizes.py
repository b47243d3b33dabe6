import pytest

from py_sandbox import sizes


@pytest.mark.parametrize(
    "given, expected",
    [
        ((28, 28), (56, 56)),  # below four tiles: grown
        ((100, 100), (112, 112)),
        ((42, 420), (56, 420)),  # 1.5 tiles: half to even
        ((70, 420), (56, 420)),  # 2.5 tiles: half to even
        ((28 * 300, 28 * 300), (3584, 3584)),  # above 16384 tiles: shrunk
    ],
)
def test_a_call_is_given_multiples_of_28(given, expected):
    assert sizes.fetch_size(*given) == expected


def test_a_strip_is_given_to_no_call():
    sizes.fetch_size(2000, 10)
    with pytest.raises(ValueError):
        sizes.fetch_size(2001, 10)


@pytest.mark.parametrize(
    "given, expected",
    [
        ((50, 50, 784, 6_422_528), (50, 50)),
        ((14, 14, 784, 6_422_528), (28, 28)),
        ((100, 50, 1, 1250), (50, 25)),
        ((1000, 1, 1, 100), (316, 1)),
    ],
)
def test_the_model_sees_a_copy_within_bounds(given, expected):
    assert sizes.view_size(*given) == expected


@pytest.mark.parametrize("width, height", [(0, 5), (5, -1)])
def test_an_image_without_pixels_has_no_view(width, height):
    assert sizes.view_size(width, height, 784, 1000) is None


@pytest.mark.parametrize("width, height, refused", [(199, 1, False), (200, 1, True), (1, 200, True), (0, 9, True), (9, 9, False)])
def test_results_of_200_to_1_are_refused(width, height, refused):
    assert (sizes.refuse_result(width, height) is not None) == refused
