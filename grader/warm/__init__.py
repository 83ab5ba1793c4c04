"""The second `grade` is warm: the first leaves a prepared process behind, and the next is answered by it.

Theory of operation. A `grade FILE` that somebody types at a terminal forks before it ends; what is left has the
libraries, the suites and the worker hosts in its memory, and listens on a socket in a folder that only the user can
enter. The next `grade` (grader.warm.client, which imports next to nothing) sends it its arguments, environment, working
folder and standard streams. The server (grader.warm.server) forks for each client, and the forked process
(grader.warm.session) becomes that client and runs the very same command: so what is printed is the same. Each
submission still meets a fresh worker behind all walls, as in any other run, and nothing of it is left in the server.

A client gives up on a server that does not answer at once, and starts cold without a message. A server ends once what
it holds in memory is not what a cold start would read (grader.warm.freshness).
"""
