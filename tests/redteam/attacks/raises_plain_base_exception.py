# Raises BaseException itself, which has no class of its own to tell, while loading and when called.
# exercise: softmax
# worth: 0
# says: plain, while loading

def attack(*others, **settings):
    raise BaseException("plain")


softmax = softmax_jacobian = softmax_backward = attack
try:
    raise BaseException("plain, while loading")
except BaseException:
    print("REACHED", flush=True)
    raise
