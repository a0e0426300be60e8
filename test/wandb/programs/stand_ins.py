"""As much of torch, plotly, bokeh and soundfile as the client asks of them; the packages themselves would take minutes to install."""

import sys
import types

import numpy


class Handle:
    def __init__(self, hooks, hook):
        self.hooks, self.hook = hooks, hook
        hooks.append(hook)

    def remove(self):
        self.hooks.remove(self.hook)


class Tensor:
    requires_grad, is_cuda, is_sparse, grad_fn = True, False, False, None

    def __init__(self, values):
        self.values = numpy.asarray(values, dtype=numpy.float32)
        self.hooks = []

    def _same(self):
        return self

    cpu = detach = clone = _same
    data = property(_same)
    shape = property(lambda self: self.values.shape)
    __invert__ = lambda self: Tensor(~self.values.astype(bool))
    __getitem__ = lambda self, mask: Tensor(self.values[mask.values.astype(bool)])
    size = lambda self: self.values.shape
    numel = lambda self: self.values.size
    item = lambda self: self.values.item()
    tolist = lambda self: self.values.tolist()
    reshape = lambda self, length: Tensor(self.values.reshape(length))
    all = lambda self: Tensor(self.values.all())
    min = lambda self: Tensor(self.values.min())
    max = lambda self: Tensor(self.values.max())
    histc = lambda self, bins, min, max: Tensor(numpy.histogram(self.values, bins=bins, range=(min, max))[0])
    __bool__ = lambda self: bool(self.values)

    def register_hook(self, hook):
        return Handle(self.hooks, hook)


class Module:
    def __init__(self, weight=None, **children):
        self.parameters_by_name = {} if weight is None else {"weight": Tensor(weight)}
        self.children, self.hooks = children, []

    def named_children(self):
        return list(self.children.items())

    def named_parameters(self):
        own = list(self.parameters_by_name.items())
        return own + [(f"{name}.{inner}", found) for name, child in self.named_children() for inner, found in child.named_parameters()]

    def parameters(self):
        return [found for _, found in self.named_parameters()]

    def register_forward_hook(self, hook):
        return Handle(self.hooks, hook)

    def __call__(self, given):
        for child in self.children.values():
            given = child(given)
        for hook in self.hooks:
            hook(self, given, given)
        return given

    def backward(self):
        for found in self.parameters():
            for hook in found.hooks:
                hook(found)


class Figure:
    def to_plotly_json(self):
        return {"data": [{"x": numpy.array([1, 2]), "type": "bar"}], "layout": {}}


class Document:
    def __init__(self):
        self.roots = []

    def add_root(self, root):
        self.roots.append(root)

    def to_json(self):
        return {"title": "a plot", "roots": {"references": [{"id": root.id} for root in self.roots]}}

    @classmethod
    def from_json(cls, json):
        read = cls()
        read.roots = [Model(root["id"]) for root in json["roots"]["references"]]
        return read


class Model:
    def __init__(self, id):
        self.id = id


def module(name, **members):
    made = sys.modules[name] = types.ModuleType(name)
    made.__dict__.update(members)
    return made


def install():
    Figure.__module__ = "plotly.graph_objs"
    module(
        "torch",
        Tensor=Tensor,
        FloatTensor=Tensor,
        DoubleTensor=Tensor,
        Size=tuple,
        isfinite=lambda tensor: Tensor(numpy.isfinite(tensor.values)),
        linspace=lambda low, high, steps: Tensor(numpy.linspace(low, high, steps)),
        autograd=types.SimpleNamespace(Variable=Tensor),
        nn=types.SimpleNamespace(Module=Module),
    )
    document, model = module("bokeh.document", Document=Document), module("bokeh.model", Model=Model)
    module("bokeh", document=document, model=model)
    # Lists of sounds need it to be there, and nothing of it.
    module("soundfile")
