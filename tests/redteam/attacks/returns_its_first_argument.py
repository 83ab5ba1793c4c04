# Answers every call with its first argument.
# exercise: softmax
# worth: 0
# proof: row 3, column 2: got

def first(x, *others, **settings):
    return x


softmax = softmax_jacobian = softmax_backward = first
