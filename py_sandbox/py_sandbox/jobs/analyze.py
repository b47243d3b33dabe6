"""Tell what calls seem to do from their text alone, for a list of them. The text is hostile: reading it may end the worker, never anything else."""

import json
import math
import warnings

from ..analysis import description, reader


def run(job, files):
    """job: {reads_objects, calls: [{code, description: JSON text}]}. With `reads_objects` a description that is an object counts by its text, else it is none.

    Each answer is {transforms, crop_boxes}, or {raised: name of an exception} where the released reader raises.
    """
    warnings.simplefilter("ignore")
    return {"status": "ok", "answers": [_answer(call, job["reads_objects"]) for call in job["calls"]]}


def _answer(call, reads_objects):
    try:
        described = json.loads(call["description"])
        text = "" if isinstance(described, dict) and not reads_objects else description.text_of(described)
        names, boxes = reader.read(call["code"], text)
    except Exception as error:  # defined for every text: what it was is the answer
        return {"raised": type(error).__name__}
    return {"transforms": names, "crop_boxes": [[_edge(edge) for edge in box] for box in boxes]}


def _edge(edge):
    """What JSON cannot hold is a word."""
    if math.isfinite(edge):
        return edge
    return "NaN" if math.isnan(edge) else "Infinity" if edge > 0 else "-Infinity"
