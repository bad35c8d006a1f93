"""Makes src/test/resources/formats: GemmaScope's and GemmaScope 2's transcoder files, and what circuit-tracer makes of them.

Python makes the fixtures and is never needed to build, test or run. The transcoders are fitted to ../resources/architectures/
gemma2 and stored as Google stores its own; every expected number comes from circuit-tracer's own loaders and classes. It needs
the environment of check_against_circuit_tracer.py. From this folder:
pip install circuit-tracer==0.5.0 && python make_format_fixtures.py
"""
import pathlib
import shutil
import tempfile

import numpy as np
import torch
import yaml
from circuit_tracer.transcoder.cross_layer_transcoder import load_gemma_scope_2_clt
from circuit_tracer.transcoder.single_layer_transcoder import load_transcoder_set
from circuit_tracer.utils.hf_utils import parse_hf_uri
from safetensors.torch import load_file, save_file

import llama_transcoders
from architecture_models import load
from make_architecture_fixtures import OUT as ARCHITECTURES, run

OUT = ARCHITECTURES.parent / "formats"
MODEL = ARCHITECTURES / "gemma2"
L, D = llama_transcoders.L, llama_transcoders.D
llama_transcoders.F = F = D  # square, so that no shape gives a transposed matrix away
SITES = llama_transcoders.SITES
SITES["ln2.hook_normalized"] = "normalized"
WORDS = [5, 9, 3, 17, 22, 31, 12]
# name: cross-layer, input site, skip, and each layer's file as config.yaml names it
FORMATS = {
    "gemma-scope": (False, "ln2.hook_normalized", False,
                    "hf://google/gemma-scope-2b-pt-transcoders/layer_{}/width_16/average_l0_5/params.npz"),
    "gemma-scope-2": (False, "mlp.hook_in", True,
                      "hf://google/gemma-scope-2-270m-pt/transcoder_all/layer_{}_width_16_l0_small_affine/"
                      "params.safetensors?revision=main"),
    "gemma-scope-2-clt": (True, "mlp.hook_in", True,
                          "hf://google/gemma-scope-2-270m-pt/clt/width_16_l0_small_affine/params_layer_{}.safetensors")}


def matrices(tc, layer):
    """In the names and orientations of Google's files, float32."""
    names = ("W_enc", "W_dec") if tc.skip is None else ("w_enc", "w_dec")
    W_dec = tc.W_dec[layer][:, 0]
    if tc.W_dec[0].shape[1] > 1:  # a slot of every layer; those that a feature cannot write to hold what must not be read
        W_dec = torch.cat([torch.randn(F, layer, D).double(), tc.W_dec[layer]], 1)
    skip = {} if tc.skip is None else {"affine_skip_connection": tc.skip[layer]}
    return {k: v.float().contiguous() for k, v in {
        names[0]: tc.W_enc[layer].T, names[1]: W_dec, "b_enc": tc.b_enc[layer], "b_dec": tc.b_dec[layer],
        "threshold": tc.theta[layer], **skip}.items()}


def save_layer(tensors, layer, path):
    """GemmaScope: layer 0 stored float32, 1 deflated, 2 stored float16 and float64. GemmaScope 2: layer 1 half bfloat16."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".npz":
        arrays = {k: v.numpy() for k, v in tensors.items()}
        if layer == 2:
            arrays = {k: v.astype(np.float16 if k.startswith("W") else np.float64) for k, v in arrays.items()}
        (np.savez_compressed if layer == 1 else np.savez)(path, **arrays)
    else:
        save_file({k: v.bfloat16() if layer == 1 and k.startswith("w") else v for k, v in tensors.items()}, path)


def read(name, layers=None):
    """As circuit-tracer reads the folder once the hub's files are there; layers: other files."""
    config = yaml.safe_load((OUT / name / "config.yaml").read_text())
    paths = layers or {i: str(OUT / name / parse_hf_uri(uri).file_path) for i, uri in enumerate(config["transcoders"])}
    options = {"feature_input_hook": config["feature_input_hook"], "feature_output_hook": config["feature_output_hook"],
               "scan": config["scan"], "dtype": torch.float32, "device": torch.device("cpu")}
    if config["model_kind"] == "transcoder_set":
        special = "gemma-scope-2" if "gemma-scope-2" in name else "gemma-scope"
        return load_transcoder_set(paths, special_load_fn=special, lazy_encoder=False, lazy_decoder=False, **options)
    # 0.5.0 reads range(max(paths)), that is all layers but the last, and then fails: one key more makes it read them all.
    return load_gemma_scope_2_clt(paths | {len(paths): ""}, lazy_encoder=False, lazy_decoder=False, **options)


@torch.no_grad()
def truth(transcoder, u, m):
    """What the tests compare with, [L,..]; explained variance over the unmasked positions."""
    found = transcoder.compute_attribution_components(u, zero_positions=slice(0, 1))
    m_hat = found["reconstruction"]
    live, error = m[:, 1:].double(), (m - m_hat)[:, 1:].double()
    ev = 1 - error.square().sum((1, 2)) / (live - live.mean(1, keepdim=True)).square().sum((1, 2))
    return {"activations": found["activation_matrix"].to_dense(), "reconstruction": m_hat, "explained_variance": ev}


def margin(transcoder, u):
    z = torch.stack([transcoder.encode_layer(u[l], l, apply_activation_function=False) for l in range(L)])
    clt = not hasattr(transcoder, "transcoders")
    theta = (transcoder.activation_function.threshold if clt else
             torch.stack([t.activation_function.threshold for t in transcoder.transcoders])[:, None])
    return (z - theta)[:, 1:].abs().min().item()


def faulty(tensors):
    """A layer's tensors as loaders with well-known faults would read them."""
    enc, = (k for k in tensors if k.lower() == "w_enc")
    wrong = {"transposed encoder": {enc: tensors[enc].T.contiguous()},
             "no threshold": {"threshold": torch.zeros_like(tensors["threshold"])},
             "no b_enc": {"b_enc": torch.zeros_like(tensors["b_enc"])},
             "no b_dec": {"b_dec": torch.zeros_like(tensors["b_dec"])}}
    if "affine_skip_connection" in tensors:
        skip = tensors["affine_skip_connection"]
        wrong |= {"no skip": {"affine_skip_connection": torch.zeros_like(skip)},
                  "transposed skip": {"affine_skip_connection": skip.T.contiguous()}}
        if tensors["w_dec"].ndim == 3:
            wrong["decoder slots from 0"] = {"w_dec": "from 0"}
    else:
        dec, = (k for k in tensors if k.lower() == "w_dec")
        wrong["transposed decoder"] = {dec: tensors[dec].T.contiguous()}
    return wrong


def check_faults(name, layers, seen, site, right, scratch):
    u, m = seen[SITES[site]], seen["mlp_out"]
    for fault in faulty(layers[0]):
        paths = {}
        for i, tensors in enumerate(layers):
            changed = faulty(tensors)[fault]
            if changed == {"w_dec": "from 0"}:  # slot j taken for layer i+j
                w = tensors["w_dec"]
                changed = {"w_dec": torch.cat([torch.zeros(F, i, D), w[:, :L - i]], 1)}
            path = scratch / f"{fault}-{i}{'.npz' if name == 'gemma-scope' else '.safetensors'}"
            save_layer(tensors | changed, 0, path)
            paths[i] = str(path)
        wrong = truth(read(name, paths), u, m)
        worse, well = wrong["explained_variance"].mean().item(), right["explained_variance"].mean().item()
        moved = (wrong["activations"] - right["activations"]).abs().max().item()
        print(f"    {fault}: EV {worse:.3f} instead of {well:.3f}, activations off by {moved:.2f}")
        assert worse < well - 0.05, f"{fault} would pass unnoticed"


@torch.no_grad()
def training(model):
    """Every site of 300 random prompts over the fixture prompt's own words, [L,300,T,d]."""
    seen = [run(model, torch.tensor([1] + [WORDS[i] for i in torch.randint(len(WORDS), (7,))])) for _ in range(300)]
    return {k: torch.stack([s[k] for s in seen], 1) for k in ("normalized", "hook_in", "mlp_out")}


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    shutil.rmtree(OUT, ignore_errors=True)
    seen = load_file(MODEL / "expected.safetensors")
    many, expected, scratch = training(load(MODEL)), {}, pathlib.Path(tempfile.mkdtemp())
    for name, (cross, site, skip, pattern) in FORMATS.items():
        tc = llama_transcoders.fit(many, cross, site, True, skip)
        layers = [matrices(tc, i) for i in range(L)]
        for i, tensors in enumerate(layers):
            save_layer(tensors, i, OUT / name / parse_hf_uri(pattern.format(i)).file_path)
        (OUT / name / "config.yaml").write_text(
            f'model_name: "circuitstream/tiny-gemma2"\n'
            f'model_kind: "{"cross_layer_transcoder" if cross else "transcoder_set"}"\n'
            f'feature_input_hook: "{site}"\nfeature_output_hook: "hook_mlp_out"\nscan: "circuitstream/{name}"\n'
            "transcoders:\n" + "".join(f'- "{pattern.format(i)}"\n' for i in range(L)))
        transcoder = read(name)
        u = seen[SITES[site]]
        assert margin(transcoder, u) > 1e-3, f"{name}: a pre-activation within {margin(transcoder, u)} of its threshold"
        right = truth(transcoder, u, seen["mlp_out"])
        print(name, "EV", [round(x, 3) for x in right["explained_variance"].tolist()], "active",
              (right["activations"][:, 1:] != 0).double().mean().item())
        check_faults(name, layers, seen, site, right, scratch)
        expected |= {f"{name}.{k}": v for k, v in right.items()}
    llama_transcoders.save(expected, OUT / "expected.safetensors")


if __name__ == "__main__":
    main()
