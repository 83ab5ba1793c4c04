"""A grader for deep-learning coding exercises."""

__version__ = "0.1.0"


def load_ipython_extension(shell: object) -> None:
    """Gives a notebook the magic `%grade`: Jupyter calls this for `%load_ext grader`."""
    from grader.integrations.jupyter import register

    register(shell)
