# Gives the parser and the compiler much to do: constants to fold and names nested in functions.
# exercise: softmax
# worth: 0 at most

a = lambda: 2**20**2
b = [((((1 << 4000) << 4000) * 3) % 7) ** 9 for _ in range(1000)]
for name in ("softmax", "softmax_jacobian", "softmax_backward"):
    exec("lambda: " * 90 + "0")
    eval("-" * 900 + "1")
    compile("x = " + "+".join(["1"] * 3000), "s", "exec")
    compile("(" * 150 + ")" * 150, "s", "exec")
