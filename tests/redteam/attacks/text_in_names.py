# Names classes, exceptions and functions with markup and escape sequences.
# exercise: softmax
# worth: 0
# proof: softmax raised <script>alert(1)</script>

kinds = [
    "<script>alert(1)</script>",
    "\x1b[31mred",
    "\u202egnp.exe",
    "a\nb\rc",
    "x" * 100_000,
    "</pre><img src=x onerror=alert(1)>",
]


def attack(x):
    kinds.append(kinds.pop(0))
    kind = type(kinds[-1], (Exception,), {})
    raise kind(kinds[-1])


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)


globals()["<script>"] = attack
attack.__name__ = attack.__qualname__ = "\x1b[31m<script>"
