"""Answer what the size rules say, for a list of sizes: the conformance vectors go through the same code as a call."""

from .. import sizes


def run(job, files):
    """job: {cases: [{rule: fetch | view, width, height, min_pixels?, max_pixels?}]}"""
    return {"status": "ok", "answers": [_answer(case) for case in job["cases"]]}


def _answer(case):
    width, height = case["width"], case["height"]
    if case["rule"] == "fetch":
        try:
            return {"size": list(sizes.fetch_size(width, height))}
        except ValueError:
            return {"error": "ValueError"}
        except ZeroDivisionError:
            return {"error": "ZeroDivisionError"}
    size = sizes.view_size(width, height, case["min_pixels"], case["max_pixels"])
    refusal = sizes.refuse_result(width, height)
    return {
        "resized": None if size is None else list(size),
        "sanitize_keeps": refusal is None,
        "validate": {"ok": refusal is None, "width": width, "height": height, "error": refusal},
    }
