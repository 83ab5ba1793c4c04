"""The walls around a worker: file rules, system calls, limits of the process, and what may be imported."""
