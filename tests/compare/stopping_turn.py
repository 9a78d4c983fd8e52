"""Fake turn that stops before each pass and logs it: `stopping_turn.py LOG WORD JOB`.

WORD `dies` makes it end before its second pass, `hangs` makes it hang there.
"""

import json
import os
import sys
import time
from pathlib import Path

log, word, job = Path(sys.argv[1]), sys.argv[2], json.loads(Path(sys.argv[3]).read_text())


def write(what, number, passed):
    with log.open("a") as file:
        cores = sorted(os.sched_getaffinity(0))
        file.write(json.dumps([word, what, number, passed, cores]) + "\n")


for number, cell in enumerate(job["cells"]):
    for passed in range(cell["passes"]):
        sys.stdout.write(f"{number} {passed}\n")
        sys.stdout.flush()
        if not sys.stdin.readline():
            sys.exit(7)
        write("begins", number, passed)
        if passed and word == "dies":
            sys.exit("it died")
        if passed and word == "hangs":
            time.sleep(600)
        time.sleep(0.02)
        write("ends", number, passed)
    with Path(job["out"]).open("a") as out:
        out.write(json.dumps({"number": number}) + "\n")
