"""The frozen replacement model of make_architecture_fixtures.py: transformers' own modules, in float64.

Only three things differ from transformers' pass: softmax results and norm denominators carry no gradient, and a layer's
contribution through its MLP may be replaced. The library computes softmax and RMSNorm in float32 whatever the model's
type; here both are float64.
"""
from contextlib import contextmanager
from functools import partial

import torch
from torch.func import functional_call

from architecture_models import parts

HOOKS = ("hook_resid_mid", "ln2.hook_normalized", "mlp.hook_in")


def is_norm(module):
    return isinstance(module, torch.nn.LayerNorm) or type(module).__name__.endswith("RMSNorm")


def normalise(norm, x):
    """What the norm yields before its gain and bias, the denominator held fixed."""
    if isinstance(norm, torch.nn.LayerNorm):
        x = x - x.mean(-1, keepdim=True)
    eps = norm.variance_epsilon if hasattr(norm, "variance_epsilon") else norm.eps
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + eps).detach()


def frozen_norm(norm, x):
    gain = norm.weight + 1 if type(norm).__name__.startswith("Gemma") else norm.weight
    y = normalise(norm, x) * gain
    return y + norm.bias if isinstance(norm, torch.nn.LayerNorm) else y


@contextmanager
def frozen(model):
    """The eager attention of every architecture calls torch.nn.functional.softmax, and nothing else does. QK norms and
    Gemma's score cap lie before it, so they need no care."""
    softmax, norms = torch.nn.functional.softmax, [m for m in model.modules() if is_norm(m)]
    torch.nn.functional.softmax = lambda x, dim, dtype=None: softmax(x, dim).detach()
    for norm in norms:
        norm.forward = partial(frozen_norm, norm)
    try:
        yield
    finally:
        torch.nn.functional.softmax = softmax
        for norm in norms:
            del norm.forward


def frozen_run(model, ids):
    """The run that graph_truth asks for. Everything that has no node (biases of attention and norms, learned positions)
    is multiplied by bias_scale; those of the MLP and of queries and keys have no gradient anyway."""
    at = parts(model)
    constants = {k: p for k, p in model.named_parameters() if k.endswith(".bias") or k.endswith("wpe.weight")}

    def run(mlp=None, token_scale=1.0, bias_scale=1.0):
        seen = {k: [] for k in HOOKS + ("mlp_out", "logits")}

        def read(norm, inputs, output):
            for k, x in zip(HOOKS, (inputs[0], normalise(norm, inputs[0]), output)):
                seen[k].append(x[0])

        def write(module, inputs, output):
            l = len(seen["mlp_out"])
            seen["mlp_out"].append(mlp(l, {k: seen[k][l] for k in HOOKS}) if mlp else output[0])
            return seen["mlp_out"][l][None]

        handles = [at.embedding.register_forward_hook(lambda m, i, o: o * token_scale),
                   at.head.register_forward_hook(lambda m, i, o: seen["logits"].append(o[0]))]
        for layer in at.layers:
            handles += [at.mlp_norm(layer).register_forward_hook(read), at.mlp_out(layer).register_forward_hook(write)]
        try:
            with frozen(model):
                out = functional_call(model, {k: p * bias_scale for k, p in constants.items()}, (ids[None],),
                                      {"use_cache": False})
        finally:
            for handle in handles:
                handle.remove()
        return seen | {"logits": seen["logits"][0], "capped_logits": out.logits[0]}
    return run
