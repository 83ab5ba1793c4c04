# Breaks the interpreter while it is imported, by a code object that makes no sense.
# exercise: softmax
# worth: 0
# proof: was left out, as it ended the process it ran in: Segmentation fault


def nothing():
    pass


exec(nothing.__code__.replace(co_code=b"d\xffS\x00" * 4, co_consts=()), {})
