"""The rows' work in PyTorch, one thread: reads one request a line from stdin, writes one answer a line to stdout.

{"prepare": ROW} -> {"ready": true or false}     {"run": CALLS} -> {"microseconds": TIME}
"""
import json
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(1)
torch.manual_seed(0)


def perceptron(sizes, normalise=False):
    layers = []
    for i in range(len(sizes) - 1):
        layers.append(nn.Linear(sizes[i], sizes[i + 1]))
        if i + 2 == len(sizes):
            break
        if normalise:
            layers.append(nn.BatchNorm1d(sizes[i + 1]))
        layers.append(nn.ReLU())
    return nn.Sequential(*layers)


def convolutional():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 10),
    )


def adam(parameters):
    return torch.optim.Adam(parameters, lr=0.001)


def momentum(parameters):
    return torch.optim.SGD(parameters, lr=0.01, momentum=0.9)


def training(model, shape, classes, optimizer_of):
    optimizer = optimizer_of(model.parameters())
    x, y = torch.randn(shape), torch.randint(0, classes, (shape[0],))

    def body():
        optimizer.zero_grad(set_to_none=True)
        functional.cross_entropy(model(x), y).backward()
        optimizer.step()

    return body


CHAIN = 100


def chain():
    four = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)

    def body():
        x = four
        for _ in range(CHAIN):
            x = x.tanh()
        x.sum().backward()
        four.grad = None

    return body


def product(n):
    a, b, out = torch.randn(n, n), torch.randn(n, n), torch.empty(n, n)
    return lambda: torch.mm(a, b, out=out)


def hessian_vector_product():
    model = perceptron(PLANAR)
    parameters = list(model.parameters())
    x, y = torch.randn(256, 2), torch.randint(0, 2, (256,))
    slopes = torch.autograd.grad(functional.cross_entropy(model(x), y), parameters, create_graph=True)
    vectors = [torch.randn_like(p) for p in parameters]
    return lambda: torch.autograd.grad(slopes, parameters, grad_outputs=vectors, retain_graph=True)


def surface():
    model = perceptron(DIGITS)
    parameters = list(model.parameters())
    start = [p.detach().clone() for p in parameters]
    along = [torch.randn_like(p) * 0.05 for p in start]
    across = [torch.randn_like(p) * 0.05 for p in start]
    x, y = torch.randn(64, 784), torch.randint(0, 10, (64,))
    point = 0

    def body():
        nonlocal point
        a, b = (point % 64 - 32) / 32, (point // 64 - 32) / 32
        point = (point + 1) % 4096
        with torch.no_grad():
            for p, w, d1, d2 in zip(parameters, start, along, across):
                torch.add(w, d1, alpha=a, out=p.data)
                p.data.add_(d2, alpha=b)
            functional.cross_entropy(model(x), y).item()

    return body


PLANAR = [2, 64, 64, 2]
DIGITS = [784, 256, 128, 10]


def digits_step(batch):
    return lambda: training(perceptron(DIGITS), (batch, 784), 10, momentum)


WORKS = {
    "a": lambda: training(perceptron(PLANAR), (32, 2), 2, adam),
    "b": digits_step(64),
    "c": digits_step(1),
    "d": digits_step(1024),
    "e": lambda: training(perceptron(DIGITS, True), (64, 784), 10, momentum),
    "f": lambda: training(convolutional(), (32, 1, 28, 28), 10, momentum),
    "operation": chain,
    "hvp": hessian_vector_product,
    "surface": surface,
}


def work_of(row):
    if row.startswith("gemm-"):
        return product(int(row[5:]))
    if row.startswith("growth-"):
        return digits_step(int(row[7:]))()
    return WORKS[row]() if row in WORKS else None


print(json.dumps({"torch": torch.__version__}), flush=True)
body = None
for line in sys.stdin:
    request = json.loads(line)
    if "prepare" in request:
        body = None
        body = work_of(request["prepare"])
        print(json.dumps({"ready": body is not None}), flush=True)
    else:
        start = time.perf_counter()
        for _ in range(request["run"]):
            body()
        print(json.dumps({"microseconds": (time.perf_counter() - start) * 1e6}), flush=True)
