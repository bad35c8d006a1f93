"""Times circuit-tracer and Circuitstream from token ids to the pruned graph: same folders, prompts and number of threads.

Needs circuit-tracer, see check_against_circuit_tracer.py, and a built project. Every prompt runs once to warm up, then
--repeats times; the median of each prompt counts.

  python time_against_circuit_tracer.py MODEL CLT [--ids 1,5,9 ...] [--threads 1] [--repeats 3] [--batch-size 512]
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time

import torch
from circuit_tracer.attribution.attribute import attribute
from circuit_tracer.graph import prune_graph

from circuit_tracer_models import replacement_model

ROOT = pathlib.Path(__file__).resolve().parents[5]


def theirs(model, prompts, repeats, batch_size):
    medians, nodes = [], 0
    for ids in prompts:
        seconds = []
        for _ in range(repeats + 1):
            start = time.perf_counter()
            graph = attribute(torch.tensor(ids), model, batch_size=batch_size, verbose=False)
            pruned = prune_graph(graph, 0.8, 0.98)
            seconds.append(time.perf_counter() - start)
        nodes += int(pruned.node_mask.sum())
        medians.append(statistics.median(seconds[1:]))
    return sum(medians), nodes


def ours(folder, transcoder, prompts, threads, repeats, options):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for run in range(repeats + 1):
            for i, ids in enumerate(prompts):
                file.write(json.dumps({"promptId": f"{i}-{run}", "tokenIds": ids}) + "\n")
        file.flush()
        command = [str(ROOT / "circuitstream"), "trace", "--local", "--json", "--no-validate", "--file", file.name,
                   "--model", folder, "--transcoder", transcoder, "--threads", str(threads), "--max-tokens", "4096"]
        traces = json.loads(subprocess.run(command + options, capture_output=True, check=True, text=True).stdout)
    seconds = {}
    for trace in traces:
        prompt, run = trace["promptId"].split("-")
        if run != "0":
            timings = trace["timings"]
            seconds.setdefault(prompt, []).append(
                sum(timings[stage] for stage in ("forwardMs", "attributionMs", "pruningMs")) / 1e3)
    return sum(statistics.median(each) for each in seconds.values()), sum(t["nodes"] for t in traces[:len(prompts)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("transcoder")
    parser.add_argument("--ids", action="append", default=[], type=lambda text: [int(i) for i in text.split(",")])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=512, help="circuit-tracer's; memory grows with it")
    given, rest = parser.parse_known_args()
    torch.set_num_threads(given.threads)
    tracer = replacement_model(pathlib.Path(given.model), pathlib.Path(given.transcoder))
    print(f"{len(given.ids)} prompts, {sum(map(len, given.ids))} tokens, {given.threads} threads")
    mine, kept = ours(given.model, given.transcoder, given.ids, given.threads, given.repeats, rest)
    print(f"circuitstream   {mine:8.2f} s, {kept} nodes kept (forward pass, attribution, pruning)")
    other, their_kept = theirs(tracer, given.ids, given.repeats, given.batch_size)
    print(f"circuit-tracer  {other:8.2f} s, {their_kept} nodes kept: {other / mine:.1f} times as long")
