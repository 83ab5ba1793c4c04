# Gives the parser and the compiler much to do: constants to fold and names nested in functions.
# exercise: softmax
# worth: 0 at most

a = lambda: 2**20**2
b = [((((1 << 4000) << 4000) * 3) % 7) ** 9 for _ in range(1000)]
done = []
for text in (
    "(lambda: " * 40 + "0" + ")" * 40,
    "-" * 900 + "1",
    "(" * 150 + ")" * 150,
    "+".join(["1"] * 3000),
    "lambda: " * 90 + "0",
):
    try:
        compile(text, "a text", "eval")
        done.append("compiled")
    except (SyntaxError, RecursionError, MemoryError) as error:
        done.append(type(error).__name__)
if len(b) == 1000 and len(done) == 5:
    print("REACHED", done)
