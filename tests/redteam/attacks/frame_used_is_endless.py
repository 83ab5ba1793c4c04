# Reports ten thousand forbidden calls, and one with a name of a megabyte.
# exercise: batchnorm
# worth: 0 at most
# check seconds: 10

from torch import nn

watch = nn.BatchNorm1d.__init__
cells = dict(zip(watch.__code__.co_freevars, watch.__closure__ or ()))
names = [cell for cell in cells.values() if cell.cell_contents == "torch.nn.BatchNorm1d"]
for cell in cells.values():
    if callable(cell.cell_contents):
        cell.cell_contents = lambda *args, **kwargs: None  # only the note is wanted, not the layer
for cell in names:
    for name in (*range(10_000), "x" * 1_000_000):
        cell.cell_contents = f"torch.nn.BatchNorm{name}"
        watch(None)
if names:
    print("REACHED")
