"""Makes src/test/resources/llama: a tiny random Llama, transcoders fitted to it, and what they must yield.

Python makes the fixtures and is never needed to build, test or run. The forward pass that tests compare with is
transformers' own, in float32. Attribution rows come from autograd through a second, hand-written float64 pass, so that
neither shares code with the other or with the explicit adjoint under test. Tensors are described in the README beside
the files. From this folder:  pip install torch transformers safetensors numpy && python make_llama_fixture.py
"""
import json
import pathlib
import shutil

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import LlamaConfig, LlamaForCausalLM

from llama_attribution import attribution_truth, forward, real_mlp
from llama_transcoders import D, L, Neurons, fit, save, save_transcoder, transcoder_truth

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "llama"
SEED = 3  # the first whose fixtures pass every assertion here
HEADS, KV_HEADS, HIDDEN, V = 4, 2, 24, 32
TOKENS = ["<unk>", "<bos>", "<eos>"] + [f"w{i}" for i in range(3, V)]
PROMPTS = {"prompt1": "w5 w9 w3 w17 w22 w9", "prompt2": "w7 zebra w30 w4"}  # zebra is unknown: it becomes <unk>


def make_model():
    config = LlamaConfig(
        vocab_size=V, hidden_size=D, intermediate_size=HIDDEN, num_hidden_layers=L, num_attention_heads=HEADS,
        num_key_value_heads=KV_HEADS, max_position_embeddings=64, rms_norm_eps=1e-5, tie_word_embeddings=False,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0}, attn_implementation="eager",
        bos_token_id=1, eos_token_id=2)
    model = LlamaForCausalLM(config).eval()
    # Standard deviations chosen by eye: attention well away from uniform, a handful of likely next tokens.
    std = {"embed_tokens": 1.0, "q_proj": 0.4, "k_proj": 0.4, "v_proj": 0.25, "o_proj": 0.25,
           "gate_proj": 0.35, "up_proj": 0.3, "down_proj": 0.25, "lm_head": 0.7}
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "norm" in name:
                p.copy_(torch.rand(p.shape) + 0.5)
            else:
                p.copy_(torch.randn(p.shape) * std[name.split(".")[-2]])
    return model


def make_tokenizer():
    tokenizer = Tokenizer(models.WordLevel({t: i for i, t in enumerate(TOKENS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.add_special_tokens(TOKENS[:3])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<bos> $A", pair="<bos> $A <bos> $B", special_tokens=[("<bos>", 1)])
    return tokenizer


def save_model(model, tokenizer):
    """Two folders with equal weights: `model` (one file, transformers 4's config layout, by far the most common in
    the wild) and `model-sharded` (two shards, transformers 5's config layout as it writes it)."""
    model.save_pretrained(OUT / "model-sharded", max_shard_size="15KB")
    model.save_pretrained(OUT / "model")
    path = OUT / "model" / "config.json"
    config = json.loads(path.read_text())
    config.update(rope_theta=config.pop("rope_parameters")["rope_theta"], rope_scaling=None,
                  torch_dtype=config.pop("dtype"), transformers_version="4.57.3")
    path.write_text(json.dumps(dict(sorted(config.items())), indent=2) + "\n")
    for folder in ("model", "model-sharded"):
        tokenizer.save(str(OUT / folder / "tokenizer.json"))
        (OUT / folder / "generation_config.json").unlink(missing_ok=True)


@torch.no_grad()
def run(model, ids):
    """transformers' forward pass for ids [B,T]: every internal tensor tests compare with, layers first."""
    seen = {name: [] for name in ("resid_mid", "hook_in", "mlp_out", "resid_post", "attn_out", "norm")}
    handles = [model.model.norm.register_forward_hook(lambda m, i, o: seen["norm"].append(o))]
    for layer in model.model.layers:
        handles += [
            layer.self_attn.register_forward_hook(lambda m, i, o: seen["attn_out"].append(o[0])),
            layer.post_attention_layernorm.register_forward_hook(lambda m, i, o: seen["resid_mid"].append(i[0])),
            layer.post_attention_layernorm.register_forward_hook(lambda m, i, o: seen["hook_in"].append(o)),
            layer.mlp.register_forward_hook(lambda m, i, o: seen["mlp_out"].append(o)),
            layer.register_forward_hook(
                lambda m, i, o: seen["resid_post"].append(o[0] if isinstance(o, tuple) else o))]
    out = model(ids, output_attentions=True, use_cache=False)
    for handle in handles:
        handle.remove()
    return {k: torch.stack(v) for k, v in seen.items()} | {"logits": out.logits, "pattern": torch.stack(out.attentions)}


def training_prompts():
    """Random prompts over the fixture prompts' own words: twelve features cannot fit a wider distribution."""
    words = torch.tensor([0, 3, 4, 5, 7, 9, 17, 22, 30])
    return torch.cat([torch.ones(400, 1, dtype=torch.long), words[torch.randint(len(words), (400, 6))]], 1)


def save_dtypes(model):
    """One tensor in three types; the last row holds zeros of both signs, subnormals and extremes of each type."""
    tiny = [0.0, -0.0, 65504.0, -65504.0, 6e-8, 6.1e-5, 1e-7, 1.0, -1.0, 1 / 3, 2.0 ** -14, 2.0 ** -24, 1e-3, 3e4, 0.1,
            -7.5]
    x = torch.cat([model.lm_head.weight.detach()[:8], torch.tensor([tiny])])
    wide = x.to(torch.bfloat16)
    wide[8, :4] = torch.tensor([1e-40, -3e38, 3e38, 1e-38]).to(torch.bfloat16)
    save_file({"f32": x, "f16": x.half(), "bf16": wide}, OUT / "dtypes.safetensors")
    save({"f32": x, "f16": x.half(), "bf16": wide}, OUT / "dtypes-expected.safetensors")


def main():
    torch.set_num_threads(1)  # so that sums have one order everywhere, and busy machines are no slower
    torch.manual_seed(SEED)
    shutil.rmtree(OUT / "model-sharded", ignore_errors=True)
    model, tokenizer = make_model(), make_tokenizer()
    save_model(model, tokenizer)
    save_dtypes(model)
    ids = {p: torch.tensor([tokenizer.encode(text).ids]) for p, text in PROMPTS.items()}
    seen = {p: {k: v.squeeze(0 if k == "logits" else 1) for k, v in run(model, i).items()} for p, i in ids.items()}
    expected = {f"{p}.{k}": v for p, s in seen.items() for k, v in s.items() if k != "norm"}
    expected |= {f"{p}.final_norm": s["norm"][0] for p, s in seen.items()}
    expected |= {f"{p}.input_ids": i[0] for p, i in ids.items()}
    save(expected, OUT / "expected.safetensors")

    weights = {k.removeprefix("model."): v.double() for k, v in model.state_dict().items()}
    for p in PROMPTS:
        logits = forward(weights, ids[p][0], real_mlp(weights))["logits"]
        print(p, ids[p][0].tolist(), "float64 pass - transformers:", (logits - seen[p]["logits"]).abs().max().item(),
              "top p", seen[p]["logits"][-1].softmax(-1).max().item())
    for name, args in {"clt": (True, "hook_resid_mid", True), "plt-relu": (False, "mlp.hook_in", False),
                       "plt-jumprelu": (False, "mlp.hook_in", True),
                       "clt-skip": (True, "hook_resid_mid", True, True), "plt-skip": (False, "mlp.hook_in", False, True),
                       "clt-topk": (True, "mlp.hook_in", False, False, 5),
                       "plt-topk": (False, "hook_resid_mid", False, False, 5), "neurons": None}.items():
        if args is None:
            tc = Neurons(weights, seen.values())
        else:
            tc = fit(run(model, training_prompts()), *args)
            save_transcoder(tc, OUT / name)
        truth = {p: transcoder_truth(tc, seen[p]) for p in PROMPTS}
        own = {"threshold": tc.threshold} if args is None else {}
        save({f"{p}.{k}": v for p, t in truth.items() for k, v in t.items()} | own, OUT / f"{name}-expected.safetensors")
        for p, t in truth.items():
            active = (t["activations"][:, 1:] != 0).double().mean().item()
            print(name, p, f"active {active:.2f}", "EV", [round(x, 3) for x in t["explained_variance"].tolist()])
        save(attribution_truth(weights, ids["prompt1"][0], tc), OUT / f"{name}-attribution.safetensors")


if __name__ == "__main__":
    main()
