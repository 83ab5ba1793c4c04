"""The walls around a worker hold, honest code does not notice them, and what is missing is said.

Confinement cannot be undone, so each fact is tried in a process of its own: a host that prepares, and its worker.
"""

from __future__ import annotations

import errno
import os
import signal
import struct
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from grader.sandbox.confinement import confine, landlock, seccomp

ROOT = str(Path(__file__).parents[3])

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the walls are Linux's")

HOST = """
import os, sys
sys.path.insert(0, {root!r})
from grader.sandbox.confinement import confine, landlock, process_limits, seccomp
del sys.path[0]
{setup}
confinement = confine.prepare(confine.readable_paths(sys.path, [{root!r}]))
{host}
sys.stdout.flush()
worker = os.fork()
if worker == 0:
    status = 1
    try:
        confinement.apply(confine.Limits({limits}), keep={keep})
        exec({body!r}, {{"__name__": "body"}})
        status = 0
    except BaseException as error:
        code = getattr(error, "errno", None)
        print(type(error).__name__, __import__("errno").errorcode.get(code, ""), error)
    sys.stdout.flush()
    os._exit(status)
status = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
os._exit(status if status >= 0 else 100 - status)
"""


def work(
    body: str, *, setup: str = "", host: str = "", limits: str = "", keep: str = "{1, 2}", **popen: object
) -> subprocess.CompletedProcess[str]:
    """Runs `body` in a confined worker. A worker killed by signal n ends with status 100 + n."""
    names = {"root": ROOT, "setup": textwrap.dedent(setup), "host": textwrap.dedent(host)}
    script = HOST.format(**names, limits=limits, keep=keep, body=textwrap.dedent(body))
    # The first optimizer imports torch's compiler, which makes this folder: one that is there already need not be made.
    environment = {"TORCHINDUCTOR_CACHE_DIR": "/", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    settings = {"env": environment, "capture_output": True, "text": True, "timeout": 120} | popen
    return subprocess.run([sys.executable, "-I", "-B", "-W", "ignore", "-c", script], **settings)  # type: ignore[call-overload]


def layers_here() -> dict[str, confine.Layer]:
    return {layer.name: layer for layer in confine.prepare(confine.readable_paths(sys.path)).probe()}


@linux
def children():
    return {pid for pid in os.listdir("/proc") if pid.isdigit() and parent(pid) == os.getpid()}


def parent(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except OSError:
        return -1


def test_every_wall_stands_and_the_probe_leaves_nothing_behind():
    before = {folder: set(os.listdir(folder)) for folder in ("/tmp", "/dev/shm") if os.path.isdir(folder)}
    descriptors = set(os.listdir("/proc/self/fd"))
    before_children = children()
    confinement = confine.prepare(confine.readable_paths(sys.path))
    layers = confinement.probe()
    os.close(confinement.ruleset)
    assert {layer.name: layer.detail for layer in layers} == dict.fromkeys(confine.STOPS, "")
    assert all(layer.active and layer.stops for layer in layers)
    assert set(os.listdir("/proc/self/fd")) == descriptors
    assert not any("grader-probe" in name for folder in before for name in os.listdir(folder))
    assert children() == before_children


RAW = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.%s == -1:
    raise OSError(ctypes.get_errno(), "")
"""

REFUSED = {
    "read_the_grader": f"open({__file__!r})",
    "read_pytest": f"open({pytest.__file__!r})",
    "list_the_checkout": f"import os; os.listdir({ROOT!r})",
    "list_root": "import os; os.listdir('/')",
    "list_home": "import os; os.listdir(os.path.expanduser('~'))",
    "read_passwd": "open('/etc/passwd')",
    "read_environment": "open('/proc/self/environ')",
    "read_memory": "open('/proc/self/mem', 'rb')",
    "read_the_hosts_command": "import os; open(f'/proc/{os.getppid()}/cmdline')",
    "list_the_hosts_descriptors": "import os; os.listdir(f'/proc/{os.getppid()}/fd')",
    "follow_the_hosts_folder": "import os; os.readlink(f'/proc/{os.getppid()}/cwd')",
    "create_in_tmp": "open('/tmp/confined', 'w')",
    "create_in_shm": "open('/dev/shm/confined', 'w')",
    "create_unnamed": "import os; os.open('/tmp', os.O_TMPFILE | os.O_RDWR)",
    "write_a_library": "import json; open(json.__file__, 'r+')",
    "empty_a_library": "import json, os; os.open(json.__file__, os.O_RDONLY | os.O_TRUNC)",
    "write_memfd": "import os; os.memfd_create('x')",
    "chmod": "import json, os; os.chmod(json.__file__, 0o600)",
    "utime": "import json, os; os.utime(json.__file__)",
    "rename": "import os; os.rename('/tmp', '/tmp2')",
    "unlink": "import json, os; os.unlink(json.__file__)",
    "symlink": "import os; os.symlink('/etc', '/tmp/confined')",
    "hard_link": "import json, os; os.link(json.__file__, '/tmp/confined')",
    "mkdir": "import os; os.mkdir('/tmp/confined')",
    "chdir": "import os; os.chdir('/')",
    "fork": "import os; os.fork()",
    "vfork": RAW % "vfork()",
    "clone_a_process": RAW % "syscall({}, 17, 0, 0, 0, 0)".format(seccomp.JUDGED["clone"][0]),
    "run_a_program": "import os; os.execv('/bin/true', ['true'])",
    "subprocess": "import subprocess; subprocess.run(['true'])",
    "posix_spawn": "import os; os.posix_spawn('/bin/true', ['true'], {})",
    "tcp": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "udp": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "unix_socket": "import socket; socket.socketpair()",
    "signal_the_host": "import os; os.kill(os.getppid(), 0)",
    "signal_the_group": "import os; os.killpg(0, 0)",
    "signal_anothers_thread": RAW % "syscall({}, os.getppid(), os.getppid(), 0)".format(seccomp.JUDGED["tgkill"][0]),
    "pidfd": "import os; os.pidfd_open(os.getppid())",
    "ptrace": RAW % "ptrace(16, os.getppid(), 0, 0)",
    "read_the_hosts_clock": "import os, time; time.clock_gettime(~os.getppid() << 3 | 2)",
    "wait_for_the_hosts_clock": RAW
    % "syscall({}, ~os.getppid() << 3 | 2, 0, (ctypes.c_long * 2)(), 0)".format(seccomp.JUDGED["clock_nanosleep"][0]),
    "page_out_a_library": "import json, mmap; f = open(json.__file__); mmap.mmap(f.fileno(), 0, prot=1).madvise(21)",
    "survive_the_host": RAW % "prctl(1, 0, 0, 0, 0)",
    "become_debuggable": RAW % "prctl(4, 1, 0, 0, 0)",
    "new_session": "import os; os.setsid()",
    "become_another_user": "import os; os.setuid(12345)",
    "nice": "import os; os.nice(-1)",
    "affinity": "import os; os.sched_setaffinity(0, {0})",
    "send_signals_by_pipe": "import fcntl, os; fcntl.fcntl(1, fcntl.F_SETOWN, os.getppid())",
    "unblock_the_pipe": "import os; os.set_blocking(1, False)",
    "type_into_the_terminal": "import fcntl; fcntl.ioctl(1, 0x5412, b'x')",
    "raise_a_limit": "import resource as r; r.setrlimit(r.RLIMIT_CORE, (0, 0))",
    "limit_the_host": "import os, resource as r; r.prlimit(os.getppid(), r.RLIMIT_CPU)",
    "namespace": RAW % "unshare(0x10000000)",
    "mount": RAW % "mount(b'none', b'/tmp', b'tmpfs', 0, 0)",
    "io_uring": RAW % "syscall(425, 8, (ctypes.c_char * 200)())",
    "user_fault": RAW % "syscall({}, 1)".format({"aarch64": 282}.get(os.uname().machine, 323)),
} if hasattr(os, "uname") else {}  # fmt: skip


@linux
@pytest.mark.parametrize("act", REFUSED)
def test_refuses_to(act):
    done = work(REFUSED[act])
    assert done.returncode == 1, f"it went through: {done.stdout}{done.stderr}"
    name, code = done.stdout.split()[:2]
    assert code in {"EPERM", "EACCES"} or (name, act) == ("ValueError", "raise_a_limit"), done.stdout
    assert not os.path.exists("/tmp/confined")


@linux
def test_clone3_is_unknown_so_that_threads_fall_back_to_clone():
    assert "ENOSYS" in work(RAW % "syscall(435, 0, 88)").stdout


@linux
@pytest.mark.skipif("os.uname().machine != 'x86_64'")
def test_x32_twins_of_allowed_calls_are_refused():
    assert "EPERM" in work(RAW % "syscall(0x40000000 + 39)").stdout  # getpid


@linux
@pytest.mark.parametrize("abi", [1, 2, 3, 4, 5, 6])
def test_an_older_kernel_confines_as_well(abi):
    older = f"landlock._abi = lambda: {abi}"
    host = "assert all(layer.active for layer in confinement.probe())"
    for act in "read_passwd", "empty_a_library", "create_in_tmp", "rename", "signal_the_host":
        done = work(REFUSED[act], setup=older, host=host)
        assert done.returncode == 1, act + done.stderr
        assert done.stdout.startswith("PermissionError"), act + done.stdout


STANDARD = """
import asyncio, concurrent.futures, contextlib, csv, datetime, decimal, hashlib, importlib.metadata, io, json, logging
import multiprocessing, os, pathlib, platform, random, secrets, select, signal, socket, statistics, subprocess, sys
import tempfile, threading, time, timeit, traceback, tracemalloc, unittest, urllib.request, uuid, zipfile, zlib
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    assert sum(pool.map(lambda n: n * n, range(10))) == 285
threading.Timer(0.001, int).start()
assert not threading.Event().wait(0.01)
time.sleep(0.01), time.process_time(), time.thread_time(), time.strftime("%c"), datetime.datetime.now().astimezone()
random.SystemRandom().random(), os.urandom(4), secrets.token_hex(), uuid.uuid4(), hashlib.sha256(b"").hexdigest()
os.getcwd(), os.cpu_count(), os.uname(), os.path.exists("/nowhere"), os.path.realpath("."), os.times(), os.getuid()
os.sched_getaffinity(0), platform.platform(), importlib.metadata.version("numpy")
with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
    print("unseen")
signal.signal(signal.SIGUSR1, lambda *_: None), signal.raise_signal(signal.SIGUSR1)
signal.signal(signal.SIGALRM, lambda *_: None), signal.setitimer(signal.ITIMER_REAL, 0.001), time.sleep(0.01)
receive, send = os.pipe()
os.write(send, b"1"), select.select([receive], [], [], 1), os.read(receive, 1), os.isatty(receive), os.close(receive)
for make in tempfile.TemporaryFile, tempfile.NamedTemporaryFile, tempfile.mkdtemp:
    try:
        make()
    except OSError:
        pass
    else:
        raise AssertionError(make)
try:
    import matplotlib_is_not_installed
except ImportError:
    traceback.format_exc()
logging.warning("to stderr"), print("honest", file=sys.stderr), asyncio.Queue, timeit.timeit("1", number=3)
bytearray(300 << 20)
print("done")
"""

NUMPY = """
import numpy as np, numpy.polynomial, numpy.testing, numpy.ma, numpy.lib.recfunctions, numpy.ctypeslib
a = np.random.default_rng().normal(size=(400, 400))
np.linalg.svd(a), np.linalg.solve(a, a), np.linalg.eigh(a @ a.T), np.fft.fft2(a), np.einsum("ij,jk->ik", a, a)
np.random.seed(0), np.sort(a), np.array2string(a[:3]), np.ones((3000, 3000)) * 2, np.polyfit(range(9), range(9), 2)
np.testing.assert_allclose(1, 1)
try:
    import scipy.special
except ImportError:
    pass
else:
    import scipy.fft, scipy.linalg, scipy.ndimage, scipy.optimize, scipy.signal, scipy.sparse.linalg, scipy.stats
    scipy.special.softmax([1.0, 2.0]), scipy.linalg.expm(np.eye(30)), scipy.fft.fft(np.ones(64), workers=2)
    scipy.optimize.minimize(lambda x: (x**2).sum(), np.ones(4))
print("done")
"""

TORCH_WARM_UP = """
import torch
torch.set_num_threads(1)
weight = torch.ones(2, 2, requires_grad=True)
(weight @ weight).sum().backward()
"""

TORCH = """
import concurrent.futures, io, threading
import torch, torch.distributions, torch.fx, torch.func, torch.testing, torch.utils.checkpoint
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.LazyLinear(10))
images, labels = torch.randn(4, 3, 16, 16), torch.tensor([1, 2, 3, 4])
F.cross_entropy(net(images), labels).backward()
for optimizer in torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop:
    step = optimizer(net.parameters(), lr=0.01)
    step.zero_grad(), F.cross_entropy(net(images), labels).backward(), step.step()
output, _ = nn.LSTM(8, 16, 2, batch_first=True, bidirectional=True)(torch.randn(2, 5, 8))
output.sum().backward()
nn.GRUCell(8, 8)(torch.randn(2, 8)), nn.MultiheadAttention(16, 4)(*[torch.randn(3, 2, 16)] * 3)
F.scaled_dot_product_attention(*[torch.randn(1, 2, 8, 16)] * 3), torch.cuda.is_available()
nn.TransformerEncoderLayer(16, 4)(torch.randn(3, 2, 16))
torch.linalg.svd(torch.randn(50, 50)), torch.fft.fft(torch.randn(64)), torch.seed(), repr(torch.randn(9, 9))
torch.multinomial(torch.ones(5), 2), torch.ones(4, 4).bfloat16() @ torch.ones(4, 4).bfloat16()
torch.autograd.gradcheck(lambda a: (a**2).sum(), torch.randn(3, dtype=torch.double, requires_grad=True))
torch.func.vmap(torch.sin)(torch.randn(3)), torch.func.jacrev(torch.sin)(torch.randn(3))
torch.distributions.Normal(0.0, 1.0).sample(), torch.fx.symbolic_trace(nn.Linear(2, 2))
list(DataLoader(TensorDataset(torch.randn(20, 3)), batch_size=4, shuffle=True, num_workers=0))
file = io.BytesIO()
torch.save({"a": torch.ones(3)}, file), file.seek(0), torch.load(file)
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    list(pool.map(lambda _: torch.randn(200, 200) @ torch.randn(200, 200), range(8)))
w = torch.randn(50, 50, requires_grad=True)
threads = [threading.Thread(target=lambda: (w * 2).sum().backward()) for _ in range(3)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
torch.set_num_threads(2), torch.randn(1000, 1000) @ torch.randn(1000, 1000)
print("done")
"""


@linux
@pytest.mark.parametrize(
    ("body", "warm_up"), [(STANDARD, ""), (NUMPY, ""), (NUMPY, "import numpy"), (TORCH, TORCH_WARM_UP)],
    ids=["standard_library", "numpy_imported_late", "numpy", "torch"],
)  # fmt: skip
def test_honest_code_does_not_notice(body, warm_up):
    done = work(body, setup=warm_up)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stdout + done.stderr


@linux
@pytest.mark.parametrize(
    "bomb", ["bytearray(400 << 20)", "[0] * (50 << 20)", "import mmap; mmap.mmap(-1, 600 << 20)"],
    ids=["bytes", "list", "shared_map"],
)  # fmt: skip
def test_memory_beyond_the_budget_is_not_to_be_had(bomb):
    done = work(bomb, limits="memory=300")
    assert done.stdout.startswith(("MemoryError", "OSError ENOMEM")), done.stdout
    assert work("bytearray(200 << 20)", limits="memory=300").returncode == 0


@linux
def test_cpu_time_ends_even_for_those_who_ignore_signals():
    assert work("while True: pass", limits="cpu=1").returncode == 100 + signal.SIGXCPU
    stubborn = "import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    assert work(stubborn, limits="cpu=1").returncode == 100 + signal.SIGKILL


@linux
def test_a_file_left_open_on_purpose_still_cannot_be_written(tmp_path):
    with open(tmp_path / "kept", "w") as kept:
        setup = f"os.set_inheritable({kept.fileno()}, True)"
        body = f"import os; os.write({kept.fileno()}, b'x')"
        done = work(body, setup=setup, keep=f"{{1, 2, {kept.fileno()}}}", pass_fds=[kept.fileno()])
    assert "EFBIG" in done.stdout
    assert (tmp_path / "kept").read_bytes() == b""


@linux
def test_only_the_kept_descriptors_remain_and_stdin_is_empty():
    setup = "kept, closed = os.pipe(); os.dup2(kept, 500)"
    body = """
        import os
        alive = []
        for descriptor in range(1024):
            try:
                os.fstat(descriptor)
            except OSError:
                continue
            alive.append(descriptor)
        print(alive, os.read(0, 1))
        [os.dup(1) for _ in range(100)]
    """
    done = work(body, setup=setup, keep="{1, 2, 500}", input="a secret")
    assert done.stdout.splitlines()[0] == "[0, 1, 2, 500] b''"
    assert "EMFILE" in done.stdout


@linux
@pytest.mark.parametrize("stack", [0, 32768])
def test_a_worker_cannot_start_threads_without_end(stack):
    body = f"""
        import threading
        threading.stack_size({stack})
        started = 0
        try:
            while started < 3000:
                threading.Thread(target=threading.Event().wait, daemon=True).start()
                started += 1
        except RuntimeError:
            print("stopped", started)
    """
    done = work(body)
    assert done.stdout.startswith("stopped"), done.stdout
    assert int(done.stdout.split()[1]) < 1400


@linux
def test_the_worker_dies_with_the_host():
    receive, send = os.pipe()
    host = f"print(os.getpid(), flush=True); os.set_inheritable({send}, True)"
    body = "import time; print('ready', flush=True); time.sleep(600)"
    names = {"root": ROOT, "setup": "", "host": host, "limits": "", "keep": f"{{1, 2, {send}}}", "body": body}
    command = [sys.executable, "-I", "-B", "-c", HOST.format(**names)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, pass_fds=[send]) as process:
        os.close(send)
        assert process.stdout is not None
        process.stdout.readline()
        assert process.stdout.readline() == "ready\n"
        process.kill()
        started = time.monotonic()
        assert os.read(receive, 1) == b""  # the last to hold the pipe is gone
        assert time.monotonic() - started < 300  # long before it ends by itself
    os.close(receive)


@linux
def test_a_worker_whose_host_died_before_it_asked_does_not_run():
    done = work("print('ran')", host="confinement.host = 1 if os.getpid() != 1 else 2")
    assert (done.returncode, done.stdout) == (1, "")


@linux
def test_an_ordinary_user_is_confined_as_well():
    if os.getuid() != 0:
        pytest.skip("this test run is one")
    script = textwrap.dedent(f"""
        import sys; sys.path.insert(0, {ROOT!r})
        from grader.sandbox.confinement import confine
        print([layer.detail for layer in confine.prepare(confine.readable_paths(sys.path[1:])).probe()])
    """)
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            command = [python, "-I", "-B", "-c", script]
            done = subprocess.run(command, user=65534, group=65534, extra_groups=[], capture_output=True, text=True)
        except PermissionError:
            continue  # this Python lives in root's private home
        if "SyntaxError" in done.stderr or "ImportError" in done.stderr or "PermissionError" in done.stderr:
            continue
        assert done.stdout == f"{[''] * len(confine.STOPS)}\n", done.stderr
        return
    pytest.skip("no Python here that an ordinary user may run")


# --- what may be read --------------------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path):
    """A site-packages folder inside a checkout that is itself secret, with everything that lands in one."""
    folder = tmp_path / "checkout" / ".venv" / "lib" / "site-packages"
    for name in ("numpy", "grader", "pytest", "_pytest", "grader-1.0.dist-info", "dl_grader-0.1.dist-info", "course"):
        (folder / name).mkdir(parents=True)
    for name in ("six.py", "grader.pth", "__editable__.dl_grader-0.1.0.pth", "__editable___dl_grader_finder.py"):
        (folder / name).touch()
    (tmp_path / "checkout" / "solutions").mkdir()
    (folder / "leads_in").symlink_to(tmp_path / "checkout" / "solutions")
    (folder / "course" / "solutions").mkdir()
    return folder


def below(folder: Path, paths: tuple[str, ...]) -> set[str]:
    return {str(Path(path).relative_to(folder)) for path in paths if Path(path).is_relative_to(folder)}


@linux
def test_of_site_packages_all_is_readable_but_the_judges_and_the_secrets(site, tmp_path):
    readable = confine.readable_paths(
        [str(site)], ["course_tool", str(tmp_path / "checkout"), str(site / "course" / "solutions")]
    )
    assert below(site, readable.contents) == {"numpy", "six.py"}
    assert str(site) in readable.names
    assert not below(tmp_path / "checkout" / "solutions", readable.contents)


@linux
def test_a_checkout_on_the_import_path_is_not_readable(tmp_path):
    for name in ("with_solutions/solutions", "with_grader/grader", "plain/package", "secret/deep"):
        (tmp_path / name).mkdir(parents=True)
    paths = [str(tmp_path / name) for name in ("with_solutions", "with_grader", "plain", "secret", "secret/deep", "no")]
    readable = confine.readable_paths([*paths, "", "/", "/tmp", os.path.expanduser("~")], [str(tmp_path / "secret")])
    assert below(tmp_path, readable.contents) == {"plain/package"}
    assert not {"/", "/tmp", os.path.expanduser("~")} & {*readable.contents, *readable.names}


@linux
def test_nothing_private_is_among_the_readable_paths():
    readable = confine.readable_paths(sys.path, [ROOT])
    for private in ("/proc/self", "/etc/passwd", "/tmp/x", ROOT, os.path.expanduser("~/.ssh"), "/dev/shm/x"):
        assert not [path for path in readable.contents if landlock._within(private, path)], private


# --- the filter, on both machines --------------------------------------------------------------------------------


def decide(filter: seccomp.Filter, architecture: int, number: int, *arguments: int) -> int:
    """Runs the BPF program as the kernel does."""
    data = struct.pack("<iIQ6Q", number, architecture, 0, *(arguments + (0,) * 6)[:6])
    program = list(struct.iter_unpack("<HBBI", filter.instructions.raw))
    at = accumulator = 0
    while True:
        operation, yes, no, operand = program[at]
        at += 1
        match operation:
            case seccomp.LOAD:
                (accumulator,) = struct.unpack_from("<I", data, operand)
            case seccomp.AND:
                accumulator &= operand
            case seccomp.RETURN:
                return operand
            case seccomp.EQUAL:
                at += yes if accumulator == operand else no
            case seccomp.AT_LEAST:
                at += yes if accumulator >= operand else no
            case seccomp.ANY_BIT:
                at += yes if accumulator & operand else no
            case _:
                raise AssertionError(operation)


REFUSE = seccomp.REFUSE | errno.EPERM
PID = 4242


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_the_filter_on(machine):
    column, architecture = seccomp.MACHINES[machine]
    filter = seccomp.assemble(machine)
    assert len(filter.pid_at) == 2
    for at in filter.pid_at:
        struct.pack_into("<I", filter.instructions, at * 8 + 4, PID)

    def answer(name: str, *arguments: int) -> int:
        table = seccomp.ALLOWED | seccomp.JUDGED | seccomp.FORBIDDEN
        return decide(filter, architecture, table[name][column], *arguments)

    allowed = {numbers[column] for numbers in seccomp.ALLOWED.values()}
    judged = {numbers[column] for numbers in seccomp.JUDGED.values()}
    for number in range(1024):
        if number not in judged:
            assert decide(filter, architecture, number) == (seccomp.ALLOW if number in allowed else REFUSE), number
    assert decide(filter, architecture ^ 1, seccomp.ALLOWED["read"][column]) == seccomp.KILL

    high = 1 << 32
    assert answer("clone", 0x3D0F00) == answer("clone", 0x7D0F00) == seccomp.ALLOW
    for flags in (0, 17, 0x3C0F00, 0x3D0F00 | 0x10000000, 0x3D0F00 | 17, 0x3D0F00 | high, 0x4100):
        assert answer("clone", flags) == REFUSE, hex(flags)
    assert answer("clone3") == seccomp.REFUSE | errno.ENOSYS
    assert answer("tgkill", PID, 7, 9) == seccomp.ALLOW
    assert answer("tgkill", PID + 1, 7, 9) == answer("tgkill", 0xFFFFFFFF) == REFUSE
    assert answer("prlimit64", 0, 3, 0) == answer("prlimit64", PID, 3, 0) == seccomp.ALLOW
    assert answer("prlimit64", 1, 3, 0) == answer("prlimit64", 0, 3, 1) == answer("prlimit64", 0, 3, high) == REFUSE
    assert answer("mmap", 0, 4096, 3, 0x22) == answer("mmap", 0, 8 << 20, 0, 0x20022) == seccomp.ALLOW
    assert answer("mmap", 0, 8 * high, 0, 0x20022) == seccomp.ALLOW
    assert answer("mmap", 0, 36864, 0, 0x20022) == REFUSE
    assert answer("ioctl", 0, 0x5401) == seccomp.ALLOW
    assert answer("ioctl", 0, 0x5412) == answer("ioctl", 0, 0x8901) == REFUSE
    assert answer("fcntl", 0, 1030) == seccomp.ALLOW
    assert answer("fcntl", 0, 4) == answer("fcntl", 0, 8) == answer("fcntl", 0, 10) == REFUSE
    assert answer("prctl", 15) == seccomp.ALLOW
    assert {answer("prctl", option) for option in (1, 4, 22, 36, 38, 59)} == {REFUSE}
    for clock in ("clock_gettime", "clock_getres", "clock_nanosleep"):
        assert answer(clock, 0) == answer(clock, 3) == answer(clock, 11) == seccomp.ALLOW
        assert answer(clock, ~PID << 3 & 0xFFFFFFFFFFFFFFFF | 2) == answer(clock, 0xFFFFFFFE) == REFUSE
    assert answer("madvise", 0, 0, 4) == answer("madvise", 0, 0, 14) == seccomp.ALLOW
    assert answer("madvise", 0, 0, 20) == answer("madvise", 0, 0, 21) == answer("madvise", 0, 0, 0xFFFFFFFF) == REFUSE
    assert answer("openat", 0, 0, 0o2000000) == answer("openat", 0, 0, 0o1101) == seccomp.ALLOW
    assert answer("openat", 0, 0, 0o1000) == answer("openat", 0, 0, 0o1003) == REFUSE


# --- what is missing is said -------------------------------------------------------------------------------------


def failing(code: int, text: str = ""):
    def fail(*_: object) -> int:
        raise OSError(code, text or os.strerror(code))

    return fail


@linux
@pytest.mark.parametrize(
    ("code", "cure"), [(errno.ENOSYS, "5.13"), (errno.EOPNOTSUPP, "lsm="), (errno.EPERM, "seccomp profile")]
)
def test_without_landlock_the_layer_names_the_cure_and_the_others_stand(monkeypatch, code, cure):
    landlock._abi.cache_clear()
    monkeypatch.setattr(landlock, "syscall", failing(code))
    layers = layers_here()
    landlock._abi.cache_clear()
    assert not layers["files"].active
    assert cure in layers["files"].detail
    assert [name for name, layer in layers.items() if not layer.active] == ["files"]


@linux
def test_without_seccomp_the_layer_names_the_cure_and_the_others_stand(monkeypatch):
    monkeypatch.setattr(seccomp, "syscall", failing(errno.EINVAL))
    layers = layers_here()
    assert [name for name, layer in layers.items() if not layer.active] == ["system calls"]
    assert "CONFIG_SECCOMP_FILTER" in layers["system calls"].detail


@linux
def test_on_an_unknown_machine_the_layer_says_so(monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    layers = layers_here()
    assert [name for name, layer in layers.items() if not layer.active] == ["system calls"]
    assert "riscv64" in layers["system calls"].detail


@linux
def test_what_cannot_be_built_is_left_out_and_the_rest_still_holds():
    setup = "def fail(*_): raise OSError(38, '')\nlandlock.syscall = fail"
    done = work("import os; open('/etc/passwd').close(); os.fork()", setup=setup, host="confinement.probe()")
    assert done.stdout.startswith("PermissionError EPERM"), done.stdout + done.stderr  # the fork, not the open


@linux
def test_a_wall_that_lets_something_through_is_not_called_active():
    setup = "process_limits._lower = lambda *_: None"  # limits that limit nothing
    host = "print({layer.name: layer.detail for layer in confinement.probe() if not layer.active})"
    said = eval(work("", setup=setup, host=host).stdout)
    assert said.keys() == {"memory", "limits"}
    assert "taking too much memory" in said["memory"]
    assert "writing to a file" in said["limits"]


@linux
def test_the_host_outlives_a_trial_process_that_is_killed(monkeypatch):
    monkeypatch.setattr(seccomp, "install", lambda _: os.abort())
    layers = layers_here()
    assert [name for name, layer in layers.items() if not layer.active] == ["system calls"]
    assert "exit status -6" in layers["system calls"].detail


@linux
def test_a_wall_that_stood_in_the_probe_must_stand_in_the_worker():
    host = "confinement.probe()\ndef fail(*_): raise OSError(12, 'out of luck')\nseccomp.install = fail"
    done = work("print('ran')", host=host)
    assert done.returncode == 1
    assert "out of luck" in done.stdout
    assert "ran" not in done.stdout


@linux
def test_workers_are_born_behind_the_walls_that_their_host_is_behind():
    host = """
        confinement.probe()
        confinement.apply_inherited()
        if not os.fork():
            print([act for act, attempt in process_limits.try_privileges() if not confine._refused(attempt)])
            sys.stdout.flush()
            os._exit(0)
        os.wait()
        def fail(): raise OSError(12, 'built twice')
        process_limits.drop_privileges = fail
    """
    done = work("print('ran')", host=host)
    assert done.stdout == "[]\nran\n", done.stdout + done.stderr


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_elsewhere_every_layer_is_listed_as_missing(monkeypatch, system):
    monkeypatch.setattr(sys, "platform", system)
    confinement = confine.prepare(confine.Readable((), ()))
    layers = confinement.probe()
    confinement.apply()  # does nothing
    assert [layer.name for layer in layers] == list(confine.STOPS)
    assert not any(layer.active for layer in layers)
    assert all("Linux" in layer.detail for layer in layers)


def test_the_modules_import_on_windows():
    script = textwrap.dedent(f"""
        import signal, sys
        for name in ("resource", "fcntl", "pwd", "grp", "termios", "ctypes"):
            sys.modules[name] = None
        del signal.SIGKILL
        sys.platform = "win32"
        sys.path.insert(0, {ROOT!r})
        from grader.sandbox.confinement import confine
        print(len(confine.prepare(confine.readable_paths(sys.path[1:])).probe()))
    """)
    done = subprocess.run([sys.executable, "-I", "-B", "-c", script], capture_output=True, text=True)
    assert done.stdout == f"{len(confine.STOPS)}\n", done.stderr
