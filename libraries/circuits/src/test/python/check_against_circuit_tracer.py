"""Asserts that circuit-tracer reads the fixtures and agrees with them: activations, errors, edges, pruning, scores.

Needs an environment of its own (circuit-tracer pins transformers below 5):  pip install circuit-tracer==0.5.0
"""
import pathlib

import torch
from circuit_tracer.attribution.attribute import attribute
from circuit_tracer.graph import compute_graph_scores, prune_graph
from safetensors.torch import load_file

from circuit_tracer_models import read_tokenizer, replacement_model

L = 3
LLAMA = pathlib.Path(__file__).resolve().parent.parent / "resources" / "llama"


def check(name, tokenizer):
    forward, truth, graph_truth = (load_file(LLAMA / f"{stem}.safetensors")
                                   for stem in ("expected", f"{name}-expected", f"{name}-attribution"))
    skips, worst = name == "plt-skip", {}
    model = replacement_model(LLAMA / "model", LLAMA / name, masked_skip=skips)

    def close(what, ours, theirs, atol=2e-5):
        worst[what] = max(worst.get(what, 0), (ours - theirs).abs().max().item())
        assert worst[what] < atol, f"{name}: {what} differs by {worst[what]}"

    for p, text in (("prompt1", "w5 w9 w3 w17 w22 w9"), ("prompt2", "w7 zebra w30 w4")):
        ids = forward[f"{p}.input_ids"].long()
        assert tokenizer(text).input_ids == ids.tolist()
        logits, activations = model.get_activations(ids)
        close("logits", forward[f"{p}.logits"], logits[0])
        close("activations", truth[f"{p}.activations"], activations)
        close("errors", truth[f"{p}.error"], model.setup_attribution(ids).error_vectors)

    graph = attribute(forward["prompt1.input_ids"].long(), model, batch_size=16, verbose=False)
    assert torch.equal(graph.active_features.float(), graph_truth["features"][:, :3])
    assert [t.vocab_idx for t in graph.logit_targets] == graph_truth["target_tokens"].tolist()
    close("probabilities", graph_truth["target_probabilities"], graph.logit_probabilities)
    close("A", graph_truth["A"], graph.adjacency_matrix)
    if skips:
        # At the masked <bos> we keep the MLP's output as a constant; circuit-tracer lets the skip through there too, unless
        # told not to, as above. The one source at that position is <bos> itself, so its column differs, and nothing else.
        whole = attribute(forward["prompt1.input_ids"].long(), replacement_model(LLAMA / "model", LLAMA / name),
                          batch_size=16, verbose=False).adjacency_matrix
        bos = len(graph.active_features) + L * len(graph.input_tokens)
        assert not torch.allclose(graph_truth["A"][:, bos], whole[:, bos], atol=2e-5)
        whole[:, bos] = graph_truth["A"][:, bos]
        close("A, skip at <bos>", graph_truth["A"], whole)

    pruned = prune_graph(graph, 0.8, 0.98)
    assert torch.equal(pruned.node_mask.float(), graph_truth["kept_nodes"])
    assert torch.equal(pruned.edge_mask.nonzero().float(), graph_truth["kept_edges"])
    close("node scores", graph_truth["node_score"], pruned.cumulative_scores)
    replacement, completeness = compute_graph_scores(graph)
    close("replacement", graph_truth["replacement"], torch.tensor([replacement]))
    close("completeness", graph_truth["completeness"], torch.tensor([completeness]))
    print(name, {k: f"{v:.0e}" for k, v in worst.items()})


if __name__ == "__main__":
    torch.set_num_threads(1)
    fast = read_tokenizer(LLAMA / "model")
    for transcoder_name in ("clt", "plt-relu", "plt-jumprelu", "plt-skip", "plt-topk"):
        check(transcoder_name, fast)
