# Answers with strings, keys and objects whose types are markup and escape sequences.
# exercise: softmax
# worth: 0
# proof: got the text '<script>alert(1)</script>'

kinds = ["<script>alert(1)</script>", "\x1b[31mred\x07", "\u202egnp.exe", "</svg><script>alert(1)</script>", "\ud800"]
objects = [type(kind.replace("\ud800", ""), (), {})() for kind in kinds]
answers = [*kinds, *objects, {kind: 1.0 for kind in kinds}, [objects], {"\ud800": "\udfff"}, b"\x1b[31m<script>"]


def attack(x):
    answers.append(answers.pop(0))
    return answers[-1]


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
