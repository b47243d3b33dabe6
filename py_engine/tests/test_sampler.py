"""The sampler over a checkpoint of random weights: CODEVISION_TINY names its folder. Run by src/torch-engine/sampler.test.ts."""

import os
import unittest
from unittest import mock

import numpy
import torch

from py_engine.engine import Engine
from py_engine.load_model import load_model
from py_engine.sampler import Sampler

DIRECTORY = os.environ["CODEVISION_TINY"]
MODEL = load_model(
    directory=DIRECTORY,
    device="cpu",
    dtype=torch.float32,
    train="none",
    lora=None,
    freeze_vision=True,
    checkpointing=False,
    seed=0,
)
SETTINGS = {"temperature": 1.0, "topP": 1.0, "topK": 0, "stopIds": [], "maxCharacters": 1000}


def conversation(*, seed, length, picture=None, numbers=None, tokens=12):
    """Random tokens; of a `picture` 2 x 2 tokens among them, as its seed draws it. `numbers`: a seed of their own."""
    random = numpy.random.default_rng(seed)
    ids = random.integers(0, 200, length, dtype=numpy.int32)
    arrays = {
        "ids": ids,
        "positions": numpy.tile(numpy.arange(length, dtype=numpy.int32), (3, 1)),
        "numbers": numpy.random.default_rng(seed if numbers is None else numbers).random(tokens),
    }
    if picture is not None:
        vision = MODEL.config.vision_config
        shape = (4 * vision.spatial_merge_size**2, vision.in_channels, vision.patch_size**2)
        ids[3:7] = MODEL.config.image_token_id
        arrays["pixels"] = numpy.random.default_rng(picture).integers(0, 256, shape, dtype=numpy.uint8)
        arrays["levels"] = numpy.tile(numpy.linspace(-1, 1, 256, dtype=numpy.float32), (vision.in_channels, 1))
        arrays["grids"] = numpy.array([[2 * vision.spatial_merge_size] * 2], dtype=numpy.int32)
    return arrays


def sampler(*, places=8, prompt_tokens=1000):
    made = Sampler(model=MODEL, places=places, prompt_tokens=prompt_tokens)
    made.set_vocabulary(characters=numpy.ones(MODEL.config.text_config.vocab_size, dtype=numpy.int32), barred=[MODEL.config.image_token_id])
    return made


def add(to, job, arrays):
    to.add(job, arrays, nextPosition=len(arrays["ids"]), maxTokens=len(arrays["numbers"]), **SETTINGS)


def finish(one):
    """Job -> ids and log-probabilities, once all are written."""
    found = {}
    while one.is_busy:
        found.update({job: (arrays["ids"].tolist(), arrays["logprobs"]) for job, _, arrays in one.step()})
    return found


def alone(arrays):
    one = sampler(places=1)
    add(one, 0, arrays)
    return finish(one)[0]


class SamplerTest(unittest.TestCase):
    def assert_alike(self, got, arrays):
        ids, logprobs = alone(arrays)
        self.assertEqual(got[0], ids)
        numpy.testing.assert_allclose(got[1], logprobs, atol=1e-5)

    def test_conversations_that_wait_are_read_in_one_pass_and_get_what_each_gets_alone(self):
        one = sampler()
        given = [conversation(seed=at, length=length, picture=at if at % 2 else None) for at, length in enumerate([30, 9, 64, 17, 1, 40])]
        given[3]["positions"] += 5
        for job, arrays in enumerate(given):
            add(one, job, arrays)
        self.assertEqual(one.step(), [])
        self.assertEqual((one.tally["passes"], one.tally["prefilled"], one.tally["written"]), (1, 161, 6))
        found = finish(one)
        for job, arrays in enumerate(given):
            self.assert_alike(found[job], arrays)

    def test_a_pass_holds_no_more_padded_tokens_than_it_may_and_a_longer_prompt_is_read_alone(self):
        one = sampler(prompt_tokens=40)
        given = [conversation(seed=at, length=length) for at, length in enumerate([50, 20, 12, 13, 20])]
        passes = []
        read = MODEL.model.forward
        with mock.patch.object(MODEL.model, "forward", lambda **all_of: passes.append(tuple(all_of["input_ids"].shape)) or read(**all_of)):
            for job, arrays in enumerate(given):
                add(one, job, arrays)
            found = finish(one)
        self.assertEqual(passes[:3], [(2, 13), (2, 20), (1, 50)])
        self.assertTrue(all(shape == (5, 1) for shape in passes[3:]))
        for job, arrays in enumerate(given):
            self.assert_alike(found[job], arrays)

    def test_equal_prompts_are_read_once_and_each_goes_on_by_its_own_numbers(self):
        one = sampler()
        given = [conversation(seed=7, length=25, picture=3, numbers=at) for at in range(4)] + [conversation(seed=8, length=31)]
        for job, arrays in enumerate(given):
            add(one, job, arrays)
        one.step()
        self.assertEqual((one.tally["passes"], one.tally["prefilled"], one.tally["repeated"]), (1, 56, 75))
        found = finish(one)
        for job, arrays in enumerate(given):
            self.assert_alike(found[job], arrays)
        self.assertGreater(len({tuple(ids) for ids, _ in found.values()}), 4)

    def test_a_conversation_that_comes_later_takes_the_prompt_of_one_that_is_being_written(self):
        one = sampler()
        first = [conversation(seed=7, length=25, picture=3, numbers=1), conversation(seed=8, length=50)]
        later = [conversation(seed=7, length=25, picture=3, numbers=2), conversation(seed=7, length=25, picture=3, numbers=3)]
        for job, arrays in enumerate(first):
            add(one, job, arrays)
        for _ in range(5):
            one.step()
        for job, arrays in enumerate(later):
            add(one, 2 + job, arrays)
        found = finish(one)
        self.assertEqual((one.tally["passes"], one.tally["prefilled"], one.tally["repeated"]), (1, 75, 50))
        for job, arrays in enumerate(first + later):
            self.assert_alike(found[job], arrays)

    def test_another_picture_or_another_place_under_the_same_words_is_another_prompt(self):
        one = sampler()
        given = [conversation(seed=7, length=25, picture=picture, numbers=1) for picture in (3, 4)]
        given.append(conversation(seed=7, length=25, picture=3, numbers=1))
        given[2]["positions"][0] += 1
        for job, arrays in enumerate(given):
            add(one, job, arrays)
        found = finish(one)
        self.assertEqual((one.tally["prefilled"], one.tally["repeated"]), (75, 0))
        for job, arrays in enumerate(given):
            self.assert_alike(found[job], arrays)

    def test_after_weights_have_changed_a_prompt_is_read_anew(self):
        one = sampler()
        arrays = conversation(seed=7, length=25)
        add(one, 0, arrays)
        one.step()
        one.forget_prompts()
        add(one, 1, arrays)
        one.step()
        add(one, 2, arrays)
        found = finish(one)
        self.assertEqual((one.tally["prefilled"], one.tally["repeated"]), (50, 25))
        for job in range(3):
            self.assert_alike(found[job], arrays)

    def test_an_update_and_a_load_of_the_engine_have_prompts_read_anew(self):
        engine = Engine(
            directory=DIRECTORY,
            base="",
            device="cpu",
            dtype="float32",
            train="full",
            lora=None,
            freezeVision=True,
            checkpointing=True,
            optimizer={"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.0},
            places=8,
            promptTokens=1000,
            seed=0,
        )
        engine.do_vocabulary({"characters": numpy.ones(MODEL.config.text_config.vocab_size, dtype=numpy.int32)}, barred=[])
        changes = [lambda: None, lambda: engine.do_update({}, learningRate=0.1, maxNorm=None), lambda: engine.do_load({}, directory=DIRECTORY)]
        read = []
        for job, change in enumerate(changes):
            change()
            add(engine.sampler, job, conversation(seed=7, length=25))
            engine.sampler.step()
            read.append(engine.sampler.tally["prefilled"])
        self.assertEqual(read, [25, 50, 75])

    def test_conversations_that_are_dropped_while_they_wait_or_are_written_leave_the_others_as_they_are(self):
        one = sampler(places=3)
        given = [conversation(seed=7, length=25, numbers=1), conversation(seed=8, length=60), conversation(seed=9, length=12)]
        given += [conversation(seed=7, length=25, numbers=2), conversation(seed=10, length=14), conversation(seed=7, length=25, numbers=3)]
        for job, arrays in enumerate(given):
            add(one, job, arrays)
        one.step()
        one.step()
        # One that is written, whose prompt others wait for, the longest, and one that waits.
        self.assertEqual([one.drop(job) for job in (0, 1, 4, 99)], [True, True, True, False])
        found = finish(one)
        self.assertEqual(sorted(found), [2, 3, 5])
        for job, got in found.items():
            self.assert_alike(got, given[job])

    def test_a_failure_on_the_way_names_every_conversation_and_leaves_a_sampler_that_works(self):
        one = sampler(places=2)
        given = [conversation(seed=at, length=20 + at) for at in range(4)]
        read = MODEL.model.forward
        for failing in range(4):
            calls = []

            def forward(**all_of):
                calls.append(1)
                if len(calls) > failing:  # noqa: B023
                    raise MemoryError("no more")
                return read(**all_of)

            for job, arrays in enumerate(given):
                add(one, job, arrays)
            with mock.patch.object(MODEL.model, "forward", forward), self.assertRaises(MemoryError):
                finish(one)
            self.assertEqual(sorted(one.drop_all()), [0, 1, 2, 3])
            self.assertFalse(one.is_busy)
        add(one, 9, given[0])
        self.assert_alike(finish(one)[9], given[0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
