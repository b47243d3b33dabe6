"""What `codevision data` does, with pandas and with pyarrow, and Pillow for the images, for comparison (benchmarks/perf/data.mjs).

    python3 data_peer.py SITE rewrite IN.parquet OUT.parquet
    python3 data_peer.py SITE pixels FILE.parquet
    python3 data_peer.py SITE pandas|pyarrow read|write|transform IN.parquet OUT.parquet THREADS LEVEL

`rewrite` makes a file as pyarrow does by default; `pixels` prints a checksum of the pixels of every image. The others print time and memory as JSON.
"""

import sys

sys.path.insert(0, sys.argv[1])

import hashlib
import io
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pandas
import pyarrow
import pyarrow.parquet as parquet
from PIL import Image

GROUP = 50
BATCH = 100


def turned(images, level):
    """The images of a row as the list column holds them, the first one turned by 90 degrees and encoded as PNG."""
    image = Image.open(io.BytesIO(images[0]["bytes"]))
    out = io.BytesIO()
    image.transpose(Image.Transpose.ROTATE_90).save(out, "PNG", compress_level=level)
    return [{"bytes": out.getvalue(), "path": images[0]["path"]}, *images[1:]]


def total(images):
    return sum(len(image["bytes"]) for image in images)


def with_pandas(work, source, target, pool, level):
    frame = pandas.read_parquet(source)
    size = sum(map(total, frame["images"]))
    if work == "transform":
        frame["images"] = list(pool.map(lambda images: turned(images, level), frame["images"]))
    if work != "read":
        frame.to_parquet(target, row_group_size=GROUP)
    return len(frame), size


def with_pyarrow(work, source, target, pool, level):
    file = parquet.ParquetFile(source)
    rows = size = 0
    writer = None if work == "read" else parquet.ParquetWriter(target, file.schema_arrow)
    for batch in file.iter_batches(batch_size=BATCH):
        place = batch.schema.get_field_index("images")
        images = batch.column(place).to_pylist()
        rows += len(images)
        size += sum(map(total, images))
        if work == "transform":
            images = list(pool.map(lambda row: turned(row, level), images))
            made = pyarrow.array(images, batch.schema.field(place).type)
            batch = batch.set_column(place, batch.schema.field(place), made)
        if writer is not None:
            writer.write_batch(batch, row_group_size=GROUP)
    if writer is not None:
        writer.close()
    return rows, size


def main():
    _, _, action, *rest = sys.argv
    if action == "rewrite":
        parquet.write_table(parquet.read_table(rest[0]), rest[1], row_group_size=BATCH)
        return
    if action == "pixels":
        digest = hashlib.sha256()
        for batch in parquet.ParquetFile(rest[0]).iter_batches(batch_size=BATCH, columns=["images"]):
            for images in batch.column(0).to_pylist():
                for image in images:
                    pixels = Image.open(io.BytesIO(image["bytes"]))
                    digest.update(f"{pixels.size} {pixels.mode}".encode() + pixels.tobytes())
        print(digest.hexdigest())
        return
    work, source, target, threads, level = rest
    run = {"pandas": with_pandas, "pyarrow": with_pyarrow}[action]
    pyarrow.set_cpu_count(int(threads))
    started, before = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(int(threads)) as pool:
        rows, size = run(work, source, target, pool, int(level))
    seconds = time.perf_counter() - started
    used = time.process_time() - before
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    print(
        json.dumps(
            {
                "rows": rows,
                "imageBytes": size,
                "seconds": seconds,
                "cpuSeconds": used,
                "peakBytes": peak * 1024,
            }
        )
    )


main()
