"""Asserts that circuit-tracer reads the fixtures and agrees with them: activations, errors, edges, pruning, scores.

Needs an environment of its own (circuit-tracer pins transformers below 5):  pip install circuit-tracer==0.5.0
"""
import pathlib

import torch
import yaml
from circuit_tracer.attribution.attribute import attribute
from circuit_tracer.graph import compute_graph_scores, prune_graph
from circuit_tracer.replacement_model.replacement_model_transformerlens import TransformerLensReplacementModel
from circuit_tracer.transcoder.activation_functions import TopK
from circuit_tracer.transcoder.cross_layer_transcoder import load_clt
from circuit_tracer.transcoder.single_layer_transcoder import load_transcoder_set
from safetensors.torch import load_file
from transformer_lens import HookedTransformerConfig
from transformer_lens.pretrained.weight_conversions.llama import convert_llama_weights
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

L = 3
LLAMA = pathlib.Path(__file__).resolve().parent.parent / "resources" / "llama"


def replacement_model(name, tokenizer):
    hf = AutoModelForCausalLM.from_pretrained(LLAMA / "model")
    c = hf.config
    model = TransformerLensReplacementModel(HookedTransformerConfig(
        n_layers=c.num_hidden_layers, d_model=c.hidden_size, n_ctx=c.max_position_embeddings, d_head=c.head_dim,
        n_heads=c.num_attention_heads, n_key_value_heads=c.num_key_value_heads, d_mlp=c.intermediate_size,
        d_vocab=c.vocab_size, act_fn="silu", normalization_type="RMS", final_rms=True, gated_mlp=True,
        eps=c.rms_norm_eps, positional_embedding_type="rotary", rotary_dim=c.head_dim, rotary_base=int(c.rope_theta),
        rotary_adjacent_pairs=False, original_architecture="LlamaForCausalLM", model_name="tiny-llama", device="cpu"))
    model.tokenizer = tokenizer
    model.load_state_dict(convert_llama_weights(hf, model.cfg), strict=False)
    config = yaml.safe_load((LLAMA / name / "config.yaml").read_text())
    options = {"feature_input_hook": config["feature_input_hook"], "feature_output_hook": config["feature_output_hook"],
               "scan": config["scan"], "dtype": torch.float32, "device": torch.device("cpu")}
    if config["model_kind"] == "cross_layer_transcoder":
        transcoder = load_clt(str(LLAMA / name), **options)
    else:
        layers = {i: str(LLAMA / name / f"layer_{i}.safetensors") for i in range(c.num_hidden_layers)}
        transcoder = load_transcoder_set(layers, **options)
        if config.get("activation") == "topk":  # it has the function but reads no k
            for layer in transcoder.transcoders:
                layer.activation_function = TopK(config["k"])
    model._configure_replacement_model(transcoder)
    return model


def check(name, tokenizer):
    forward, truth, graph_truth = (load_file(LLAMA / f"{stem}.safetensors")
                                   for stem in ("expected", f"{name}-expected", f"{name}-attribution"))
    model, worst = replacement_model(name, tokenizer), {}

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
    ours, theirs = graph_truth["A"].clone(), graph.adjacency_matrix.clone()
    if model.transcoders.skip_connection:
        # At the masked <bos> we keep the MLP's output as a constant; circuit-tracer lets the skip through there too. The
        # one source at that position is <bos> itself, so its column differs, and with it every share of a row.
        bos = len(graph.active_features) + L * len(graph.input_tokens)
        assert not torch.allclose(ours[:, bos], theirs[:, bos], atol=2e-5)
        ours[:, bos] = theirs[:, bos] = 0
    close("A", ours, theirs)
    if model.transcoders.skip_connection:
        print(name, {k: f"{v:.0e}" for k, v in worst.items()})
        return

    pruned = prune_graph(graph, 0.8, 0.98)
    assert torch.equal(pruned.node_mask.float(), graph_truth["kept_nodes"])
    assert torch.equal(pruned.edge_mask.nonzero().float(), graph_truth["kept_edges"])
    close("node scores", graph_truth["node_score"], pruned.cumulative_scores)
    replacement, completeness = compute_graph_scores(graph)
    close("replacement", graph_truth["replacement"], torch.tensor([replacement]))
    close("completeness", graph_truth["completeness"], torch.tensor([completeness]))
    print(name, {k: f"{v:.0e}" for k, v in worst.items()})


if __name__ == "__main__":
    fast = PreTrainedTokenizerFast(tokenizer_file=str(LLAMA / "model" / "tokenizer.json"), bos_token="<bos>")
    for transcoder_name in ("clt", "plt-relu", "plt-jumprelu", "plt-skip", "plt-topk"):
        check(transcoder_name, fast)
