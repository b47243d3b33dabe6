"""What LLaMA-Factory itself does with each row of a set: its converter, template, image plug-in and SFT processor, on the CPU, without a model.

    python llamafactory_rows.py FOLDER DATASET [TEMPLATE]

FOLDER holds dataset_info.json, which names DATASET. Prints a JSON line for each row: `ok`, `drops` (left out with a warning) or `stops` (an exception), and what was said; last
what came of loading the whole set in LLaMA-Factory's own way. The tokenizer is one of bytes: what is refused does not depend on it.
"""

import json
import logging
import sys
import tempfile
from pathlib import Path

from llamafactory.data.converter import SharegptDatasetConverter
from llamafactory.data.loader import _load_single_dataset
from llamafactory.data.parser import get_dataset_list
from llamafactory.data.processor import SupervisedDatasetProcessor
from llamafactory.data.template import get_template_and_fix_tokenizer
from llamafactory.hparams import DataArguments, ModelArguments
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, Qwen2VLImageProcessor, Seq2SeqTrainingArguments


class Processor:
    """What LLaMA-Factory asks of a Qwen-VL processor, with the bounds of its defaults."""

    image_max_pixels = 262144
    image_min_pixels = 32 * 32
    video_max_pixels = 16384
    video_min_pixels = 16 * 16
    video_fps = 2.0
    video_maxlen = 128
    image_do_pan_and_scan = False
    crop_to_patches = False
    use_audio_in_video = False
    audio_sampling_rate = 16000

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.image_processor = Qwen2VLImageProcessor()
        self.video_processor = self.image_processor


def bytes_tokenizer():
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={letter: at for at, letter in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|im_start|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        additional_special_tokens=special,
    )


def rows_of(path):
    text = Path(path).read_text()
    if path.endswith(".json"):
        return json.loads(text)
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def main():
    folder, name, template_name = [*sys.argv[1:], "qwen2_vl"][:3]
    logging.disable(logging.WARNING)
    (attributes,) = get_dataset_list([name], folder)
    # The template is the only thing that is chosen by the model.
    arguments = DataArguments(dataset=name, dataset_dir=folder, template=template_name, cutoff_len=10**7)
    tokenizer = bytes_tokenizer()
    template = get_template_and_fix_tokenizer(tokenizer, arguments)
    converter = SharegptDatasetConverter(attributes, arguments)
    encoder = SupervisedDatasetProcessor(
        template=template, tokenizer=tokenizer, processor=Processor(tokenizer), data_args=arguments
    )
    for at, row in enumerate(rows_of(str(Path(folder) / attributes.dataset_name))):
        print(json.dumps({"row": at + 1, **verdict(row, converter, encoder, attributes, tokenizer)}), flush=True)
    print(json.dumps(whole(attributes, arguments)), flush=True)


def verdict(row, converter, encoder, attributes, tokenizer):
    try:
        # A table has every column and field, empty where a row does not say it.
        columns = [attributes.messages, attributes.images, attributes.system, attributes.tools]
        full = {**{column: None for column in columns if column}, **row}
        fields = (attributes.role_tag, attributes.content_tag)
        full[attributes.messages] = [{**dict.fromkeys(fields), **message} for message in full[attributes.messages]]
        for message in full[attributes.messages]:
            for field in fields:
                if not isinstance(message[field], (str, type(None))):
                    raise TypeError(f"a table holds one type a column, got {message[field]!r} among texts")
        converted = converter(full)
        encoded = encoder.preprocess_dataset({key: [value] for key, value in converted.items()})
    except Exception as error:  # whatever it raises ends the run
        return {"verdict": "stops", "said": f"{type(error).__name__}: {error}"[:200]}
    if len(encoded["input_ids"]) == 0:
        return {"verdict": "drops", "said": ""}
    labels = encoded["labels"][0]
    trained = tokenizer.decode([token for token in labels if token != -100])
    return {"verdict": "ok", "tokens": len(labels), "trained": trained}


def whole(attributes, arguments):
    try:
        dataset = _load_single_dataset(
            attributes, ModelArguments(model_name_or_path="none"), arguments, Seq2SeqTrainingArguments(output_dir=tempfile.gettempdir())
        )
        return {"whole": "loaded", "rows": len(dataset), "columns": sorted(dataset.column_names)}
    except Exception as error:
        return {"whole": "refused", "said": f"{type(error).__name__}: {error}"[:300]}


if __name__ == "__main__":
    main()
