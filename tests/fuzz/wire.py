"""A long run of the wire's fuzzer: mutated frames must decode or be refused with WireError, within bounded memory.

    python tests/fuzz/wire.py [FRAMES]

The short run is tests/sandbox/protocol/test_codec.py, by Hypothesis. This one is plain random mutation, a million
frames by default.
"""

import random
import resource
import sys
import time

import numpy as np
import torch

from grader.sandbox.protocol.codec import WireError, decode, encode

SAMPLES = [
    encode([1, "returned", np.arange(6.0).reshape(2, 3), []]),
    encode([2, "returned", (torch.ones(2, 3), {"scale": np.float32(1.5)}, [None, True, "text"]), ["torch.lstm"]]),
    encode([3, "raised", ["ValueError", "Exception"], "message", 7, []]),
    encode([4, "loaded", [(3, "NameError: x")], {"softmax": 5}, []]),
    encode({"rng": np.random.default_rng(0), "deep": [[[[[(1, (2, (3,)))]]]]], "empty": np.zeros((0, 3))}),
]


def mutated(rng: random.Random) -> bytes:
    """A sample with bytes changed, cut out, doubled or put in."""
    body = bytearray(rng.choice(SAMPLES))
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(body)) if body else 0
        match rng.randrange(5):
            case 0 if body:
                body[at] = rng.randrange(256)
            case 1:
                del body[at : at + rng.randint(1, 8)]
            case 2:
                body[at:at] = body[at : at + rng.randint(1, 16)]
            case 3:
                body[at:at] = rng.randbytes(rng.randint(1, 8))
            case _ if body:
                body[at] = rng.choice((0, 1, 0x7F, 0x80, 0xC1, 0xC9, 0xDD, 0xDF, 0xFF))
    return bytes(body)


def main() -> None:
    frames = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = random.randrange(2**32)
    rng = random.Random(seed)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, refused = time.perf_counter(), 0
    for number in range(frames):
        body = mutated(rng)
        try:
            decode(body)
        except WireError:
            refused += 1
        except BaseException as error:
            sys.exit(f"frame {number} of seed {seed} raised {error!r}: {body.hex()}")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    seconds = time.perf_counter() - start
    print(f"{frames} frames in {seconds:.0f} s: {refused} refused, the others decoded; memory grew by {grown:.0f} MiB")


if __name__ == "__main__":
    main()
