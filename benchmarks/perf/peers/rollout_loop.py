"""The rollout loop as one writes it plainly in asyncio: a policy and a sandbox that answer at once, all rollouts in one event loop.

    python rollout_loop.py SITE < request

    -> {"concurrency", "turns", "encoding": "prepared" | "pillow", "rounds", "png": base64 of the image, "texts": what the policy says, by turn}
    <- [{"wallMs", "cpuMs", "turns"}: one a round]
"""

import asyncio
import base64
import hashlib
import io
import json
import re
import sys
import time

CALL = re.compile(r"<tool_call>(.*?)</tool_call>", re.DOTALL)


async def main():
    sys.path.insert(0, sys.argv[1])
    from PIL import Image

    request = json.load(sys.stdin)
    png = base64.b64decode(request["png"])
    prepared = Image.open(io.BytesIO(png)).convert("RGB")

    async def policy(messages, turn):
        await asyncio.sleep(0)
        return request["texts"][turn]

    async def sandbox(code, index):
        await asyncio.sleep(0)
        return prepared

    def encode(image):
        if request["encoding"] == "prepared":
            data = png
        else:
            target = io.BytesIO()
            image.save(target, "PNG")
            data = target.getvalue()
        return {"sha256": hashlib.sha256(data).hexdigest(), "width": image.width, "height": image.height}, data

    async def rollout():
        record, _ = encode(prepared)
        images, calls = [record], []
        messages = [
            {"role": "system", "content": "You answer questions about images."},
            {"role": "user", "content": [{"type": "image", "image": record}, {"type": "text", "text": "Which number stands in the lower half?"}]},
        ]
        for turn in range(request["turns"]):
            text = await policy(list(messages), turn)
            messages.append({"role": "assistant", "content": text})
            found = CALL.search(text)
            if found is None:
                break
            call = json.loads(found.group(1))
            arguments = call["arguments"]
            result = await sandbox(arguments["code"], arguments["image_index"])
            record, _ = encode(result)
            images.append(record)
            calls.append({"turn": turn, "call": arguments, "image": record})
            messages.append({"role": "tool", "content": [{"type": "image", "image": record}, {"type": "text", "text": f"Image {len(images) - 1}."}]})
        json.dumps({"messages": messages, "images": images, "calls": calls})
        return turn + 1

    rounds = []
    for _ in range(request["rounds"]):
        cpu, wall = time.process_time(), time.perf_counter()
        turns = sum(await asyncio.gather(*(rollout() for _ in range(request["concurrency"]))))
        rounds.append({"wallMs": (time.perf_counter() - wall) * 1000, "cpuMs": (time.process_time() - cpu) * 1000, "turns": turns})
    print(json.dumps(rounds))


asyncio.run(main())
