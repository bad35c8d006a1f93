"""Makes src/test/resources/architectures: a tiny random model of every architecture, transcoders, and what they yield.

Python makes the fixtures and is never needed to build, test or run. All forward passes are transformers' own: in float32
for what tests of the forward pass compare with, in float64 with frozen patterns and norms for attribution by autograd.
Tensors are described in the README beside the files. From this folder:
pip install torch transformers safetensors numpy && python make_architecture_fixtures.py
"""
import contextlib
import io
import json
import math
import pathlib
import shutil
import sys
import tempfile

import torch
from transformers.utils import logging

from architecture_attribution import frozen_run, normalise
from architecture_models import (ARCHITECTURES, V, add_neox_buffers, load, parts, randomise, save_gemma3_multimodal,
                                 save_gpt2_as_on_the_hub, save_model)
from llama_attribution import graph_truth, prune
from llama_transcoders import Transcoder, save, save_transcoder
from make_llama_fixture import TOKENS as LLAMA_TOKENS, make_tokenizer

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "architectures"
PROMPT = "w5 w9 w3 w17 w22 w9 w31 w12"
NEW_TOKENS, F = 12, 10
LLAMA_TOKENS.extend(f"w{i}" for i in range(len(LLAMA_TOKENS), V))
# name: cross-layer, input site, JumpReLU, skip, k of TopK
TRANSCODERS = {"clt": (True, "mlp.hook_in", True, False, None), "plt": (False, "hook_resid_mid", False, False, None),
               "plt-skip": (False, "mlp.hook_in", False, True, None),
               "plt-topk": (False, "ln2.hook_normalized", False, False, 3)}


def first_seed(make):
    """make(seed) of the first seed that passes its assertions; a failing one may say why."""
    for seed in range(500):
        try:
            return make(torch.manual_seed(seed).initial_seed())
        except AssertionError as failure:
            why = failure
    raise why


@torch.no_grad()
def run(model, ids):
    """transformers' forward pass for ids [T]: every internal tensor tests compare with."""
    at, seen, handles = parts(model), {k: [] for k in ("resid_pre", "resid_mid", "normalized", "hook_in", "mlp_out")}, []

    def norm_hook(norm, inputs, output):
        for k, x in (("resid_mid", inputs[0]), ("normalized", normalise(norm, inputs[0])), ("hook_in", output)):
            seen[k].append(x[0])

    for layer in at.layers:
        handles += [layer.register_forward_pre_hook(lambda m, i: seen["resid_pre"].append(i[0][0])),
                    at.mlp_norm(layer).register_forward_hook(norm_hook),
                    at.mlp_out(layer).register_forward_hook(lambda m, i, o: seen["mlp_out"].append(o[0]))]
    out = model(ids[None], output_attentions=True, use_cache=False)
    for handle in handles:
        handle.remove()
    return {k: torch.stack(v) for k, v in seen.items()} | {
        "logits": out.logits[0], "pattern": torch.cat(out.attentions), "input_ids": ids}


@torch.no_grad()
def generate(model, ids):
    """Greedy new tokens; the runner-up is never so near that rounding could take its place."""
    model.generation_config.eos_token_id, model.generation_config.pad_token_id = None, 0
    whole = model.generate(ids[None], attention_mask=torch.ones_like(ids)[None], do_sample=False,
                           max_new_tokens=NEW_TOKENS)[0]
    top = model(whole[None], use_cache=False).logits[0, len(ids) - 1:-1].topk(2)
    assert torch.equal(top.indices[:, 0], whole[len(ids):]), "the cache must not change what is generated"
    margin = (top.values[:, 0] - top.values[:, 1]).min()
    assert margin > 1e-3, f"two tokens within {margin}"
    return whole[len(ids):]


def make_model(architecture, ids, seed):
    model = architecture.build()
    torch.manual_seed(seed)
    randomise(model, architecture.bf16)
    seen = run(model, ids)
    peak = seen["pattern"][:, :, 4:].amax(-1).mean().item()
    assert 0.4 < peak < 0.9, f"attention's largest share is {peak} on average"
    probs = seen["logits"][-1].softmax(-1).sort(descending=True).values
    assert 0.1 < probs[0] < 0.8 and probs[1] > 0.05, f"likely next tokens {probs[:3]}"
    assert (probs[:11].diff().abs() > 1e-4).all() and ((probs.cumsum(0)[:10] - 0.95).abs() > 1e-3).all(), "ambiguous targets"
    seen["generated"] = generate(model, ids)
    words = set(seen["generated"].tolist())
    assert len(words) >= 4 and 2 not in words, "few words, or <eos>, where a generator might stop"
    effects = {}
    for name, changes in architecture.faults.items():
        wrong = architecture.build(**changes)
        wrong.load_state_dict(model.state_dict())
        effects[name] = (run(wrong, ids)["logits"] - seen["logits"]).abs().max().item()
    for kind in {n.split(".")[-2] + ".bias" for n, _ in model.named_parameters() if n.endswith(".bias")}:
        wrong = architecture.build()
        wrong.load_state_dict({k: 0 * v if k.endswith(kind) else v for k, v in model.state_dict().items()})
        effects["no " + kind] = (run(wrong, ids)["logits"] - seen["logits"]).abs().max().item()
    for name, effect in effects.items():
        # The two GELUs differ by at most 5e-4, so that fault can hardly show more than Java's tolerance of 1e-4.
        assert effect > (3e-4 if "GELU" in name else 0.02), f"{name} would pass unnoticed: it moves logits by {effect}"
    print(f"  seed {seed}, attention's peak {peak:.2f}, next tokens {[round(p, 2) for p in probs[:4].tolist()]}, "
          f"generated {seen['generated'].tolist()}")
    print("  faults move logits by", {k: float(f"{v:.1g}") for k, v in sorted(effects.items())})
    return model, seen


def make_transcoder(clean, T, cross_layer, hook, jump, skip, k, seed):
    """Random, not fitted: a third of the features active at this prompt, features together as large as the MLP's output."""
    torch.manual_seed(seed)
    u, m = torch.stack(clean[hook])[:, 1:], torch.stack(clean["mlp_out"])[:, 1:]
    L, _, d = u.shape
    W_enc = torch.randn(L, F, d).double() / math.sqrt(d)
    z = (u @ W_enc.mT).sort(1).values
    theta = z.std(1) * (0.5 + torch.rand(L, F).double()) if jump else torch.zeros(L, F).double()
    if k is None:  # the threshold in the middle of the widest gap that leaves 2 to 4 of the 8 positions active
        near = z[:, T - 6:T - 2]
        gap = near.diff(dim=1).argmax(1, keepdim=True)
        b_enc = theta - (near.gather(1, gap) + near.gather(1, gap + 1))[:, 0] / 2
    else:  # low, so that some of the chosen are negative: TopK has no ReLU
        b_enc = torch.randn(L, F).double() * 0.3 - z.std()
    tc = Transcoder(hook, W_enc.float().double(), b_enc.float().double(), theta.float().double() if jump else None,
                    [torch.randn(F, L - s if cross_layer else 1, d).double() for s in range(L)],
                    (torch.randn(L, d) * 0.3 * m.std()).float().double(),
                    (torch.randn(L, d, d) * 0.3 * m.std() / u.std() / math.sqrt(d)).float().double() if skip else None, k)
    z = torch.stack([tc.pre(l, u[l]) for l in range(L)])
    acts = torch.stack([tc.activate(l, z[l]) for l in range(L)])
    assert tc.margin(z) > 1e-3, "a pre-activation next to its threshold would make float32 tests flaky"
    assert k is None or (acts < 0).any(), "TopK must show that it has no ReLU"
    written = torch.stack([tc.written(l, acts) for l in range(L)])
    size = m.std() / written.std()
    tc.W_dec = [(w * size).float().double() for w in tc.W_dec]
    return tc


def truth(frozen, clean, T, args, seed):
    """A transcoder and its graph, which float32's rounding of A does not prune otherwise."""
    tc = make_transcoder(clean, T, *args, seed)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        graph = graph_truth(frozen, T, tc)
    L, n, A = len(tc.b_dec), len(graph["features"]), graph["A"]
    assert 0.2 < n / (L * F * (T - 1)) < 0.45
    for _ in range(8):
        noisy = A * (1 + 1e-6 * torch.randn(A.shape)) + (A != 0) * 1e-6 * torch.randn(A.shape)
        with contextlib.redirect_stdout(io.StringIO()):
            again = prune(noisy.numpy(), graph["target_probabilities"].double().numpy(), n, L * T, T)
        for k in ("kept_nodes", "kept_edges"):
            assert graph[k].tolist() == again[k].astype(float).tolist(), f"{k} hang on rounding"
    return tc, graph, said.getvalue(), seed


@torch.no_grad()
def check_reading(folder, ids, logits):
    """transformers must read what was written, in either layout of config.json, as the model it was."""
    configs = sorted(folder.glob("config*.json"))
    for config in configs:
        with tempfile.TemporaryDirectory() as copied:
            shutil.copytree(folder, copied, dirs_exist_ok=True)
            shutil.copy(config, pathlib.Path(copied) / "config.json")
            again = load(pathlib.Path(copied))(ids[None]).logits[0]
        assert torch.equal(again, logits), f"transformers reads {config} as another model"


def make(name, architecture, tokenizer):
    print(name)
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    ids = torch.tensor(tokenizer.encode(PROMPT).ids)
    model, seen = first_seed(lambda seed: make_model(architecture, ids, seed))
    save_model(model, architecture, folder)
    folders = [folder]
    if name == "gpt2":
        prefixed = OUT / "gpt2-prefixed"
        shutil.rmtree(prefixed, ignore_errors=True)
        save_model(model, architecture, prefixed)
        save_gpt2_as_on_the_hub(model, folder)
        folders.append(prefixed)
    if name == "gpt-neox":
        add_neox_buffers(model, folder)
    if name == "gemma3":
        multimodal = OUT / "gemma3-multimodal"
        shutil.rmtree(multimodal, ignore_errors=True)
        save_gemma3_multimodal(model, json.loads((folder / "config.json").read_text()), multimodal)
        tokenizer.save(str(multimodal / "tokenizer.json"))
        folders.append(multimodal)
    tokenizer.save(str(folder / "tokenizer.json"))
    for written in folders:
        check_reading(written, ids, seen["logits"])
    save(seen, folder / "expected.safetensors")

    T, double = len(ids), model.double().requires_grad_(False)
    frozen = frozen_run(double, ids)
    clean = frozen()
    difference = (clean["capped_logits"] - seen["logits"]).abs().max().item()
    print(f"  float64 and frozen - float32: {difference:.1e}")
    assert difference < 1e-3
    for kind, args in TRANSCODERS.items():
        tc, graph, said, seed = first_seed(lambda seed: truth(frozen, clean, T, args, seed))
        print(f" {kind}, seed {seed}\n{said}", end="")
        save_transcoder(tc, folder / kind, f"tiny-{name}")
        save(graph, folder / f"attribution-{kind}.safetensors")


def main():
    logging.disable_progress_bar()
    logging.set_verbosity_error()  # that the multimodal folder holds hardly any of a vision model is meant so
    torch.set_num_threads(1)  # so that sums have one order everywhere, and busy machines are no slower
    tokenizer = make_tokenizer()
    for name in sys.argv[1:] or ARCHITECTURES:
        make(name, ARCHITECTURES[name], tokenizer)


if __name__ == "__main__":
    main()
