"""Fake turn: scheduled seconds, the first pass ten times slower, and a prepared answer.

`fake_turn.py FACTOR ANSWER JOB`; it counts its turns in the file beside ANSWER.
"""

import json
import shutil
import sys
from pathlib import Path

factor, answer, job = (
    float(sys.argv[1]),
    Path(sys.argv[2]),
    json.loads(Path(sys.argv[3]).read_text()),
)
counter = answer.with_suffix(f".{factor}.count")
number = int(counter.read_text()) if counter.exists() else 0
counter.write_text(str(number + 1))
with answer.with_suffix(".order").open("a") as order:
    order.write(f"{factor} ")
lines = []
for place, cell in enumerate(job["cells"]):
    seconds = 0.5 * abs(factor) * (1 + 0.002 * ((7 * number + place) % 5))
    if cell["answer"]:
        shutil.copy(answer, cell["answer"])
    lines.append(
        {
            "number": place, "status": "ok", "reason": "", "about": f"fake {factor}",
            "seconds": ([10 * seconds] + 4 * [seconds])[: cell["passes"]],
            "processor_seconds": cell["passes"] * [seconds],
            "peak_memory_mb": 10.0,
        }
    )  # fmt: skip
if factor < 0:
    sys.stderr.write("it fell down\n")
    lines = lines[:1] if number else []
Path(job["out"]).write_text("".join(json.dumps(line) + "\n" for line in lines))
sys.exit(3 if factor < 0 else 0)
