"""Transcoders fitted to make_llama_fixture.py's model, saved in circuit-tracer's layouts, and what they yield."""
import math
from dataclasses import dataclass, replace

import torch
from safetensors.torch import save_file

L, D, F = 3, 16, 12
SITES = {"hook_resid_mid": "resid_mid", "mlp.hook_in": "hook_in"}


@dataclass
class Transcoder:
    """hook: input site; W_enc [L,F,d]; b_enc, theta [L,F] (theta None: ReLU); W_dec[s] [F,layers,d]; b_dec [L,d];
    skip [L,d in,d out] or None; k: of TopK, or None."""
    hook: str
    W_enc: torch.Tensor
    b_enc: torch.Tensor
    theta: torch.Tensor | None
    W_dec: list
    b_dec: torch.Tensor
    skip: torch.Tensor | None = None
    k: int | None = None

    def pre(self, l, u):
        return u @ self.W_enc[l].T + self.b_enc[l]

    def own_bias(self, l, u):
        """What a row's target has of itself, [T,F]: z minus what it reads."""
        return self.b_enc[l].expand(len(u), -1)

    def activate(self, l, z):
        if self.k is not None:
            return torch.zeros_like(z).scatter(-1, z.topk(self.k).indices, 1) * z
        return z * (z > (0 if self.theta is None else self.theta[l]))

    def written(self, l, acts):
        """What features of layers <= l write to layer l's MLP output, without b_dec."""
        return sum(acts[s] @ self.W_dec[s][:, l - s] for s in range(l + 1) if l - s < self.W_dec[s].shape[1])

    def skipped(self, l, u):
        return 0 if self.skip is None else u @ self.skip[l]

    def decode(self, acts, u):
        return torch.stack([self.written(l, acts) + self.skipped(l, u[l]) + self.b_dec[l]
                            for l in range(len(self.b_dec))])

    def margin(self, z):
        """How far the nearest z is from being active instead of not, or not instead of active."""
        if self.k is None:
            return (z - (0 if self.theta is None else self.theta[:, None])).abs().min()
        top = z.topk(self.k + 1).values
        return torch.minimum((top[..., -2] - top[..., -1]).min(), top[..., :-1].abs().min())


class Neurons(Transcoder):
    """The MLP's own hidden units; kept where they write more than a threshold between two sizes that occur."""

    def __init__(self, w, seen):
        self.hook, self.theta, self.skip, self.k = "mlp.hook_in", None, None, None
        self.gate, self.up, down = ([w[f"layers.{l}.mlp.{k}_proj.weight"] for l in range(L)]
                                    for k in ("gate", "up", "down"))
        self.W_dec = [m.T[:, None] for m in down]
        self.b_dec = torch.zeros(L, D).double()
        self.norms = torch.stack([m.norm(dim=0) for m in down])
        z = torch.cat([torch.stack([self.pre(l, read_site(self, s)[l]) for l in range(L)])[:, 1:] for s in seen], 1)
        sizes = (z.abs() * self.norms[:, None]).flatten().sort().values
        near = sizes[int(0.65 * len(sizes)):int(0.7 * len(sizes))]
        gap = near.diff().argmax()
        self.threshold = ((near[gap] + near[gap + 1]) / 2).float().double()

    def pre(self, l, u):
        return torch.nn.functional.silu(u @ self.gate[l].T) * (u @ self.up[l].T)

    def own_bias(self, l, u):
        h, read = torch.func.jvp(lambda x: self.pre(l, x), (u,), (u,))
        return h - read

    def activate(self, l, z):
        return z * (z.abs() * self.norms[l] > self.threshold)

    def margin(self, z):
        return (z.abs() * self.norms[:, None] - self.threshold).abs().min()


def save(tensors, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({k: v.detach().to(torch.float32).contiguous() for k, v in tensors.items()}, path)


def descend(W_enc, u, m, steps=400):
    """Encoders after Adam on a ReLU transcoder of each layer, thresholds at every feature's 0.65 quantile."""
    params = [W_enc.clone().requires_grad_(), torch.randn(L, F, D).double().requires_grad_(),
              m.mean(1, keepdim=True).clone().requires_grad_()]
    optimiser = torch.optim.Adam(params, lr=0.02)
    for _ in range(steps):
        z = u @ params[0].mT
        acts = torch.relu(z - z.detach().quantile(0.65, dim=1, keepdim=True))
        loss = (acts @ params[1] + params[2] - m).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return params[0].detach()


def fit(seen, cross_layer, hook, jump, skip=False, k=None):
    """A transcoder with about a third of its features active and least-squares decoders, so that explained
    variance says something: reversed slots, a wrong threshold or a wrong input site lower it."""
    u, m = (seen[k][:, :, 1:].reshape(L, -1, D).double() for k in (SITES[hook], "mlp_out"))
    W_enc = descend(torch.randn(L, F, D).double() / math.sqrt(D), u, m)
    z = u @ W_enc.mT
    theta = z.std(1) * (0.5 + torch.rand(L, F).double()) * (1.0 if jump else 0.0)
    # A third active. Few prompts make few distinct z: the middle of the widest gap near the quantile is no z of theirs.
    near = z.sort(1).values[:, int(0.6 * z.shape[1]):int(0.7 * z.shape[1])]
    gap = near.diff(dim=1).argmax(1, keepdim=True)
    b_enc = theta - (near.gather(1, gap) + near.gather(1, gap + 1))[:, 0] / 2
    tc = Transcoder(hook, W_enc.float().double(), b_enc.float().double(), theta.float().double() if jump else None,
                    [torch.zeros(F, L - s if cross_layer else 1, D).double() for s in range(L)],
                    torch.zeros(L, D).double(), torch.zeros(L, D, D).double() if skip else None, k)
    acts = [tc.activate(l, tc.pre(l, u[l])) for l in range(L)]
    for l in range(L):
        sources = range(l + 1) if cross_layer else [l]
        X = torch.cat([acts[s] for s in sources] + ([u[l]] if skip else []) + [torch.ones(len(u[l]), 1)], 1)
        solution = torch.linalg.lstsq(X, m[l]).solution.float().double()
        for i, s in enumerate(sources):
            tc.W_dec[s][:, l - s] = solution[i * F:(i + 1) * F]
        if skip:
            tc.skip[l] = solution[-1 - D:-1]
        tc.b_dec[l] = solution[-1]
    return tc


def save_transcoder(tc, folder, model="tiny-llama"):
    """The cross-layer skip is stored [in,out], an extension of ours; the per-layer one [out,in], as circuit-tracer does."""
    cross = tc.W_dec[0].shape[1] > 1
    for i in range(len(tc.b_dec)):
        if cross:
            jump = {} if tc.theta is None else {f"threshold_{i}": tc.theta[i]}
            skip = {} if tc.skip is None else {f"W_skip_{i}": tc.skip[i]}
            save({f"W_enc_{i}": tc.W_enc[i], f"b_enc_{i}": tc.b_enc[i], f"b_dec_{i}": tc.b_dec[i]} | jump | skip,
                 folder / f"W_enc_{i}.safetensors")
            save({f"W_dec_{i}": tc.W_dec[i]}, folder / f"W_dec_{i}.safetensors")
        else:
            jump = {} if tc.theta is None else {"activation_function.threshold": tc.theta[i]}
            skip = {} if tc.skip is None else {"W_skip": tc.skip[i].T}
            save({"W_enc": tc.W_enc[i], "b_enc": tc.b_enc[i], "b_dec": tc.b_dec[i], "W_dec": tc.W_dec[i][:, 0]} | jump
                 | skip, folder / f"layer_{i}.safetensors")
    kind = "cross_layer_transcoder" if cross else "transcoder_set"
    (folder / "config.yaml").write_text(
        f'model_name: "circuitstream/{model}"\nmodel_kind: "{kind}"\nfeature_input_hook: "{tc.hook}"\n'
        f'feature_output_hook: "hook_mlp_out"\nscan: "circuitstream/{model}-{folder.name}"\n'
        + ("" if tc.k is None else f"activation: topk\nk: {tc.k}\n"))


def mistakes(tc):
    """Transcoders as loaders with well-known faults would read them."""
    if isinstance(tc, Neurons):
        return {}
    other, = SITES.keys() - {tc.hook}
    wrong = {"wrong site": replace(tc, hook=other), "no b_dec": replace(tc, b_dec=0 * tc.b_dec),
             "no b_enc": replace(tc, b_enc=0 * tc.b_enc)}
    if tc.theta is not None:
        wrong["no threshold"] = replace(tc, theta=None)
    if tc.skip is not None:
        wrong["no skip"] = replace(tc, skip=None)
        wrong["transposed skip"] = replace(tc, skip=tc.skip.mT)
    if tc.W_dec[0].shape[1] > 1:
        wrong["reversed slots"] = replace(tc, W_dec=[w.flip(1) for w in tc.W_dec])
    return wrong


def read_site(tc, seen):
    return seen[SITES[tc.hook]].double()


def transcoder_truth(tc, seen):
    u = read_site(tc, seen)
    m = seen["mlp_out"].double()
    z = torch.stack([tc.pre(l, u[l]) for l in range(L)])
    acts = torch.stack([tc.activate(l, z[l]) for l in range(L)])
    acts[:, 0] = 0
    m_hat = tc.decode(acts, u)
    error = m - m_hat
    error[:, 0] = 0
    live = m[:, 1:]
    ev = 1 - error.square().sum((1, 2)) / (live - live.mean(1, keepdim=True)).square().sum((1, 2))
    margin = tc.margin(z[:, 1:])
    assert margin > 1e-3, f"a pre-activation within {margin} of its threshold would make float32 tests flaky"
    assert tc.k is None or (acts < 0).any(), "TopK must show that it has no ReLU"
    for name, wrong in mistakes(tc).items():
        v = read_site(wrong, seen)
        a = torch.stack([wrong.activate(l, wrong.pre(l, v[l])) for l in range(L)])
        worse = 1 - (m - wrong.decode(a, v))[:, 1:].square().sum() / (live - live.mean(1, keepdim=True)).square().sum()
        whole = 1 - error.square().sum() / (live - live.mean(1, keepdim=True)).square().sum()
        print(f"    {name}: EV {worse:.3f} instead of {whole:.3f}")
        assert worse < whole - 0.05, f"{name} would pass unnoticed"
    return {"pre_activations": z, "activations": acts, "reconstruction": m_hat, "error": error,
            "explained_variance": ev}
