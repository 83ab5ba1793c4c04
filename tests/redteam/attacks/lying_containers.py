# Answers with subclasses of list, tuple and dict that lie about length, items and equality.
# exercise: softmax
# worth: 0
# proof: got a tuple of 1, expected an array


class Liar:
    def __len__(self):
        return 10**9

    def __iter__(self):
        while True:
            yield self

    def __getitem__(self, key):
        return self

    def __eq__(self, other):
        return True

    def __hash__(self):
        raise SystemExit(0)

    def keys(self):
        return self

    def items(self):
        while True:
            yield "k", self


kinds = [
    type("LyingList", (Liar, list), {}),
    type("LyingTuple", (Liar, tuple), {}),
    type("LyingDict", (Liar, dict), {}),
]
answers = [kinds[0]([1.0]), kinds[1]([1.0]), kinds[2](k=1.0), kinds[0](), {"k": kinds[0]([kinds[1]()])}]


def attack(x):
    answers.append(answers.pop(0))
    return answers[-1]


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
