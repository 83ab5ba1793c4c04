# Answers every call with its first argument.
# exercise: softmax
# worth: 0
# proof: row 0, column 3: got

def first(x, *others, **settings):
    return x


softmax = softmax_jacobian = softmax_backward = first
