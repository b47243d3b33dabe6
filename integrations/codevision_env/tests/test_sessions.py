import pytest
from codevision_env import ServiceError
from codevision_env.sessions import execute_over_images
from PIL import Image

IMAGES = [Image.linear_gradient("L").resize((80, 40)).convert("RGB"), Image.new("RGB", (5, 7), "red")]


def test_a_call_over_images_is_told_as_in_a_rollout_with_the_image_in_full_resolution(service):
    text, made = execute_over_images(service, "a", IMAGES, {"code": "result = image.rotate(90, expand=True)", "image_index": 1, "other": 1})
    assert text == "Image 2 (7 × 5 pixels) is the result."
    assert [image.size for image in made] == [(7, 5)]


def test_what_the_model_did_wrong_is_told(service):
    text, made = execute_over_images(service, "b", IMAGES, {"code": "image.nothing()"})
    assert "AttributeError" in text and not made
    for parameters in ({}, {"code": 5}, {"code": "result = image", "image_index": "one"}, "result = 1 +", 5):
        text, made = execute_over_images(service, "c", IMAGES, parameters)
        assert text and not made


def test_an_index_beyond_the_images_is_told(service):
    text, made = execute_over_images(service, "d", IMAGES, {"code": "result = image", "image_index": 2})
    assert "IndexError" in text and not made


@pytest.mark.parametrize("code", ["result = image", "raise (", 5])
def test_nothing_is_left_of_a_session_whatever_came_of_its_call(service, code):
    execute_over_images(service, "e", IMAGES, {"code": code})
    with pytest.raises(ServiceError, match="no_such_session"):
        service.get("/v1/sessions/e")
