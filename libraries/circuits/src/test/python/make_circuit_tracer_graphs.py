"""Graph files written by circuit-tracer's own code for the tiny Llama with its cross-layer transcoder.

Needs the environment of check_against_circuit_tracer.py:  pip install circuit-tracer==0.5.0
"""
import os

os.environ["HF_HUB_OFFLINE"] = "1"
import torch
from check_against_circuit_tracer import LLAMA, replacement_model
from circuit_tracer.attribution.attribute import attribute
from circuit_tracer.utils.create_graph_files import create_graph_files
from transformers import PreTrainedTokenizerFast

OUT = LLAMA.parent / "circuit-tracer-graphs"
# prompt, name, node threshold, edge threshold
FILES = [("w5 w9 w3 w17 w22 w9", "prompt1-pruned", .8, .98),
         ("w7 zebra w30 w4", "prompt2-pruned", .8, .98),
         ("w7 zebra w30 w4", "prompt2-full", 1, 1)]

if __name__ == "__main__":
    torch.set_num_threads(1)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(LLAMA / "model" / "tokenizer.json"), bos_token="<bos>")
    model = replacement_model("clt", tokenizer)
    for prompt, name, nodes, edges in FILES:
        graph = attribute(prompt, model, batch_size=16, verbose=False)
        graph.cfg.tokenizer_name = str(LLAMA / "model")
        create_graph_files(graph, name, str(OUT), node_threshold=nodes, edge_threshold=edges)
    (OUT / "graph-metadata.json").unlink()  # its page's list of graphs
